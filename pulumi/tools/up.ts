import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { noImage } from "../image.ts";
import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { awsCli, run } from "./aws.ts";
import { findFleet, runningImage } from "./fleet.ts";
import { runMain } from "./main.ts";

const usage = `Usage: npm run infra:up -- <${stackNames().join("|")}> [--image sha256:…|none] [--preview] [--yes]
Runs \`pulumi up\` with the policies and an image: the one that runs now, unless --image names another.
--image none     the first deployment of all, before there is an image
--preview        shows the changes and makes none
--yes            asks nothing, for pipelines
Instances change with \`npm run infra:release\`, not with this.`;

const options = {
  image: { type: "string" },
  preview: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

async function main(argv: string[]): Promise<number> {
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options });
  const [stack] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (stack === undefined || positionals.length > 1 || !stackNames().includes(stack)) {
    console.error(usage);
    return 2;
  }
  const image = values.image ?? (await imageThatRuns(stack));
  if (image === undefined || !(image === noImage || /^sha256:[0-9a-f]{64}$/.test(image))) {
    console.error(`${stack} runs no image yet: name one with --image sha256:…, or --image none before there is one.`);
    return 2;
  }
  console.log(`${stack}: image ${image}`);
  const { code, stderr } = await run(
    "pulumi",
    [
      ...(values.preview ? ["preview", "--diff"] : ["up"]),
      ...["--stack", stack, "--policy-pack", "policies"],
      ...(values.yes ? ["--non-interactive", ...(values.preview ? [] : ["--yes"])] : []),
    ],
    { cwd: fileURLToPath(new URL("..", import.meta.url)), env: { PARIDAD_IMAGE_DIGEST: image }, terminal: true },
  );
  if (stderr) console.error(stderr);
  return code;
}

async function imageThatRuns(stack: string): Promise<string | undefined> {
  const aws = awsCli(stackConfig(stack)["aws:region"] ?? "");
  const fleet = await findFleet(aws, stack);
  return fleet && runningImage(aws, fleet);
}

await runMain(main);
