import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";
import { rules } from "../../pulumi/policies/rules.ts";
import { type Engine, startEngine } from "./engine.ts";
import { graphOf } from "./graphs.ts";

const folder = fileURLToPath(new URL("../../pulumi", import.meta.url));
const resolve = createRequire(import.meta.url).resolve;

/** Runs one of Pulumi's language hosts for Node as the CLI does, and returns how it ended. */
function runHost(
  host: string,
  args: string[],
  env: Record<string, string>,
  cwd = folder,
): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const child = spawn(process.execPath, [resolve(`@pulumi/pulumi/cmd/${host}`), ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return { child, ended: new Promise((done) => child.once("close", (code) => done({ code, output }))) };
}

describe("Pulumi's language host", () => {
  let engine: Engine | undefined;
  afterEach(() => engine?.stop());

  async function runProgram(stack: string, config: Record<string, string>) {
    engine = await startEngine(stack);
    const { main } = parse(readFileSync(`${folder}/Pulumi.yaml`, "utf8"));
    const args = ["--project", "paridad", "--stack", stack, "--monitor", engine.address, "--engine", engine.address];
    const { ended } = runHost("run", [...args, "--pwd", folder, main], {
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_NODEJS_TYPESCRIPT: "false",
    });
    return { ...(await ended), engine };
  }

  it("runs this TypeScript as it is, and registers what the plan says", async () => {
    const config = { ...stackConfig("prd"), "paridad:imageDigest": placeholderDigest };
    const { code, output, engine: seen } = await runProgram("prd", config);
    expect({ code, output, logs: seen.logs }).toMatchObject({ code: 0 });
    const planned = await graphOf("prd");
    const names = (list: { type: string; name: string }[]) => list.map(({ type, name }) => `${type} ${name}`).sort();
    expect(names(seen.resources)).toEqual(names(planned.resources));
    expect(seen.outputs).toEqual(planned.outputs);
  }, 60_000);

  it("stops at a configuration that is wrong, before it makes anything", async () => {
    const config = { ...stackConfig("prd"), "paridad:database": '{"maxAcu":1000}' };
    const { code, engine: seen } = await runProgram("prd", config);
    expect(code).not.toBe(0);
    expect(seen.logs.join("\n")).toContain("paridad:database.maxAcu");
    expect(seen.resources).toEqual([]);
  }, 60_000);

  it("serves the policy pack", async () => {
    const pack = `${folder}/policies`;
    const { child, ended } = runHost("run-policy-pack", ["127.0.0.1:1", pack], {}, pack);
    // The pack prints the port that it listens on once it has been read.
    const port = await Promise.race([
      new Promise<number>((done) => child.stdout?.once("data", (chunk) => done(Number(String(chunk).trim())))),
      ended.then(({ output }) => Promise.reject(new Error(output))),
    ]);
    try {
      expect(port).toBeGreaterThan(0);
      expect(await policiesServedAt(port)).toEqual(rules.map(({ name }) => name));
    } finally {
      child.kill();
      await ended;
    }
  }, 60_000);
});

function policiesServedAt(port: number): Promise<string[]> {
  const load = createRequire(resolve("@pulumi/pulumi/package.json"));
  const grpc = load("@grpc/grpc-js");
  const { AnalyzerClient } = load("@pulumi/pulumi/proto/analyzer_grpc_pb");
  const { Empty } = load("google-protobuf/google/protobuf/empty_pb");
  const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return new Promise((done, fail) => {
    client.getAnalyzerInfo(new Empty(), (error: unknown, info: { getPoliciesList(): { getName(): string }[] }) => {
      client.close();
      if (error) fail(error);
      else done(info.getPoliciesList().map((policy) => policy.getName()));
    });
  });
}
