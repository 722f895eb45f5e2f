import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ensureCommands } from "../../tools/servers/packages.ts";
import { all, graphOf, one } from "./graphs.ts";

const execute = promisify(execFile);

interface CloudConfig {
  packages: string[];
  write_files: { path: string; permissions: string; content: string }[];
  runcmd: string[][];
}

describe("user data", () => {
  let folder: string;
  let commands: Record<string, string>;
  let document: string;
  let config: CloudConfig;
  let digest: string;

  beforeAll(async () => {
    commands = await ensureCommands({ shellcheck: "shellcheck", "cloud-init": "cloud-init" });
    folder = await mkdtemp(join(tmpdir(), "paridad-user-data-"));
    digest = `sha256:${"ab".repeat(32)}`;
    const graph = await graphOf("prd", { imageDigest: digest });
    document = Buffer.from(
      String(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs.userData),
      "base64",
    ).toString();
    config = parse(document) as CloudConfig;
  }, 900_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const fileAt = (path: string) => config.write_files.find((file) => file.path === path)?.content ?? "";
  const check = (command: string, args: string[]) =>
    execute(commands[command] ?? command, args).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${command}: ${error.stdout}${error.stderr}`);
    });

  it("is what cloud-init understands", async () => {
    const path = join(folder, "user-data.yaml");
    await writeFile(path, document);
    const { stdout, stderr } = await check("cloud-init", ["schema", "--config-file", path]);
    expect(stdout + stderr).toMatch(/Valid (schema|cloud-config)/);
  });

  it("has scripts that shellcheck finds nothing in", async () => {
    const scripts = config.write_files.filter(({ content }) => content.startsWith("#!"));
    expect(scripts.map(({ path }) => path)).toEqual(["/usr/local/bin/paridad-origin", "/usr/local/bin/paridad-watch"]);
    for (const { content } of scripts) {
      const path = join(folder, "script.sh");
      await writeFile(path, content);
      await check("shellcheck", ["--severity=style", path]);
    }
  });

  it("has a migration script that shellcheck finds nothing in", async () => {
    const graph = await graphOf("prd");
    const source = one(graph, "aws:codebuild/project:Project").inputs.source as { buildspec: string };
    const [command] = JSON.parse(source.buildspec).phases.build.commands;
    const path = join(folder, "migrate.sh");
    await writeFile(path, `#!/bin/bash\n${command}\n`);
    await check("shellcheck", ["--severity=style", path]);
  });

  it("fits into what EC2 takes", () => {
    expect(Buffer.byteLength(document)).toBeLessThan(16_384);
  });

  it("runs the image by digest, read-only, limited, restarted and logged", () => {
    const script = fileAt("/usr/local/bin/paridad-origin");
    expect(script).toContain(`image='123456789012.dkr.ecr.us-east-1.amazonaws.com/paridad-prd/origin@${digest}'`);
    for (const option of [
      "--read-only",
      "--restart on-failure",
      "--memory 2560m",
      "--cap-drop ALL",
      "--security-opt no-new-privileges",
      "--log-driver awslogs",
      "awslogs-group='/paridad/paridad-prd/origin'",
      "--publish 127.0.0.1:8788:8788",
      "--publish 8443:8443",
      "--env TLS_PORT=8443",
    ]) {
      expect(script).toContain(option);
    }
  });

  it("hands the origin the settings that the edge has among its vars", async () => {
    const service = { providers: "banxico", extraClosures: "banxico:2026-11-30", facadeHosts: "fx.example.com" };
    const graph = await graphOf("prd", { service });
    const script = Buffer.from(
      String(one(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs.userData),
      "base64",
    ).toString();
    expect(script).toContain("--env PROVIDERS='banxico' --env EXTRA_CLOSURES='banxico:2026-11-30'");
    expect(script).toContain("--env FACADE_HOSTS='fx.example.com'");
    // By its image, so that health and reports say which release they are of.
    expect(script).toMatch(/--env RELEASE="\$\{image##\*@\}"/);
  });

  it("runs no image but the origin's, and none on the host's network, from where an instance's role can be taken on", () => {
    const runs = config.write_files.flatMap(({ content }) => content.match(/docker (run|pull)[^&|;]*/g) ?? []);
    expect(runs).toHaveLength(2);
    for (const run of runs) expect(run).toContain('"$image"');
    expect(document).not.toMatch(/--network[ =]host|:v?\d+\.\d+\.\d+['"\s]/);
  });

  it("keeps secrets in memory: fetched by name, written under /run alone, never given as --env", () => {
    const script = fileAt("/usr/local/bin/paridad-origin");
    expect(script).toContain("secretsmanager get-secret-value");
    for (const [, target] of script.matchAll(/(?<!2)>(\/(?!dev\/null)\S+)/g)) expect(target).toMatch(/^\/run\//);
    const environment = [...script.matchAll(/--env (\w+)/g)].map(([, name]) => name);
    expect(environment).not.toEqual(expect.arrayContaining([expect.stringMatching(/TOKEN|DATABASE|DSN/)]));
    expect(script).toContain("export DOCKER_CONFIG=/run/paridad/docker");
    expect(script).toMatch(/AWSCURRENT.*AWSPREVIOUS/s);
  });

  it("starts the agent, which takes traces, and the origin", () => {
    expect(config.packages).toEqual(expect.arrayContaining(["docker", "amazon-cloudwatch-agent"]));
    const started = config.runcmd.flat().join(" ");
    for (const unit of [
      "docker.service",
      "paridad-origin.service",
      "paridad-watch.service",
      "amazon-cloudwatch-agent-ctl",
    ]) {
      expect(started).toContain(unit);
    }
    const agent = JSON.parse(fileAt("/etc/paridad/cloudwatch-agent.json"));
    expect(agent.traces.traces_collected.otlp.http_endpoint).toBe("0.0.0.0:4318");
    expect(fileAt("/usr/local/bin/paridad-origin")).toContain("OTEL_EXPORTER_OTLP_ENDPOINT=http://agent:4318");
    expect(fileAt("/usr/local/bin/paridad-origin")).toContain("OTEL_TRACES_SAMPLER_ARG=0.1");
  });

  it("reports host metrics under the name that alarms read", async () => {
    const agent = JSON.parse(fileAt("/etc/paridad/cloudwatch-agent.json"));
    expect(agent.metrics.namespace).toBe("Paridad/Host");
    const graph = await graphOf("prd");
    const alarms = all(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(
      ({ inputs }) => inputs.namespace === "Paridad/Host",
    );
    expect(new Set(alarms.map(({ inputs }) => inputs.metricName))).toEqual(
      new Set(["mem_used_percent", "disk_used_percent"]),
    );
  });
});
