import { setTimeout as sleep } from "node:timers/promises";
import type { Aws } from "./aws.ts";

/** The project's own limit is half an hour, and it may wait for another run. */
const MAX_WAIT_SECONDS = 3_600;

/** Runs an image's migrations within a stack's VPC and waits for the end. Returns whether they succeeded. */
export async function runMigration(aws: Aws, stack: string, image: string, pollSeconds: number): Promise<boolean> {
  const { build } = (await aws(
    "codebuild",
    "start-build",
    ...["--project-name", `paridad-${stack}-migrate`],
    ...["--environment-variables-override", `name=IMAGE_DIGEST,value=${image},type=PLAINTEXT`],
  )) as { build: { id: string } };
  for (let waited = 0; waited <= MAX_WAIT_SECONDS; waited += Math.max(pollSeconds, 1)) {
    const { builds } = (await aws("codebuild", "batch-get-builds", "--ids", build.id)) as {
      builds: { buildStatus: string }[];
    };
    const status = builds[0]?.buildStatus ?? "UNKNOWN";
    if (status !== "IN_PROGRESS") {
      console.log(`${build.id}: ${status}; its log is in /paridad/paridad-${stack}/migrations`);
      return status === "SUCCEEDED";
    }
    await sleep(pollSeconds * 1_000);
  }
  console.error(`${build.id} is still running after ${MAX_WAIT_SECONDS / 60} minutes`);
  return false;
}
