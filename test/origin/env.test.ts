import { describe, expect, test } from "vitest";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { readEnv } from "../../origin/env.ts";
import { poolOptions } from "../../origin/store/mysql2-database.ts";
import { openStore } from "../../origin/store/open.ts";

const DEPLOYED = {
  ENVIRONMENT: "prd",
  DATABASE_URL: "mysql://user:secret-password@db.example:3306/paridad",
  EDGE_TOKENS: "0123456789abcdef0123456789abcdef",
};

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    readEnv(variables);
  } catch (error) {
    if (error instanceof InvalidEnv) return error.faults;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  test("nothing is needed on one's own machine", () => {
    expect(readEnv({})).toMatchObject({
      environment: "local",
      databaseUrl: "file:.paridad/paridad.sqlite",
      edgeTokens: ["local-edge-token-0123456789abcdef"],
      host: "127.0.0.1",
      port: 8788,
      policy: { STALE_HORIZON_MS: 86_400_000 },
    });
    expect(readEnv({ DATABASE_URL: "", PORT: "" })).toEqual(readEnv({}));
  });

  test("names of the policy that an older release had are taken", () => {
    const { policy } = readEnv({ MOST_PUBLICATIONS_MISSED: "7", BANXICO_REQUESTS_IN_5_MIN: "70" });
    expect(policy).toMatchObject({ MAX_PUBLICATIONS_MISSED: 7 });
  });

  test("elsewhere the database and the tokens are, and everything that is missing is named", () => {
    expect(faultsOf({ NODE_ENV: "production" })).toEqual(["ENVIRONMENT is required"]);
    expect(faultsOf({ ENVIRONMENT: "stg" })).toEqual(["DATABASE_URL is required", "EDGE_TOKENS is required"]);
    expect(faultsOf(DEPLOYED)).toEqual([]);
    expect(faultsOf({ ...DEPLOYED, EDGE_TOKENS: "local-edge-token-0123456789abcdef" })).toHaveLength(1);
    expect(faultsOf({ ...DEPLOYED, CLOCK_OFFSET_MS: "5" })).toEqual([
      "CLOCK_OFFSET_MS is for the local environment only",
    ]);
  });

  test("two tokens can be valid; each must be long enough", () => {
    const [first, second] = ["a".repeat(32), "b".repeat(40)];
    expect(readEnv({ EDGE_TOKENS: `${first}, ${second}` }).edgeTokens).toEqual([first, second]);
    for (const tokens of ["short", `${first},`, `${first},short`, `${first} ${second}`])
      expect(faultsOf({ EDGE_TOKENS: tokens })).toEqual([
        "EDGE_TOKENS must each be printable and have at least 32 characters",
      ]);
  });

  test("spans go where an endpoint is set, of a share from none to all", () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector:4318";
    expect(readEnv({ OTEL_TRACES_SAMPLER_ARG: "1" }).traces).toBeUndefined();
    expect(readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT }).traces).toEqual({
      endpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
      serviceName: "paridad-origin",
      sampledShare: 0.1,
    });
    const wrong = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
      OTEL_TRACES_SAMPLER: "always_on",
      OTEL_TRACES_SAMPLER_ARG: "10",
    };
    expect(faultsOf(wrong).map((fault) => fault.split(" ")[0])).toEqual(Object.keys(wrong));
  });

  test("faults are reported where a DSN is set; an empty one is none", () => {
    const SENTRY_DSN = "https://key@o1.ingest.sentry.example/42";
    expect(readEnv({ SENTRY_DSN }).sentryDsn).toBe(SENTRY_DSN);
    expect(readEnv({ SENTRY_DSN: "" }).sentryDsn).toBeUndefined();
    for (const wrong of ["-", "https://o1.example/42", "https://key@o1.example/", "ftp://key@o1.example/42"])
      expect(faultsOf({ SENTRY_DSN: wrong })).toEqual(["SENTRY_DSN must be https://KEY@HOST/PROJECT"]);
  });

  test("what is wrong is named together, and no value is shown", () => {
    const faults = faultsOf({
      ENVIRONMENT: "production-secret",
      DATABASE_URL: "postgres://secret",
      PORT: "secret",
      ISOLATE_FRESH_MS: "secret",
    });
    expect(faults.map((fault) => fault.split(" ")[0]).sort()).toEqual([
      "DATABASE_URL",
      "ENVIRONMENT",
      "ISOLATE_FRESH_MS",
      "PORT",
    ]);
    expect(faults.join()).not.toContain("secret");
  });
});

describe("the store's URL", () => {
  test("TLS with the server's name verified is required beyond this machine", () => {
    const required = { minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true };
    expect(poolOptions(DEPLOYED.DATABASE_URL)).toMatchObject({
      host: "db.example",
      connectionLimit: 20,
      ssl: required,
    });
    expect(poolOptions("mysql://root@127.0.0.1:3307/x").ssl).toBeUndefined();
    expect(poolOptions("mysql://root@localhost/x?ssl=required").ssl).toEqual(required);
    expect(poolOptions("mysql://root@database/x?ssl=disabled").ssl).toBeUndefined();
    expect(() => poolOptions("mysql://root@database/x?ssl=perhaps")).toThrow("ssl");
    expect(poolOptions("mysql://u%40x:p%2Fw@h:1/d")).toMatchObject({ user: "u@x", password: "p/w", database: "d" });
  });

  test("one that stands for no store is refused", async () => {
    await expect(openStore("redis://localhost")).rejects.toThrow("a store's URL");
  });
});
