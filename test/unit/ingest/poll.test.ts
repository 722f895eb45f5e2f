import { beforeEach, describe, expect, test } from "vitest";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import { pollAll } from "../../../worker/ingest/poll.ts";
import { FIX, World } from "./world.ts";

const ID = "exchangerate-api";
const EUR = `${ID}.EUR`;
const MINUTE_MS = 60_000;
const START = "2026-11-26T18:00:00Z";

/** The rates of all currencies but the euro and the dollar. */
const OTHERS = Object.fromEntries(
  exchangeRateApi.series.filter(({ id }) => id !== EUR).map(({ quote }) => [quote, 155]),
);

/** ExchangeRate-API as it stands at the world's clock: every half minute other rates, or what a test says. */
class Site {
  readonly requests: string[] = [];
  instead: (() => Response | Error) | undefined;
  nextUpdateMs: number | undefined;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  readonly fetch: typeof fetch = async () => {
    const { nowMs } = this.#world;
    this.requests.push(new Date(nowMs).toISOString().slice(11, 19));
    const other = this.instead?.();
    if (other instanceof Error) throw other;
    if (other) return other;
    const updatedMs = nowMs - (nowMs % 30_000);
    return Response.json({
      result: "success",
      time_last_update_unix: updatedMs / 1_000,
      time_next_update_unix: (this.nextUpdateMs ?? updatedMs + 30_000) / 1_000,
      base_code: "USD",
      rates: { USD: 1, ...OTHERS, EUR: 0.85 + (updatedMs % 300_000) / 1e8 },
    });
  };
}

describe("an intraday provider", () => {
  let world: World;
  let site: Site;
  let pauses: number[];
  const poll = () => pollAll({ ...world, now: world.now, clients: world.clients, pause }, world.watch);
  const pause = async (ms: number) => {
    pauses.push(ms);
    world.nowMs += ms;
  };
  /** Fires the cron in each of so many minutes, the queue's work done after each. */
  const minutes = async (count: number) => {
    for (let minute = 0; minute < count; minute++) {
      const startMs = world.nowMs;
      await poll();
      await world.drain();
      world.nowMs = startMs + MINUTE_MS;
    }
  };
  const polls = () => world.origin.polls.states.get(ID)?.polls;
  const withCadence = (everySeconds: number) => {
    world = new World(START);
    site = new Site(world);
    pauses = [];
    world.add({ ...exchangeRateApi, everySeconds }, site.fetch);
  };
  beforeEach(() => withCadence(30));

  test("is polled twice a minute by one cron, and its ticks are stored", async () => {
    await minutes(2);
    expect(site.requests).toEqual(["18:00:00", "18:00:30", "18:01:00", "18:01:30"]);
    expect(pauses).toEqual([30_000, 30_000]);
    expect(polls()?.map((at) => at.slice(11, 19))).toEqual(site.requests);
    expect(world.origin.polls.states.get(ID)?.heads[EUR]).toMatchObject({
      value: "0.8509",
      seen: "2026-11-26T18:01:30Z",
    });
    expect(world.watch.exceptions).toEqual([]);
  });

  test("is polled no more often for two crons at once, or one that was started again", async () => {
    // No time passes meanwhile.
    const still = () =>
      pollAll({ ...world, now: world.now, clients: world.clients, pause: async () => {} }, world.watch);
    await Promise.all([still(), still()]);
    await still();
    expect(site.requests).toEqual(["18:00:00"]);
  });

  test("keeps no other provider waiting for its second poll", async () => {
    const waiting = Promise.withResolvers<void>();
    const polled = pollAll(
      { ...world, now: world.now, clients: world.clients, pause: () => waiting.promise },
      world.watch,
    );
    world.site.putAll(["2026-11-26", "17.0000"]);
    await world.minutes(2);
    expect(world.origin.page(FIX, 2026).observations).toEqual([["2026-11-26", "17.0000"]]);
    waiting.resolve();
    await polled;
  });

  test("once a minute has no wait, and one of five minutes skips four crons", async () => {
    withCadence(60);
    await minutes(3);
    expect(site.requests.length).toBe(3);
    withCadence(300);
    await minutes(11);
    expect(site.requests).toEqual(["18:00:00", "18:05:00", "18:10:00"]);
    expect(pauses).toEqual([]);
  });

  test("is left alone until the update that it announces, and a little longer if that is far", async () => {
    site.nextUpdateMs = Date.parse("2026-11-26T21:00:00Z");
    await minutes(240);
    expect(site.requests[0]).toBe("18:00:00");
    expect(site.requests[1]).toMatch(/^21:0[1-5]:/);
  });

  test("is polled again within the hour if series are missing, and what was missing is taken in", async () => {
    const rates: Record<string, number> = { ...OTHERS };
    const updated = Date.parse(START) / 1_000;
    site.instead = () =>
      Response.json({
        result: "success",
        time_last_update_unix: updated,
        time_next_update_unix: updated + 86_400,
        base_code: "USD",
        rates: { USD: 1, ...rates },
      });
    await minutes(30);
    expect(site.requests).toEqual(["18:00:00"]);
    expect(world.origin.polls.states.get(ID)?.heads[EUR]).toBeUndefined();
    rates.EUR = 0.85;
    await minutes(36);
    expect(site.requests).toHaveLength(2);
    expect(world.origin.polls.states.get(ID)?.heads[EUR]?.value).toBe("0.85");
    await minutes(120);
    expect(site.requests).toHaveLength(2);
  });

  test("that limits us is left alone as long as it says, at most an hour", async () => {
    site.instead = () => new Response("slow down", { status: 429, headers: { "Retry-After": "600" } });
    await minutes(10);
    expect(site.requests.length).toBe(1);
    site.instead = undefined;
    await minutes(2);
    expect(polls()?.[0]).toBe("2026-11-26T18:10:00Z");
  });

  test("that is away is tried again within a minute or two, and then goes on", async () => {
    site.instead = () => new Error("unreachable");
    await minutes(3);
    expect(world.watch.events).toContain(`ingest_failed ${ID} poll transient: not reachable`);
    site.instead = undefined;
    await minutes(8);
    expect(polls()?.length).toBeGreaterThan(2);
  });

  test("that lies about the time or sends nonsense changes nothing", async () => {
    site.instead = () =>
      Response.json({
        result: "success",
        base_code: "USD",
        time_last_update_unix: world.nowMs / 1_000 + 3_600,
        rates: { USD: 1, EUR: 2 },
      });
    await minutes(2);
    site.instead = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });
    await minutes(2);
    expect(polls()).toBeUndefined();
  });

  test("is polled every five minutes while Redis is away, and the queue has what it says", async () => {
    world.redis.isAway = true;
    await minutes(10);
    expect(site.requests.length).toBeLessThanOrEqual(4);
    world.redis.isAway = false;
    await world.deliver();
    expect(polls()?.length).toBeGreaterThanOrEqual(2);
  });

  test("loses nothing to an origin that is away, of an older release, or whose answers are lost", async () => {
    for (const trouble of ["away", "old", "answer_lost"] as const) {
      world.origin.chaos = trouble === "old" ? "none" : trouble;
      world.origin.isOld = trouble === "old";
      await minutes(2);
      world.origin.chaos = "none";
      world.origin.isOld = false;
      await world.drain();
    }
    expect(
      polls()
        ?.map((at) => at.slice(11, 19))
        .sort(),
    ).toEqual(site.requests);
    expect(world.queue.waiting).toEqual([]);
  });

  test("does not keep the cron waiting by a clock that is set back meanwhile", async () => {
    site.instead = () => {
      world.nowMs -= 86_400_000;
      return new Error("unreachable");
    };
    await poll();
    expect(Math.max(...pauses)).toBe(30_000);
  });

  test("is not read for daily values as well; one that is polled daily is", async () => {
    await world.tick();
    expect(site.requests).toEqual([]);
    withCadence(86_400);
    await world.minutes(6);
    expect(site.requests.length).toBeGreaterThan(0);
    expect(world.origin.page(EUR, 2026).observations).toEqual([["2026-11-26", "0.85"]]);
  });

  test("that is polled daily is read again after days without it, though it has no history", async () => {
    withCadence(86_400);
    await world.minutes(6);
    site.instead = () => new Response("down", { status: 503 });
    for (const day of ["27", "30"]) {
      world.nowMs = Date.parse(`2026-11-${day}T01:00:00Z`);
      await world.minutes(30);
    }
    site.instead = undefined;
    world.nowMs = Date.parse("2026-12-01T01:00:00Z");
    await world.minutes(30);
    expect(world.origin.page(EUR, 2026).observations.at(-1)?.[0]).toBe("2026-12-01");
  });
});
