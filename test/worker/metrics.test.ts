import { beforeEach, describe, expect, test } from "vitest";
import { statsKeyOf, TOTALS_KEY } from "#core/wire/keys.ts";
import type { Command } from "../../worker/clients/redis-client.ts";
import { Metrics } from "../../worker/ops/metrics.ts";
import { FIELDS, performanceOf } from "../../worker/ops/stats.ts";
import { TestClock, TestScope } from "./support.ts";

let clock: TestClock;
let scope: TestScope;
let sent: (readonly Command[])[];
let isAway: boolean;
let metrics: Metrics;

beforeEach(() => {
  clock = new TestClock();
  scope = new TestScope(clock.now);
  sent = [];
  isAway = false;
  const pipeline = async (commands: readonly Command[]) => {
    sent.push(commands);
    if (isAway) throw new Error("away");
    return [];
  };
  metrics = new Metrics({ pipeline }, () => true);
});

describe("counters", () => {
  test("are added to the minute's hash, which expires, and to the totals", async () => {
    metrics.responded(200, 12);
    metrics.responded(503, 0);
    metrics.responded(429, 0);
    metrics.read("redis", { hits: 2, misses: 1, corrupt: 1 });
    metrics.hot();
    metrics.hot();
    await metrics.flush(scope);
    const key = statsKeyOf(clock.ms);
    const counted = {
      requests: 5,
      "ms:20": 1,
      ms_sum: 12,
      "ms:1": 4,
      errors: 1,
      rate_limited: 1,
      "hits:redis": 2,
      "misses:redis": 1,
      "corrupt:redis": 1,
      hot: 2,
      "hits:isolate": 2,
    };
    const addedTo = (hash: string) => Object.entries(counted).map(([field, by]) => ["HINCRBY", hash, field, by]);
    expect(sent).toEqual([[...addedTo(key), ...addedTo(TOTALS_KEY), ["EXPIRE", key, 900]]]);
    expect(metrics.counts.size).toBe(0);
  });

  test("are written at most every ten seconds, and not where there are none", async () => {
    expect(metrics.isDue(clock.ms)).toBe(true);
    await metrics.flush(scope);
    expect(sent).toEqual([]);
    clock.advance(9_999);
    expect(metrics.isDue(clock.ms)).toBe(false);
    clock.advance(1);
    expect(metrics.isDue(clock.ms)).toBe(true);
  });

  test("that could not be written are written the next time, with what came since", async () => {
    metrics.responded(200, 1);
    isAway = true;
    await metrics.flush(scope);
    metrics.responded(200, 1);
    isAway = false;
    await metrics.flush(scope);
    expect(sent[1]).toContainEqual(["HINCRBY", statsKeyOf(clock.ms), "requests", 2]);
  });

  test("wait while Redis is known to be away", async () => {
    const waiting = new Metrics({ pipeline: () => Promise.reject(new Error("asked")) }, () => false);
    waiting.hot();
    await waiting.flush(scope);
    expect(waiting.counts.get(FIELDS.hot)).toBe(1);
  });
});

describe("performance", () => {
  const minute = (counters: Record<string, number>) => new Map(Object.entries(counters));

  test("is unknown where nothing was counted", () => {
    expect(performanceOf([minute({})])).toEqual({
      responseTimeP95Ms: null,
      cacheHitRatio: null,
      traffic: {
        error_ratio: null,
        slow_ratio: null,
        tiers: { isolate: null, colo: null, redis: null, origin: null },
      },
    });
  });

  test("is the 95th percentile over all minutes, and shares of responses and page reads", () => {
    const minutes = [
      minute({ requests: 1_994, "ms:1": 90, "ms:20": 4, "hits:isolate": 700, "hits:colo": 100, "hits:origin": 50 }),
      minute({ requests: 6, errors: 1, "ms:50": 4, "ms:500": 1, "ms:inf": 1, "hits:redis": 150 }),
    ];
    expect(performanceOf(minutes)).toEqual({
      responseTimeP95Ms: 50,
      cacheHitRatio: 0.95,
      traffic: {
        error_ratio: 0.0005,
        slow_ratio: 0.001,
        tiers: { isolate: 0.7, colo: 0.1, redis: 0.15, origin: 0.05 },
      },
    });
  });

  test("of what took longer than all bounds is the last of them", () => {
    expect(performanceOf([minute({ "ms:inf": 3 })]).responseTimeP95Ms).toBe(5_000);
  });
});
