import { stackConfig, stackNames } from "../plan/stack-file.ts";
import { awsCli } from "./aws.ts";
import { findFleet, runningImage } from "./fleet.ts";
import { HELP, readStack, runMain } from "./main.ts";
import { runMigration } from "./migration.ts";

const usage = `Usage: npm run infra:migrate -- <${stackNames().join("|")}> [--image sha256:…]
Runs the migrations of an image within the VPC, keeps the service's database user in step with its secret, and waits for
the end. The image is the one that runs, unless --image names another.`;

const options = {
  image: { type: "string" },
  "poll-seconds": { type: "string", default: "10" },
  ...HELP,
} as const;

async function main(argv: string[]): Promise<number> {
  const given = readStack(argv, usage, options);
  if (given.stack === undefined) return given.code;
  const { stack, values } = given;
  const aws = awsCli(stackConfig(stack)["aws:region"] ?? "");
  const fleet = values.image === undefined ? await findFleet(aws, stack) : undefined;
  const image = values.image ?? (fleet && (await runningImage(aws, fleet)));
  if (image === undefined) {
    console.error(`${stack} runs no image yet: name one with --image sha256:…`);
    return 2;
  }
  return (await runMigration(aws, stack, image, Number(values["poll-seconds"]))) ? 0 : 1;
}

await runMain(main);
