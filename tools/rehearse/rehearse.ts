import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCommandLine } from "../../origin/command-line.ts";
import { rehearseRecovery } from "./recovery.ts";
import { Release } from "./release.ts";
import { rehearseRelease } from "./rollout.ts";
import { Scene } from "./scene.ts";

const USAGE = `Usage: npm run rehearse [-- --before REF]
Plays a release, its way back, and the loss of a region on this machine, under readers: MariaDB, simulated Banxico and
Redis, processes instead of instances, workers in workerd. Prints how long each step took, and exits with 1 if a read
failed or a correction of the bank did not reach the readers.
--before REF   the release before: a commit or a tag (HEAD, so that the working tree is what is released)`;

const { before } = readCommandLine(USAGE, { before: { type: "string", default: "HEAD" } }).values;

const dir = await mkdtemp(join(tmpdir(), "paridad-rehearsal-"));
console.log("| step | seconds | reads | of them failed |\n|---|---|---|---|");
const scene = await Scene.start(({ what, seconds, reads, failedReads }) =>
  console.log(`| ${what} | ${seconds.toFixed(1)} | ${reads} | ${failedReads} |`),
);
try {
  const old = await Release.build(`old (${before})`, join(dir, "before"), scene.around, before);
  const next = await Release.build("new", join(dir, "after"), scene.around);
  const server = await scene.startDatabase();
  const databaseUrl = await server.createDatabase();
  const fleet = await rehearseRelease(scene, old, next, databaseUrl);
  await rehearseRecovery(scene, next, { ...fleet, server, databaseUrl }, dir);
  await fleet.edge.stop();
  if (scene.steps.some(({ failedReads }) => failedReads > 0)) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await scene.stop();
  await rm(dir, { recursive: true, force: true });
}
