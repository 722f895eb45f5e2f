import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import { type EdgeMinute, edgeEventSchema } from "#core/wire/internal.ts";
import { STATS_REPORTED_KEY, statsKeyOf } from "#core/wire/keys.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { onTick } from "../../worker/events.ts";
import { reportMinutes } from "../../worker/ops/edge-minutes.ts";
import { Metrics } from "../../worker/ops/metrics.ts";
import { createServices } from "../../worker/services.ts";
import { TestClock, TestOrigin, TestScope, testBindings } from "./support.ts";

/** What readers got, from an isolate's counters over Redis to the origin. */

let clock: TestClock;
let origin: TestOrigin;
let redis: RedisClient;

const minute = (ago: number) => new Date(Math.floor(clock.ms / 60_000) * 60_000 - ago * 60_000).toISOString();
const start = () =>
  createServices(testBindings({ UPSTASH_REDIS_REST_URL: inject("upstashOf").edgeMinutes }), {
    now: clock.now,
    fetch: origin.fetch,
    log: () => undefined,
  });

beforeEach(async () => {
  clock = new TestClock();
  origin = new TestOrigin();
  redis = new RedisClient({
    url: inject("upstashOf").edgeMinutes,
    token: inject("redisToken"),
    deadlineMs: 60_000,
  });
  await redis.send(["FLUSHALL"]);
});

async function report(): Promise<EdgeMinute[]> {
  const before = origin.requests.length;
  await reportMinutes({ redis, origin: start().origin, now: clock.now });
  return origin.requests.slice(before).map(({ path, body }) => {
    expect(path).toBe("/internal/events");
    return edgeEventSchema.parse(JSON.parse(body)) as EdgeMinute;
  });
}

test("a minute that ended a minute ago is reported once, with all that readers got", async () => {
  const metrics = new Metrics(redis, () => true);
  for (let index = 0; index < 17; index++) metrics.hot();
  metrics.responded(200, 12);
  metrics.responded(200, 201);
  metrics.responded(429, 0);
  metrics.responded(503, 9_000);
  metrics.read("redis", { hits: 2, misses: 1, corrupt: 0 });
  metrics.read("origin", { hits: 1, misses: 0, corrupt: 0 });
  await metrics.flush(new TestScope(clock.now));
  clock.advance(60_000);
  expect(await report()).toMatchObject([{ at: minute(2), requests: 0, p95_ms: null }]);
  clock.advance(60_000);
  expect(await report()).toEqual([
    {
      event: "edge_minute",
      at: minute(2),
      requests: 21,
      errors: 1,
      rate_limited: 1,
      slow: 2,
      p95_ms: 300,
      page_reads: 20,
      cached_page_reads: 19,
    },
  ]);
  expect(await report()).toEqual([]);
});

test("what the origin refuses or does not hear is told later, as long as its counters live", async () => {
  await report();
  for (const failure of [400, 503, "unreachable"] as const) {
    origin.chaos = failure;
    clock.advance(60_000);
    expect(await report()).toHaveLength(1);
  }
  origin.chaos = "none";
  expect((await report()).map(({ at }) => at)).toEqual([minute(4), minute(3), minute(2)]);
});

test("an hour's silence of the origin is caught up on for thirteen minutes", async () => {
  await report();
  origin.chaos = "unreachable";
  await redis.send(["SET", STATS_REPORTED_KEY, Math.floor(clock.ms / 60_000) * 60_000 - 3_600_000]);
  await report();
  origin.chaos = "none";
  const minutes = await report();
  expect([minutes.length, minutes[0]?.at]).toEqual([13, minute(14)]);
});

test.each([
  ["a time to come", async () => redis.send(["SET", STATS_REPORTED_KEY, clock.ms + 86_400_000])],
  ["no number", async () => redis.send(["SET", STATS_REPORTED_KEY, "NaN"])],
  ["a key of another type", async () => redis.send(["HSET", STATS_REPORTED_KEY, "a", "b"])],
  ["counts below zero", async () => redis.send(["HSET", statsKeyOf(clock.ms - 120_000), "requests", "-3.5"])],
])("%s does not stop reports", async (_what, spoil) => {
  await spoil();
  expect(await report()).toMatchObject([{ at: minute(2), requests: 0 }]);
  expect(await report()).toEqual([]);
});

test("each tick of the cron reports, even if its readings fail", async () => {
  const context = createExecutionContext();
  await onTick(start(), context);
  await waitOnExecutionContext(context);
  const events = origin.requests.filter(({ path }) => path === "/internal/events").map(({ body }) => JSON.parse(body));
  expect(events).toContainEqual(expect.objectContaining({ event: "edge_minute", at: minute(2) }));
});
