import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { readSettings, type Settings } from "../../pulumi/config.ts";
import { placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";
import type { CheckContext } from "../../pulumi/tools/checks/check.ts";
import { workers } from "../../pulumi/tools/checks/workers.ts";
import { type StackName, stacks } from "./graphs.ts";

const settingsOf = (stack: StackName) =>
  readSettings(stack, { "paridad:imageDigest": placeholderDigest, ...stackConfig(stack) });

async function problems(settings: Settings): Promise<string[]> {
  const found = await workers.run({ settings } as CheckContext);
  return found.filter(({ level }) => level !== "ok").map(({ level, text }) => `${level}: ${text}`);
}

const configs = ["wrangler.toml", "wrangler.deliver.toml"].flatMap((file) => stacks.map((env) => ({ file, env })));

describe("both workers", () => {
  it.each(configs)("of $env in $file keep each log line, trace natively and leave queries out", ({ file, env }) => {
    const config = readConfig({ config: fileURLToPath(new URL(`../../${file}`, import.meta.url)), env });
    expect(config.observability).toMatchObject({
      enabled: true,
      redact_query_string: true,
      logs: { enabled: true, head_sampling_rate: 1, invocation_logs: false },
      traces: { enabled: true, head_sampling_rate: expect.any(Number) },
    });
    expect(config.observability).not.toHaveProperty("head_sampling_rate");
  });

  it.each(["dev", "stg"] as const)("of %s say what their stack says", async (stack) => {
    expect(await problems(settingsOf(stack))).toEqual([]);
  });

  it("of prd lack nothing but a certificate, which only an account can give", async () => {
    const found = await problems(settingsOf("prd"));
    expect(found).toHaveLength(2);
    for (const text of found) expect(text).toMatch(/^problem: (edge|webhooks' worker): shows no certificate/);
  });

  it.each([
    ["another origin", { edge: { host: "origin.other.test" } }, [/^problem: edge: ORIGIN_URL/, /webhooks.*ORIGIN_URL/]],
    [
      "another public host",
      { edge: { publicHost: "x.test" } },
      [/PUBLIC_URL/, /no route leads to x.test/, /PUBLIC_URL/],
    ],
    ["other providers", { service: { providers: "banxico" } }, [/PROVIDERS is banxico,ecb,parities, .* has banxico$/]],
    ["a closure", { service: { extraClosures: "banxico:2026-12-01" } }, [/EXTRA_CLOSURES is not set/]],
    [
      "a host of the facades",
      { service: { facadeHosts: "fx.example.com" } },
      [/FACADE_HOSTS is not set, .* has fx.example.com/, /no route leads to fx.example.com/],
    ],
  ])("are compared with %s", async (_what, changes: Record<string, object>, expected) => {
    const settings = settingsOf("dev") as unknown as Record<string, object>;
    for (const [section, values] of Object.entries(changes)) settings[section] = { ...settings[section], ...values };
    const found = await problems(settings as unknown as Settings);
    expect(found).toHaveLength(expected.length);
    found.forEach((text, index) => {
      expect(text).toMatch(expected[index] as RegExp);
    });
  });

  it("need a word when a recovery stack stands in", async () => {
    const recovery = { ...settingsOf("prd"), stack: "dr" };
    expect(await problems(recovery)).toEqual([expect.stringMatching(/^note: ORIGIN_URL of both workers of prd/)]);
  });
});
