import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { ensureCommands } from "../../tools/servers/packages.ts";

const execute = promisify(execFile);
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const workflow = parse(readFileSync(new URL("../../.github/workflows/patch.yml", import.meta.url), "utf8"));
const { run: step } = workflow.jobs.patch.steps.find(({ name = "" }) => name.includes("client certificate"));
let scratch: string;
let script: string;

beforeAll(async () => {
  const { jq = "jq" } = await ensureCommands({ jq: "jq" });
  script = step.replaceAll("jq ", `'${jq}' `);
  scratch = await mkdtemp(join(tmpdir(), "paridad-certificate-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Runs the step with a `curl` that responds as Cloudflare does. */
async function isGood(...result: { name: string | null; expires_on: string }[]): Promise<boolean> {
  await writeFile(join(scratch, "curl"), `#!/bin/sh\ncat <<'JSON'\n${JSON.stringify({ result })}\nJSON\n`);
  await chmod(join(scratch, "curl"), 0o755);
  const env = {
    PATH: `${scratch}:${process.env.PATH}`,
    STACK: "prd",
    CLOUDFLARE_API_TOKEN: "t",
    CLOUDFLARE_ACCOUNT_ID: "a",
  };
  return execute("bash", ["--norc", "-e", "-o", "pipefail", "-c", script], { env }).then(
    () => true,
    () => false,
  );
}

it("of a stack is known to end a month before", async () => {
  const old = { name: "paridad-prd-202511", expires_on: inDays(10) };
  expect(await isGood(old)).toBe(false);
  expect(await isGood(old, { name: "paridad-prd-202612", expires_on: inDays(300) })).toBe(true);
  expect(await isGood(old, { name: "paridad-stg-202612", expires_on: inDays(300) })).toBe(false);
});

it("is not asked for while a stack has none", async () => {
  expect(await isGood({ name: null, expires_on: inDays(1) })).toBe(true);
});
