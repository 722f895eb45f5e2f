import { describe, expect, it } from "vitest";
import { readSettings } from "../../pulumi/config.ts";
import { ConfigError } from "../../pulumi/config-values.ts";
import { noImage, withImage } from "../../pulumi/image.ts";

const digest = `sha256:${"0".repeat(64)}`;
const base = {
  "paridad:imageDigest": digest,
  "aws:region": "us-east-1",
  "paridad:edge": JSON.stringify({ zone: "aws.example.com", host: "origin.aws.example.com" }),
};

function problemsOf(config: Record<string, string>, stack = "prd"): string[] {
  try {
    readSettings(stack, { ...base, ...config });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("configuration", () => {
  it("needs only a region, a name and an image; the rest has defaults", () => {
    const settings = readSettings("prd", base);
    expect(settings).toMatchObject({
      stack: "prd",
      region: "us-east-1",
      network: { cidr: "10.0.0.0/16", zones: ["a", "b", "c"], natGateways: "perZone" },
      database: { minAcu: 0.5, maxAcu: 16, readers: 2, backupDays: 35, protect: true },
      service: { instanceType: "t3.medium", minInstances: 2, maxInstances: 10 },
      edge: { drainSeconds: 30, requestsPerSecond: 1_000 },
      observability: { logDays: 731, traceSamplePercent: 10 },
    });
    expect(settings.service.scaling).toEqual({
      requestsPerTarget: 50,
      requestsPer: "second",
      requestsAdd: 2,
      idleCpuPercent: 30,
      idleMinutes: 10,
      idleRemove: 1,
      slowP95Ms: 500,
      slowAdd: 3,
    });
  });

  it.each([
    ["an unknown section", { "paridad:databse": "{}" }, "paridad:databse: unknown key"],
    ["an unknown key", { "paridad:database": '{"maxAcus":8}' }, "paridad:database.maxAcus: unknown key"],
    [
      "a nested unknown key",
      { "paridad:alarms": '{"latencyP95Ms":{"hihg":1}}' },
      "paridad:alarms.latencyP95Ms.hihg: unknown key",
    ],
    ["a value too large", { "paridad:database": '{"maxAcu":512}' }, "paridad:database.maxAcu: "],
    ["a fraction of a half ACU", { "paridad:database": '{"minAcu":0.7}' }, "paridad:database.minAcu: "],
    ["backups beyond what AWS keeps", { "paridad:database": '{"backupDays":36}' }, "paridad:database.backupDays: "],
    [
      "less than least",
      { "paridad:database": '{"minAcu":8,"maxAcu":4}' },
      "paridad:database.maxAcu: must be at least minAcu",
    ],
    [
      "fewer than least",
      { "paridad:service": '{"minInstances":4,"maxInstances":3}' },
      "paridad:service.maxInstances: must be at least",
    ],
    ["words for numbers", { "paridad:service": '{"minInstances":"two"}' }, "paridad:service.minInstances: "],
    [
      "a retention that does not exist",
      { "paridad:observability": '{"logDays":31}' },
      "paridad:observability.logDays: ",
    ],
    [
      "levels out of order",
      { "paridad:alarms": '{"latencyP95Ms":{"warning":900}}' },
      "paridad:alarms.latencyP95Ms: must not fall",
    ],
    [
      "falling levels out of order",
      { "paridad:alarms": '{"certificateDays":{"critical":40}}' },
      "paridad:alarms.certificateDays: must not rise",
    ],
    [
      "an old TLS",
      { "paridad:edge": '{"zone":"a.example.com","host":"o.a.example.com","tlsPolicy":"ELBSecurityPolicy-2016-08"}' },
      "paridad:edge.tlsPolicy: ",
    ],
    [
      "a host outside the zone",
      { "paridad:edge": '{"zone":"a.example.com","host":"o.b.example.com"}' },
      "paridad:edge.host: must be a host name within edge.zone",
    ],
    [
      "another issuer without the host that its tokens are for",
      { "paridad:service": '{"cognito":true}' },
      "paridad:edge.publicHost: must be given with service.cognito",
    ],
    ["an image by tag", { "paridad:imageDigest": "latest" }, "paridad:imageDigest: must be sha256:"],
    ["a region that is none", { "aws:region": "mars" }, "aws:region: must be an AWS region"],
    ["a snapshot whose key goes", { "paridad:keepOnDestroy": "false" }, "paridad:database.finalSnapshot: needs"],
    [
      "a retired engine",
      { "paridad:database": '{"engineVersion":"8.0.mysql_aurora.3.07.1"}' },
      "paridad:database.engineVersion: ",
    ],
    [
      "copies to the same region",
      { "paridad:recoveryRegion": "us-east-1" },
      "paridad:recoveryRegion: must differ from aws:region",
    ],
  ])("stops at %s, naming the key", (_case, config, message) => {
    expect(problemsOf(config).join("\n")).toContain(message);
  });

  it("names every problem at once, and the file", () => {
    expect(() =>
      readSettings("prd", { ...base, "paridad:database": '{"readers":99,"colour":"red"}', "paridad:x": "1" }),
    ).toThrow(/Pulumi\.prd\.yaml.*readers.*colour.*paridad:x/s);
  });

  it("asks for what has no default", () => {
    expect(problemsOf({ "paridad:edge": "{}" })).toEqual([
      expect.stringContaining("paridad:edge.zone"),
      expect.stringContaining("paridad:edge.host"),
    ]);
  });

  it("never empties a running fleet because nobody named an image", () => {
    const { "paridad:imageDigest": _, ...without } = base;
    expect(() => readSettings("prd", without)).toThrow(/paridad:imageDigest: must be given, unless firstDeployment/);
    expect(readSettings("prd", { ...without, "paridad:firstDeployment": "true" }).imageDigest).toBeUndefined();
    expect(problemsOf({ "paridad:firstDeployment": "true" })).toEqual([expect.stringContaining("paridad:imageDigest")]);
  });

  it("takes the image from the environment, where it is not saved, and refuses a saved one beside it", () => {
    const { "paridad:imageDigest": _, ...without } = base;
    expect(readSettings("prd", withImage("prd", without, digest)).imageDigest).toBe(digest);
    expect(readSettings("prd", withImage("prd", without, noImage)).firstDeployment).toBe(true);
    expect(withImage("prd", base, undefined)).toBe(base);
    expect(() => withImage("prd", base, digest)).toThrow(/paridad:imageDigest: must not be saved here/);
  });

  it("runs a recovery stack as what it stands in for, and asks which that is", () => {
    expect(readSettings("stg", base).environment).toBe("stg");
    expect(readSettings("dr", { ...base, "paridad:environment": "prd" })).toMatchObject({
      stack: "dr",
      environment: "prd",
    });
    expect(problemsOf({}, "dr")).toEqual([expect.stringContaining("paridad:environment: must be dev, stg or prd")]);
    expect(problemsOf({ "paridad:environment": "dr" }, "dr").join()).toContain("paridad:environment");
  });

  it("refuses a stack name that AWS names cannot hold", () => {
    expect(problemsOf({}, "Production_1")).toEqual([expect.stringContaining("stack name Production_1")]);
  });

  it("leaves other projects' and providers' keys alone", () => {
    expect(problemsOf({ "aws:profile": "someone", "other:thing": "1" })).toEqual([]);
  });
});
