import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorFields } from "../../origin/ops/log.ts";
import { Reports, secretsOf } from "../../origin/ops/reporter.ts";
import { Capture } from "../../tools/servers/capture.ts";
import { NOW_MS } from "./data.ts";
import { createOrigin } from "./origin.ts";
import { startOrigin } from "./process.ts";

const SECRET = "planted/secret+0123456789abcdef012345";
const ENCODED = encodeURIComponent(SECRET);

let sentry: Capture;
beforeEach(async () => {
  sentry = await Capture.start();
});
afterEach(() => sentry.stop());

const dsn = () => `http://publickey@${sentry.host}/prefix/42`;

function reportsAt(clock = { ms: NOW_MS }): Reports {
  return new Reports({
    dsn: dsn(),
    environment: "dev",
    release: "c0ffee",
    secrets: [SECRET, ENCODED],
    now: () => clock.ms,
  });
}

const events = () => sentry.requests.map(({ body }) => JSON.parse(body.split("\n")[2] as string));

describe("a report", () => {
  test("is of a fault that no answer shows, in the envelope that Sentry takes", async () => {
    const reports = reportsAt();
    const origin = await createOrigin();
    origin.services.log = reports.around(origin.services.log);
    origin.services.pages.read = () => Promise.reject(new TypeError("not a page"));
    const response = await origin.get("/api/v1/rates/current");
    expect(response.status).toBe(500);
    await reports.stop();
    const [{ path, headers, body }] = sentry.requests as [(typeof sentry.requests)[0]];
    expect(path).toBe("/prefix/api/42/envelope/");
    expect(headers["x-sentry-auth"]).toContain("sentry_key=publickey");
    const [header, item, event] = body.split("\n").map((line) => JSON.parse(line));
    expect(item).toEqual({ type: "event" });
    expect(header).toEqual({ event_id: event.event_id });
    expect(event).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: NOW_MS / 1_000,
      level: "error",
      environment: "dev",
      release: "c0ffee",
      exception: { values: [{ type: "TypeError", value: "not a page" }] },
      extra: { route: "/api/v1/rates/current", traceparent: response.headers.get("Traceparent") },
    });
    expect(event.exception.values[0].stacktrace.frames.at(-1).function).toContain("report.test.ts");
    expect(origin.lines.map(({ event }) => event)).toContain("error");
  });

  test("holds no secret, wherever it was", async () => {
    const reports = reportsAt();
    const error = new Error(`mysql://app:${ENCODED}@db failed with ${SECRET}`, {
      cause: new Error(`Bearer ${SECRET}`),
    });
    const plain = Object.assign(new Error(`password=${SECRET}`), { code: SECRET });
    plain.stack = `Error\n    at f (server.mjs?token=${SECRET}:1:1)`;
    const log = reports.around(() => undefined);
    log("error", { route: `/${SECRET}`, ...errorFields(error) });
    log("fatal", errorFields(plain));
    log("fatal", errorFields(SECRET));
    await reports.stop();
    expect(sentry.requests).toHaveLength(3);
    for (const secret of [SECRET, ENCODED]) expect(sentry.everything).not.toContain(secret);
  });

  test("is of faults alone, and of a store that is away once a minute", async () => {
    const clock = { ms: NOW_MS };
    const reports = reportsAt(clock);
    const lines: string[] = [];
    const log = reports.around((event) => void lines.push(event));
    for (const event of ["request", "store_failed", "store_failed", "commit"]) log(event, { operation: "pages" });
    clock.ms += 59_999;
    log("store_failed");
    clock.ms += 1;
    log("store_failed");
    await reports.stop();
    expect(events().map(({ logger }) => logger)).toEqual(["store_failed", "store_failed"]);
    expect(lines).toHaveLength(6);
  });
});

test("of the environment, tokens and passwords are secret, encoded or not", () => {
  const databaseUrl = `mysql://app:${ENCODED}@db/paridad`;
  const found = secretsOf({
    databaseUrl,
    databaseReaderUrl: "mysql://app:100%@db/paridad",
    edgeTokens: ["token"],
    deliverTokens: ["deliver"],
    webhookKey: "key",
    metricsToken: "scrape",
    tokenKeys: [{ d: "private" }],
  });
  expect(found).toEqual(["token", "deliver", "key", "scrape", "private", ENCODED, SECRET, "100%", "100%"]);
  expect(
    secretsOf({
      databaseUrl: "file:x",
      databaseReaderUrl: undefined,
      edgeTokens: [],
      deliverTokens: [],
      webhookKey: undefined,
      metricsToken: undefined,
      tokenKeys: [],
    }),
  ).toEqual([]);
});

describe("where Sentry", () => {
  test("hangs, a storm of faults keeps few reports, and the end comes in its time", async () => {
    sentry.mood = "hangs";
    const reports = reportsAt();
    const log = reports.around(() => undefined);
    for (let count = 0; count < 100; count++) log("error", errorFields(new Error("storm")));
    // Sentry hangs for ever: without a bound of its own this would not end.
    await reports.stop();
    expect(sentry.requests.length).toBeLessThanOrEqual(10);
  });

  test("is away, nobody notices", async () => {
    const reports = reportsAt();
    await sentry.stop();
    reports.around(() => undefined)("error", errorFields(new Error("lost")));
    await expect(reports.stop()).resolves.toBeUndefined();
    sentry = await Capture.start();
  });
});

describe("the origin as it is run", () => {
  const script = fileURLToPath(new URL("../../origin/index.ts", import.meta.url));
  const DATABASE_URL = "file::memory:";
  const EDGE_TOKENS = SECRET;

  test("reports why it can't go on before it ends, and none of its secrets", async () => {
    const { port } = new URL(dsn());
    const { ended } = await startOrigin(script, { DATABASE_URL, EDGE_TOKENS, SENTRY_DSN: dsn(), PORT: port });
    expect(await ended).toBe(1);
    expect(events()).toMatchObject([{ level: "fatal", extra: { code: "EADDRINUSE" } }]);
    expect(sentry.everything).not.toContain(SECRET);
  });

  test("ends all the same where Sentry hangs", async () => {
    sentry.mood = "hangs";
    const { port } = new URL(dsn());
    const { ended } = await startOrigin(script, { DATABASE_URL, SENTRY_DSN: dsn(), PORT: port });
    expect(await ended).toBe(1);
  });

  test("reports nothing where no DSN is set", async () => {
    const { port } = new URL(dsn());
    const { ended } = await startOrigin(script, { DATABASE_URL, SENTRY_DSN: "", PORT: port });
    expect(await ended).toBe(1);
    expect(sentry.requests).toEqual([]);
  });
});
