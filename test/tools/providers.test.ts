import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { ROOT } from "../../tools/dev/build.ts";
import { simulatedVars, simulatorArgs } from "../../tools/dev/providers.ts";
import { Stack } from "../../tools/dev/stack.ts";

const stackOf = (options: object) => new Stack({ port: 9000, databaseUrl: "file:x", stateDir: "/tmp/x", ...options });
const bindingsOf = (stack: Stack) => JSON.parse(stack.parts.edge.plan.env?.EDGE_VARS ?? "{}");

it("the worker is told where every provider is simulated, with a secret for each that names one", () => {
  const vars: Record<string, string> = simulatedVars("http://127.0.0.1:9002");
  for (const { id, secret } of PROVIDERS) {
    if (id === "banxico") continue;
    expect(vars[`${id.toUpperCase().replace("-", "_")}_URL`]).toBe(`http://127.0.0.1:9002/${id}`);
    if (secret) expect(vars[secret.name]?.length, secret.name).toBeGreaterThanOrEqual(8);
  }
});

it("worker and origin have the same providers; only Banxico unless told otherwise", () => {
  const stack = stackOf({ providers: ["banxico", "ecb"] });
  expect(bindingsOf(stack)).toMatchObject({ PROVIDERS: "banxico,ecb", ECB_URL: "http://127.0.0.1:9002/ecb" });
  expect(stack.parts.origin.plan.env).toMatchObject({ PROVIDERS: "banxico,ecb" });
  expect(bindingsOf(stackOf({}))).toMatchObject({ PROVIDERS: "banxico" });
});

it("with the real Banxico no provider is simulated", () => {
  const stack = stackOf({ banxicoToken: "t", providers: ["banxico", "bcch"], vars: { BCCH_CREDENTIALS: "me:word" } });
  expect(stack.parts.banxico).toBeUndefined();
  expect(bindingsOf(stack)).not.toHaveProperty("BCCH_URL");
  expect(bindingsOf(stack)).toMatchObject({ BCCH_CREDENTIALS: "me:word" });
});

it("the simulator is given every file", () => {
  const feeds = [
    { provider: "ecb", file: "a.zip" },
    { provider: "ecb", file: "b.xml" },
  ];
  const args = simulatorArgs({ csvFile: "fix.csv", feeds }).join(" ");
  expect(args).toBe("--tick-seconds 30 --data fix.csv --feed ecb=a.zip --feed ecb=b.xml");
});

it.each([
  ["ecb", "Date,XYZ\n", "--feed ecb=FILE: not as European Central Bank sends it (broken CSV)"],
  ["banxico", "date,value\n", "--data or --feed banxico: FILE holds no rate"],
])("a feed of %s that cannot be parsed ends it at once, naming the flag", (id, content, reason) => {
  const folder = mkdtempSync(join(tmpdir(), "paridad-feed-"));
  try {
    const file = join(folder, "feed.csv");
    writeFileSync(file, content);
    const { status, stderr } = spawnSync(process.execPath, [`${ROOT}tools/dev/dev.ts`, "--feed", `${id}=${file}`], {
      encoding: "utf8",
      env: { ...process.env, PARIDAD_DIR: join(folder, "state") },
    });
    expect([status, stderr.trim()]).toEqual([2, reason.replace("FILE", file)]);
    expect(readdirSync(folder)).toEqual(["feed.csv"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
