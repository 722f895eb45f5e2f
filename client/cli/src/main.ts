import { run } from "./run.ts";

const controller = new AbortController();
process.once("SIGINT", () => controller.abort());
// The reader of a pipe may leave early: head, for example.
process.stdout.on("error", () => process.exit(0));

process.exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  nowMs: Date.now,
  signal: controller.signal,
});
