import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, inject, test } from "vitest";
import type { Health } from "#core/api/health.ts";
import { type Board, encodeBoard } from "#core/pages/board.ts";
import { banxico } from "#core/providers/banxico.ts";
import { boardKeyOf, breakerKeyOf, statsKeyOf } from "#core/wire/keys.ts";
import { createApp } from "../../worker/app.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { createServices, type Services } from "../../worker/services.ts";
import { cached, PATIENT, pageOf, SERIES, TestClock, TestOrigin, testBindings } from "./support.ts";

let clock: TestClock;
let origin: TestOrigin;
let services: Services;
let app: ReturnType<typeof createApp>;

const url = () => inject("upstashOf").health;
const redis = () => new RedisClient({ url: url(), token: inject("redisToken"), deadlineMs: 60_000 });
const setFaults = (faults: unknown) => fetch(`${url()}/__faults`, { method: "PUT", body: JSON.stringify(faults) });

async function health(): Promise<{ status: number; body: Health; settled: () => Promise<void> }> {
  const context = createExecutionContext();
  const response = await app.fetch(new Request("https://paridad.example.com/health"), {}, context);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  const body = (await response.json()) as Health;
  return { status: response.status, body, settled: () => waitOnExecutionContext(context) };
}

let settings: Record<string, unknown>;

function start(overrides: Record<string, unknown> = {}): void {
  settings = overrides;
  const bindings = testBindings({
    UPSTASH_REDIS_REST_URL: url(),
    RATE_LIMITER: undefined,
    PROVIDERS: "banxico",
    RELEASE: "c0ffee",
    ...overrides,
  });
  services = createServices(bindings, { now: clock.now, fetch: origin.fetch, log: () => undefined });
  app = createApp(services);
}

/** Two times: what a slow machine did not find out in time, it finds remembered; or else the next isolate does. */
async function healthOnceKnown() {
  for (let isolates = 1; ; isolates++) {
    await (await health()).settled();
    const answer = await health();
    const isKnown = answer.body.providers.every(({ state }) => state !== "unknown");
    if (isKnown || isolates === 20) return answer;
    start(settings);
  }
}

const pageWith = (series: string, date: string) => ({
  ...pageOf(2023, 7, series),
  observations: [[date, "16.9190"] as const],
});

beforeEach(async () => {
  clock = new TestClock();
  origin = new TestOrigin().hold(...banxico.series.map(({ id }) => pageWith(id, "2023-12-28")));
  await setFaults([]);
  await redis().send(["FLUSHALL"]);
  start();
});

describe("health", () => {
  test("is healthy where all is, with figures of the last five minutes", async () => {
    const minuteAgo = statsKeyOf(clock.ms - 60_000);
    await redis().pipeline([
      ["HINCRBY", minuteAgo, "ms:20", 10],
      ["HINCRBY", minuteAgo, "hits:isolate", 99],
      ["HINCRBY", minuteAgo, "hits:origin", 1],
      ["HINCRBY", statsKeyOf(clock.ms - 10 * 60_000), "ms:5000", 1_000],
    ]);
    const { status, body } = await healthOnceKnown();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "healthy",
      level: "healthy",
      dependencies: { database: "healthy", redis: "healthy", banxico_api: "healthy", circuit_breaker: "closed" },
      performance: { response_time_p95: 20, cache_hit_ratio: 0.99, tiers: { isolate: 0.99, origin: 0.01 } },
      freshness: { latest: "2023-12-28", expected: "2023-12-28", publishes_missed: 0 },
    });
  });

  test("sees Banxico through the breaker that all share", async () => {
    await redis().set(breakerKeyOf("banxico"), JSON.stringify({ state: "open", untilMs: clock.ms + 1_000 }));
    const { body } = await healthOnceKnown();
    expect(body).toMatchObject({
      status: "degraded",
      dependencies: { banxico_api: "unhealthy", circuit_breaker: "open" },
    });
  });

  test("sees what came of checking settlement rates", async () => {
    expect((await healthOnceKnown()).body.settlement_check).toBe("unknown");
    await redis().send(["HSET", "paridad:v1:ingest:banxico", "settlement_check", "differs 2023-12-28"]);
    start();
    const { body } = await healthOnceKnown();
    expect(body).toMatchObject({ status: "degraded", settlement_check: "differs", release: "c0ffee" });
  });

  test("sees every provider by its board and its breaker", async () => {
    start({ PROVIDERS: "banxico,ecb,parities" });
    const board: Board = { provider: "ecb", version: 1, values: { "ecb.USD": ["2023-12-28", "1.1114"] } };
    await redis().set(boardKeyOf("ecb"), encodeBoard(board));
    await redis().set(breakerKeyOf("ecb"), JSON.stringify({ state: "open", untilMs: clock.ms + 1_000 }));
    const { body } = await healthOnceKnown();
    expect(body.providers).toMatchObject([
      { id: "banxico", state: "current", circuit_breaker: "closed" },
      { id: "ecb", latest: "2023-12-28", circuit_breaker: "open" },
    ]);
    expect(body.providers[1]?.series_missing).toBeGreaterThan(25);
    expect(body).toMatchObject({ level: "degraded", dependencies: { circuit_breaker: "closed" } });
  });

  test("knows by the board what is in pages that a fresh isolate can't read in time", async () => {
    const values = Object.fromEntries(banxico.series.map(({ id }) => [id, ["2023-12-28", "16.9190"] as const]));
    await redis().set(boardKeyOf("banxico"), encodeBoard({ provider: "banxico", version: 1, values }));
    // The origin does not answer as long as this takes: a lookup that ends would have found no page.
    start(PATIENT);
    origin.chaos = "hang";
    let { body } = await health();
    for (; body.providers.some(({ state }) => state === "unknown"); { body } = await health()) clock.advance(5_000);
    expect(body.series.map(({ state }) => state)).toEqual(banxico.series.map(() => "current"));
    expect(body.freshness.latest).toBe("2023-12-28");
  });

  test("does not wait for dependencies that hang, and knows better once they gave no answer", async () => {
    start({ ORIGIN_DEADLINE_MS: "100" });
    await (await health()).settled();
    origin.chaos = "hang";
    await setFaults([{ type: "hang" }]);
    clock.advance(30_000);
    // What hangs does so for ever: an answer that waited for it would not come.
    const first = await health();
    expect(first.status).toBe(200);
    expect(first.body.freshness.latest).toBe("2023-12-28");
    await first.settled();
    const second = await health();
    expect(second.body).toMatchObject({
      status: "degraded",
      dependencies: { database: "unhealthy", redis: "unhealthy" },
      freshness: { latest: "2023-12-28" },
    });
  });

  test("is unhealthy, with 503, where there is nothing to serve", async () => {
    origin.chaos = "unreachable";
    await setFaults([{ type: "unavailable" }]);
    const { status, body } = await healthOnceKnown();
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: "unhealthy", level: "critical", freshness: { latest: null } });
  });

  test("gives no alarm where nothing was found in time, and does once nothing was found at all", async () => {
    start({ ORIGIN_DEADLINE_MS: "100" });
    origin.chaos = "hang";
    await setFaults([{ type: "hang" }]);
    // What hangs does so for ever: an answer that waited for it would not come.
    const first = await health();
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ status: "degraded", level: "degraded", freshness: { latest: null } });
    await first.settled();
    const second = await health();
    expect(second.status).toBe(503);
    expect(second.body).toMatchObject({ status: "unhealthy", level: "critical" });
  });

  test("counts dependencies whose breaker is open as unhealthy without asking", async () => {
    origin.chaos = "unreachable";
    await setFaults([{ type: "unavailable" }]);
    for (let times = 0; times < 3; times++)
      await services
        .pages(scopeOf())
        .read(SERIES, [2000 + times])
        .catch(() => {});
    const { body } = await health();
    expect(body.dependencies).toMatchObject({ database: "unhealthy", redis: "unhealthy", circuit_breaker: "unknown" });
    expect(origin.requests.map(({ path }) => path)).not.toContain("/health/ready");
  });

  test("asks nobody within five seconds of a probe, however often it is read", async () => {
    start(PATIENT);
    await (await health()).settled();
    const asked = origin.requests.length;
    await setFaults([{ type: "unavailable" }]);
    origin.chaos = "unreachable";
    for (let times = 0; times < 20; times++) expect((await health()).body.level).toBe("healthy");
    expect(origin.requests).toHaveLength(asked);
    expect(services.redisGuard.isAway).toBe(false);
    clock.advance(5_000);
    await (await health()).settled();
    expect((await health()).body.dependencies).toMatchObject({ database: "unhealthy", redis: "unhealthy" });
    expect(origin.requests.length).toBeGreaterThan(asked);
  });

  test("an isolate that has read only last year's page says nothing of publications missed", async () => {
    start({ ORIGIN_DEADLINE_MS: "100" });
    services.isolate.write(SERIES, [
      cached({ ...pageOf(2022, 7), observations: [["2022-12-30", "19.3615"]] }, clock.ms),
    ]);
    origin.chaos = "hang";
    await setFaults([{ type: "hang" }]);
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body).toMatchObject({ level: "degraded", freshness: { latest: null, publishes_missed: null } });
    expect(body.series[0]).toMatchObject({ id: SERIES, state: "unknown", latest: null, publishes_missed: null });
  });

  test("watches every series: one that never had a value, one that is behind, and what waits", async () => {
    const [, euro, yen, pound] = banxico.series.map(({ id }) => id) as [string, string, string, string];
    origin.hold(pageOf(2023, 0, euro), pageWith(yen, "2023-12-26"), {
      ...pageWith(pound, "2023-12-28"),
      waiting: ["2023-12-27", "2023-12-29"],
    });
    const { body } = await healthOnceKnown();
    expect(body).toMatchObject({ status: "degraded", level: "limited" });
    expect(body.freshness).toEqual({ latest: "2023-12-26", expected: "2023-12-28", publishes_missed: 2 });
    expect(body.series.slice(1, 4)).toEqual([
      { id: euro, state: "missing", latest: null, publishes_missed: null, waiting: 0 },
      { id: yen, state: "behind", latest: "2023-12-26", publishes_missed: 2, waiting: 0 },
      { id: pound, state: "current", latest: "2023-12-28", publishes_missed: 0, waiting: 2 },
    ]);
  });

  test("probes an origin whose breaker may be tried, so that it closes though no reader gets so far", async () => {
    origin.chaos = "unreachable";
    for (let times = 0; times < 3; times++)
      await services
        .pages(scopeOf())
        .read(SERIES, [2000 + times])
        .catch(() => {});
    expect(services.originGuard.state).toBe("open");
    clock.advance(services.env.policy.BREAKER_OPEN_MS);
    await (await health()).settled();
    expect(services.originGuard.state).toBe("open");
    origin.chaos = "none";
    clock.advance(services.env.policy.BREAKER_OPEN_MS);
    const { body } = await healthOnceKnown();
    expect(services.originGuard.state).toBe("closed");
    expect(body.dependencies.database).toBe("healthy");
  });
});

function scopeOf() {
  return { now: clock.now, waitUntil: () => undefined };
}
