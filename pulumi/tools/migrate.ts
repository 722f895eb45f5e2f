import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { awsCli } from "./aws.ts";
import { findFleet, runningImage } from "./fleet.ts";
import { runMain } from "./main.ts";

const usage = `Usage: npm run infra:migrate -- <${stackNames().join("|")}> [--image sha256:…]
Runs the migrations of an image within the VPC, keeps the service's database user in step with its secret, and waits for
the end. The image is the one that runs, unless --image names another.`;

const options = {
  image: { type: "string" },
  "poll-seconds": { type: "string", default: "10" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The project's own limit is half an hour, and it may wait for another run. */
const MAX_WAIT_SECONDS = 3_600;

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
  const aws = awsCli(stackConfig(stack)["aws:region"] ?? "");
  const fleet = values.image === undefined ? await findFleet(aws, stack) : undefined;
  const image = values.image ?? (fleet && (await runningImage(aws, fleet)));
  if (image === undefined) {
    console.error(`${stack} runs no image yet: name one with --image sha256:…`);
    return 2;
  }
  const { build } = (await aws(
    "codebuild",
    "start-build",
    ...["--project-name", `paridad-${stack}-migrate`],
    ...["--environment-variables-override", `name=IMAGE_DIGEST,value=${image},type=PLAINTEXT`],
  )) as { build: { id: string } };
  const pollSeconds = Number(values["poll-seconds"]);
  for (let waited = 0; waited <= MAX_WAIT_SECONDS; waited += Math.max(pollSeconds, 1)) {
    const { builds } = (await aws("codebuild", "batch-get-builds", "--ids", build.id)) as {
      builds: { buildStatus: string }[];
    };
    const status = builds[0]?.buildStatus ?? "UNKNOWN";
    if (status !== "IN_PROGRESS") {
      console.log(`${build.id}: ${status}; its log is in /paridad/paridad-${stack}/migrations`);
      return status === "SUCCEEDED" ? 0 : 1;
    }
    await sleep(pollSeconds * 1_000);
  }
  console.error(`${build.id} is still running after ${MAX_WAIT_SECONDS / 60} minutes`);
  return 1;
}

await runMain(main);
