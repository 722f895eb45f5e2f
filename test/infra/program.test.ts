import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";
import { rules } from "../../pulumi/policies/rules.ts";
import { connectAnalyzer } from "./analyzer.ts";
import { type Engine, startEngine } from "./engine.ts";
import { graphOf, one } from "./graphs.ts";

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
    // With Cognito it has every output that there is.
    const service = { cognito: true };
    const config = {
      ...stackConfig("prd"),
      "paridad:imageDigest": placeholderDigest,
      "paridad:service": JSON.stringify(service),
    };
    const { code, output, engine: seen } = await runProgram("prd", config);
    expect({ code, output, logs: seen.logs }).toMatchObject({ code: 0 });
    const planned = await graphOf("prd", { service });
    const names = (list: { type: string; name: string }[]) => list.map(({ type, name }) => `${type} ${name}`).sort();
    expect(names(seen.resources)).toEqual(names(planned.resources));
    expect(seen.outputs).toEqual(planned.outputs);

    const waits = (type: string, name: string) =>
      seen.resources.find((one) => one.type === type && one.name === name)?.waitsFor ?? [];
    // Whichever instance is there first becomes the writer.
    for (const reader of ["reader-1", "reader-2"]) {
      expect(waits("aws:rds/clusterInstance:ClusterInstance", `paridad-prd-database-${reader}`)).toContain(
        "paridad-prd-database-writer",
      );
    }
    // AWS tries these roles out when they are handed on: each waits for what its role may do.
    const users = { "aws:cloudtrail/trail:Trail": "trail", "aws:ec2/flowLog:FlowLog": "flow-logs" };
    for (const [type, role] of Object.entries(users)) {
      const waited = seen.resources.filter((one) => one.type === type).flatMap(({ waitsFor }) => waitsFor);
      expect(waited).toContain(`paridad-prd-${role}-policy`);
    }
  });

  it("stops at a configuration that is wrong, before it makes anything", async () => {
    const config = { ...stackConfig("prd"), "paridad:database": '{"maxAcu":1000}' };
    const { code, engine: seen } = await runProgram("prd", config);
    expect(code).not.toBe(0);
    expect(seen.logs.join("\n")).toContain("paridad:database.maxAcu");
    expect(seen.resources).toEqual([]);
  });

  it("serves the policy pack, which finds nothing in a stack, and what is broken on purpose", async () => {
    const pack = `${folder}/policies`;
    const { child, ended } = runHost("run-policy-pack", ["127.0.0.1:1", pack], {}, pack);
    // The pack prints the port that it listens on once it has been read.
    const port = await Promise.race([
      new Promise<number>((done) => child.stdout?.once("data", (chunk) => done(Number(String(chunk).trim())))),
      ended.then(({ output }) => Promise.reject(new Error(output))),
    ]);
    const analyzer = connectAnalyzer(port);
    try {
      expect(await analyzer.policies()).toEqual(rules.map(({ name }) => name));
      const graph = await graphOf("prd");
      expect(await analyzer.analyze(graph)).toEqual([]);
      one(graph, "aws:rds/cluster:Cluster").inputs.storageEncrypted = false;
      one(graph, "aws:rds/cluster:Cluster").protect = false;
      const found = await analyzer.analyze(graph);
      expect(found.map(({ policy }) => policy)).toEqual(["encrypted-storage", "protected-production"]);
      expect(found[0]?.message).toContain("paridad-prd-database");
    } finally {
      analyzer.close();
      child.kill();
      await ended;
    }
  });
});
