import { describe, expect, test } from "vitest";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { checkedToken, type DeliverEnv } from "../../worker/deliver/env.ts";
import { parseEnv } from "../../worker/env.ts";
import { createServices } from "../../worker/services.ts";
import { testBindings } from "./support.ts";

function faultsOf(overrides: Record<string, unknown>): readonly string[] {
  try {
    parseEnv(testBindings(overrides));
    return [];
  } catch (error) {
    if (error instanceof InvalidEnv) return error.faults;
    throw error;
  }
}

const REMOTE = {
  ENVIRONMENT: "prd",
  ORIGIN_URL: "https://origin.example.com/",
  BANXICO_URL: "https://banxico.example.com/v1",
  UPSTASH_REDIS_REST_URL: "https://redis.example.com",
  EDGE_TOKEN: "a-token-of-a-deployed-edge",
  UPSTASH_REDIS_REST_TOKEN: "a-token-of-redis",
  BANXICO_TOKEN: "b".repeat(64),
};

describe("the environment", () => {
  test("of wrangler.toml is complete for the local environment", () => {
    const env = parseEnv(testBindings());
    expect(env).toMatchObject({ environment: "local", originUrl: "http://127.0.0.1:8788", clockOffsetMs: 0 });
    expect(env.policy).toEqual({ ...DEFAULT_POLICY, PROVIDERS: env.policy.PROVIDERS });
    expect(env.catalogue.main.id).toBe("banxico");
    expect(env.rateLimiter).toBeDefined();
  });

  test("may hold the certificate by which the origin's load balancer knows the worker, and no other value for it", async () => {
    const paths: string[] = [];
    const fetcher = { fetch: async (url: string) => Response.json({ versions: {} }, void paths.push(url)) };
    const bindings = testBindings({ ORIGIN_CERTIFICATE: fetcher });
    expect(await createServices(bindings).origin.versions("banxico")).toEqual({});
    expect(paths).toEqual(["http://127.0.0.1:8788/internal/versions?providers=banxico"]);
    expect(faultsOf({ ORIGIN_CERTIFICATE: "an id" })).toEqual(["ORIGIN_CERTIFICATE must be an mTLS certificate"]);
  });

  test("knows what has no effect", () => {
    expect(parseEnv(testBindings()).unknownNames).toEqual([]);
    const given = testBindings({ PUBLICATION_GRACE: "1000", COLO_FRESH_MS: "1", SENTRY_DSN: "" });
    expect(parseEnv(given).unknownNames).toEqual(["PUBLICATION_GRACE"]);
  });

  test("names everything that is missing, at once", () => {
    const missing = { EDGE_TOKEN: undefined, BANXICO_TOKEN: "", INGEST: undefined, ENVIRONMENT: undefined };
    expect(faultsOf(missing)).toEqual([
      "ENVIRONMENT is missing",
      "EDGE_TOKEN is missing",
      "BANXICO_TOKEN is missing",
      "INGEST is missing",
    ]);
    expect(() => parseEnv(undefined)).toThrow(InvalidEnv);
  });

  test.each([
    ["ENVIRONMENT", "production", "ENVIRONMENT must be local, dev, stg or prd"],
    ["ORIGIN_URL", "localhost:8788", "ORIGIN_URL must be an http(s) URL"],
    ["EDGE_TOKEN", "short", "EDGE_TOKEN must have at least 16 characters"],
    ["EDGE_TOKEN", "a token with blanks in it", "EDGE_TOKEN must be printable, without blanks"],
    ["CLOCK_OFFSET_MS", "yesterday", "CLOCK_OFFSET_MS must be a whole number"],
  ])("names %s where it is %j, and not its value", (name, value, fault) => {
    expect(faultsOf({ ...(name === "ENVIRONMENT" && REMOTE), [name]: value })).toEqual([fault]);
  });

  test("overrides the policy by name; an empty variable is one that is not set", () => {
    const { policy } = parseEnv(testBindings({ ISOLATE_FRESH_MS: "5000", REDIS_DEADLINE_MS: "" }));
    expect(policy.ISOLATE_FRESH_MS).toBe(5_000);
    expect(policy.REDIS_DEADLINE_MS).toBe(DEFAULT_POLICY.REDIS_DEADLINE_MS);
    expect(faultsOf({ COLO_FRESH_MS: "soon" })).toEqual([expect.stringMatching(/^COLO_FRESH_MS /)]);
  });

  test("takes a dash for a secret that is not set, as the deployment's secrets do", () => {
    const off = parseEnv(testBindings({ ...REMOTE, METRICS_TOKEN: "-", SENTRY_DSN: "-" }));
    expect([off.metricsToken, off.sentryDsn]).toEqual([undefined, undefined]);
    expect(off.secrets).not.toContain("-");
    expect(faultsOf({ ...REMOTE, EDGE_TOKEN: "-" })).toEqual(["EDGE_TOKEN is missing"]);
  });

  test("takes the names that an older release had, as names that it knows", () => {
    const env = parseEnv(testBindings({ MOST_PUBLICATIONS_MISSED: "7", BANXICO_REQUESTS_A_DAY: "70" }));
    expect(env.policy).toMatchObject({ MAX_PUBLICATIONS_MISSED: 7 });
    expect(env.sources[0]?.provider.budget).toEqual({ perDay: 70, perFiveMinutes: 100 });
    expect(env.unknownNames).toEqual([]);
    expect(faultsOf({ MOST_PUBLICATIONS_MISSED: "many" })).toEqual([
      "MAX_PUBLICATIONS_MISSED must be a whole number from 0 to 100",
    ]);
  });

  test("sets the budget and the deadline of each provider", () => {
    const settings = { ECB_REQUESTS_PER_DAY: "50", ECB_REQUESTS_PER_5_MIN: "5", ECB_DEADLINE_MS: "3000" };
    const { sources, unknownNames } = parseEnv(testBindings({ ...settings, PROVIDERS: "banxico,ecb" }));
    const limitsOf = (id: string) => {
      const source = sources.find(({ provider }) => provider.id === id);
      return { ...source?.provider.budget, deadlineMs: source?.deadlineMs };
    };
    expect(limitsOf("ecb")).toEqual({ perDay: 50, perFiveMinutes: 5, deadlineMs: 3_000 });
    expect(limitsOf("banxico")).toEqual({ perDay: 1_000, perFiveMinutes: 100, deadlineMs: undefined });
    expect(unknownNames).toEqual([]);
    expect(faultsOf({ ECB_REQUESTS_PER_DAY: "many" })).toEqual([
      "ECB_REQUESTS_PER_DAY must be a whole number from 1 to 10000",
    ]);
  });

  test("sets how often a provider is polled, and whose values within the day are kept", () => {
    const id = "exchangerate-api";
    const polled = (settings: Record<string, string>) => {
      const { sources, unknownNames } = parseEnv(testBindings({ ...settings, PROVIDERS: `banxico,${id}` }));
      const { everySeconds, tracked } = sources.find(({ provider }) => provider.id === id)?.provider ?? {};
      return { everySeconds, tracked, unknownNames };
    };
    expect(polled({})).toMatchObject({ everySeconds: 86_400, tracked: { length: 8 } });
    const settings = { EXCHANGERATE_API_EVERY_SECONDS: "30", EXCHANGERATE_API_TRACKED: "EUR,BRL" };
    expect(polled(settings)).toEqual({ everySeconds: 30, tracked: ["EUR", "BRL"], unknownNames: [] });
    expect(faultsOf({ EXCHANGERATE_API_EVERY_SECONDS: "29", EXCHANGERATE_API_TRACKED: "eur" })).toEqual([
      "EXCHANGERATE_API_EVERY_SECONDS must be a whole number from 30 to 86400",
      "EXCHANGERATE_API_TRACKED must be codes of currencies, as EUR,JPY",
    ]);
  });

  test("has local tokens in the local environment only", () => {
    const names = ["EDGE_TOKEN", "UPSTASH_REDIS_REST_TOKEN", "BANXICO_TOKEN"] as const;
    for (const name of names) {
      expect(faultsOf({ [name]: undefined })).toEqual([]);
      expect(faultsOf({ ...REMOTE, [name]: undefined })).toEqual([`${name} is missing`]);
    }
    const { edgeToken, redisToken, sources } = parseEnv(
      testBindings(Object.fromEntries(names.map((name) => [name, undefined]))),
    );
    expect(
      faultsOf({
        ...REMOTE,
        EDGE_TOKEN: edgeToken,
        UPSTASH_REDIS_REST_TOKEN: redisToken,
        BANXICO_TOKEN: sources[0]?.secret,
      }),
    ).toEqual(names.map((name) => `${name} must not be the local one`));
  });

  test("offsets the clock in the local environment alone", () => {
    expect(parseEnv(testBindings({ CLOCK_OFFSET_MS: "-1000" })).clockOffsetMs).toBe(-1_000);
    expect(parseEnv(testBindings({ ...REMOTE, CLOCK_OFFSET_MS: "-1000" })).clockOffsetMs).toBe(0);
  });

  test("asks for encryption outside the local environment", () => {
    expect(parseEnv(testBindings(REMOTE)).originUrl).toBe("https://origin.example.com");
    expect(faultsOf({ ...REMOTE, ORIGIN_URL: "http://origin.example.com" })).toEqual([
      "ORIGIN_URL must be https outside the local environment",
    ]);
  });

  test("does without a rate limiter", () => {
    expect(parseEnv(testBindings({ RATE_LIMITER: undefined })).rateLimiter).toBeUndefined();
  });
});

describe("the token of the delivering worker", () => {
  const tokenIn = (env: Partial<DeliverEnv>) =>
    checkedToken({ ENVIRONMENT: "prd", ORIGIN_URL: "https://origin.example.com", ...env } as DeliverEnv);

  test("is none where a dash says that there are no webhooks", () => {
    expect(tokenIn({ DELIVER_TOKEN: "-" })).toBeUndefined();
    expect(tokenIn({ DELIVER_TOKEN: "-", ENVIRONMENT: "local" })).toBeUndefined();
    expect(tokenIn({ DELIVER_TOKEN: "d".repeat(64) })).toBe("d".repeat(64));
  });

  test("must be there otherwise, and not the local one", () => {
    const local = tokenIn({ ENVIRONMENT: "local" }) ?? "";
    for (const given of [{}, { DELIVER_TOKEN: "" }, { DELIVER_TOKEN: local }])
      expect(() => tokenIn(given)).toThrow("DELIVER_TOKEN is missing");
  });
});
