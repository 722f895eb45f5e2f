import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { seriesInUse } from "#core/ingest/plan.ts";
import { ecb } from "#core/providers/ecb.ts";
import { nbp } from "#core/providers/nbp.ts";
import { businessDaysIn, TARGET } from "#core/time/calendars.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import { TestEcb } from "./ecb-site.ts";
import { EUR, FIX, World } from "./world.ts";

/** Several providers in one worker: what befalls one is nothing to the others. */

const CODES = seriesInUse(ecb).map(({ providerId }) => providerId);
const values = (usd: string) =>
  Object.fromEntries(CODES.map((code, index) => [code, (Number(usd) + index).toFixed(4)]));
const rateOf = async (world: World, series: string, date: string) =>
  (await world.redis.page(series, Number(date.slice(0, 4))))?.observations.find(([one]) => one === date)?.[1];

/** A Wednesday, 15:55 in Frankfurt: yesterday's values are stored, today's are announced in five minutes. */
async function beforeAnnouncement(): Promise<{ world: World; site: TestEcb }> {
  const world = new World("2024-02-27T20:00:00Z");
  const site = new TestEcb().put("2022-12-30", values("1.0666")).put("2023-12-29", values("1.1050"));
  for (const date of businessDaysIn(TARGET, "2024-02-01", "2024-02-27")) site.put(date, values("1.0856"));
  world.add(ecb, site.fetch);
  world.site.putAll(["2024-02-26", "17.0000"], ["2024-02-27", "17.1000"]);
  await world.minutes(15);
  world.nowMs = Date.parse("2024-02-28T14:55:00Z");
  await world.minutes(5);
  return { world, site };
}

describe("the ECB beside Banxico", () => {
  test("from its history to Redis, with a board, and the day's values a minute after they are out", async () => {
    const { world, site } = await beforeAnnouncement();
    expect(await rateOf(world, "ecb.USD", "2023-12-29")).toBe("1.1050");
    expect(site.requests[0]).toBe("/eurofxref-hist.zip");
    site.put("2024-02-28", values("1.0808"));
    await world.minutes(1);
    expect(await rateOf(world, "ecb.USD", "2024-02-28")).toBe("1.0808");
    expect(await rateOf(world, "ecb.JPY", "2024-02-28")).toBe("2.0808");
    const board = JSON.parse(String(await world.redis.get("paridad:v1:board:ecb")));
    expect(board).toMatchObject({ provider: "ecb", values: { "ecb.USD": ["2024-02-28", "1.0808"] } });
    expect(await world.redis.get("paridad:v1:board:banxico")).toContain('"banxico.SF43718":["2024-02-27","17.1000"]');
    expect(world.watch.exceptions).toEqual([]);
  });

  test("a day of all its series is one message, and a budget of its own counts its requests", async () => {
    const { world, site } = await beforeAnnouncement();
    site.put("2024-02-28", values("1.0808"));
    await world.tick();
    const bodies = world.queue.waiting.map(({ body }) => body as { readings?: unknown[] });
    expect(bodies.map(({ readings }) => readings?.length)).toEqual([CODES.length]);
    const fields = (await world.redis.send(["HGETALL", "paridad:v1:ingest:ecb"])) as string[];
    expect(Number(fields[fields.indexOf("requests:day:2024-02-28") + 1])).toBeGreaterThan(0);
  });

  test("a value that is taken back is gone, by its calendar and not by Mexico's", async () => {
    const { world, site } = await beforeAnnouncement();
    expect(await rateOf(world, "ecb.USD", "2024-02-27")).toBe("1.0856");
    site.values.delete("2024-02-27");
    site.put("2024-02-28", values("1.0808"));
    await world.minutes(30);
    expect(await world.redis.page("ecb.USD", 2024)).toMatchObject({ withdrawn: ["2024-02-27"] });
  });

  test("an origin of an older release takes Banxico's values; the others are read again, and nothing is a dead letter", async () => {
    const world = new World("2024-02-27T20:00:00Z");
    const site = new TestEcb().put("2024-02-27", values("1.0856"));
    world.add(ecb, site.fetch);
    world.site.putAll(["2024-02-27", "17.1000"]);
    world.origin.isOld = true;
    await world.minutes(3);
    expect(await rateOf(world, FIX, "2024-02-27")).toBe("17.1000");
    expect(await rateOf(world, "ecb.USD", "2024-02-27")).toBeUndefined();
    expect(await world.redis.send(["HLEN", "paridad:v1:dead-letters"])).toBe(0);
    expect(world.watch.notices).toContain("the origin does not know this provider yet");
    expect(site.requests.length).toBeLessThan(5);
    world.origin.isOld = false;
    await world.minutes(70);
    expect(await rateOf(world, "ecb.USD", "2024-02-27")).toBe("1.0856");
  });

  test("a page that lags is published again within the hour, one of a former year within a day", async () => {
    const { world } = await beforeAnnouncement();
    world.origin.recentFrom = 2023;
    const right = world.origin.page("ecb.USD", 2024);
    const past = world.origin.page("ecb.JPY", 2022);
    expect(past.observations).toHaveLength(1);
    await world.redis.send(["SET", "paridad:v1:page:ecb.USD:2024", JSON.stringify({ ...right, observations: [] })]);
    await world.redis.send(["DEL", "paridad:v1:page:ecb.JPY:2022"]);
    await world.minutes(61);
    expect(await world.redis.page("ecb.USD", 2024)).toEqual(right);
    for (let hour = 0; hour < 24; hour++) {
      world.nowMs += 3_600_000;
      await world.minutes(1);
    }
    expect(await world.redis.page("ecb.JPY", 2022)).toEqual(past);
  });

  test("a reading that the origin refuses keeps the others of its message from nothing", async () => {
    const { world, site } = await beforeAnnouncement();
    world.origin.refuses = (body) => ("series" in body && body.series === "ecb.JPY" ? 400 : undefined);
    site.put("2024-02-28", values("1.0808"));
    await world.minutes(1);
    expect(await rateOf(world, "ecb.USD", "2024-02-28")).toBe("1.0808");
    expect(await rateOf(world, "ecb.JPY", "2024-02-28")).toBeUndefined();
    expect(await world.redis.send(["HLEN", "paridad:v1:dead-letters"])).toBe(1);
  });

  test("a board that the origin's reader does not have yet follows with the next delivery", async () => {
    const { world, site } = await beforeAnnouncement();
    const board = world.origin.board.bind(world.origin);
    const behind = await board("ecb");
    site.put("2024-02-28", values("1.0808"));
    world.origin.board = async (id) => (id === "ecb" ? behind : board(id));
    await world.tick();
    await world.deliver();
    expect(await rateOf(world, "ecb.USD", "2024-02-28")).toBe("1.0808");
    world.origin.board = async () => {
      throw new OriginFailure("timeout", "boards");
    };
    await world.deliver();
    world.origin.board = board;
    await world.drain();
    expect(await world.redis.get("paridad:v1:board:ecb")).toContain('"ecb.USD":["2024-02-28","1.0808"]');
  });
});

const html = () => new Response("<!doctype html><p>", { headers: { "Content-Type": "text/html" } });
const fault = fc.constantFrom<() => Response | Error | Promise<Response>>(
  () => new TypeError("connection lost"),
  () => new Response("down", { status: 503 }),
  () => new Response("later", { status: 429, headers: { "Retry-After": "86400" } }),
  () => new Response("no", { status: 401 }),
  () => new Response("?", { status: 404 }),
  html,
  () => new Response("x".repeat(100)),
  () => new Response(`{"bmx":{"series":[{"idSerie":"SF43718","titulo":"?"}]}}`),
);

test("whatever one provider does, the others' values are in Redis minutes after they are out", async () => {
  await fc.assert(
    fc.asyncProperty(fault, fc.constantFrom("banxico", "ecb", "nbp"), async (wrong, id) => {
      const { world, site } = await beforeAnnouncement();
      let requests = 0;
      world.add(nbp, async () => {
        requests++;
        const answer = id === "nbp" ? await wrong() : new Response("", { status: 404 });
        if (answer instanceof Error) throw answer;
        return answer;
      });
      if (id === "ecb") site.instead = wrong;
      if (id === "banxico") world.site.instead = () => wrong() as Response | Error;
      site.put("2024-02-28", values("1.0808"));
      await world.minutes(5);
      expect(await rateOf(world, "ecb.USD", "2024-02-28")).toBe(id === "ecb" ? undefined : "1.0808");
      world.nowMs = Date.parse("2024-02-28T18:00:00Z");
      world.site.putAll(["2024-02-28", "17.2000"]);
      await world.minutes(5);
      expect(await rateOf(world, EUR, "2024-02-28")).toBe(id === "banxico" ? undefined : "18.2000");
      expect(requests).toBeGreaterThan(0);
      expect(world.watch.exceptions).toEqual([]);
      expect(await world.redis.send(["HLEN", "paridad:v1:dead-letters"])).toBe(0);
      for (const other of ["banxico", "ecb", "nbp"].filter((one) => one !== id))
        expect(String(await world.redis.get(`paridad:v1:breaker:${other}`))).not.toContain("open");
    }),
    { numRuns: 24 },
  );
});

describe("beside a provider that", () => {
  const publishFix = (world: World, value = "17.2000") => {
    world.nowMs = Date.parse("2024-02-28T18:00:00Z");
    world.site.putAll(["2024-02-28", value]);
  };

  test("does not respond, the others' values are in Redis within the same tick", async () => {
    const { world, site } = await beforeAnnouncement();
    let respond: (response: Response) => void = () => undefined;
    site.instead = () => new Promise<Response>((resolve) => (respond = resolve));
    publishFix(world);
    const tick = world.tick();
    await vi.waitFor(() => expect(world.queue.waiting).not.toEqual([]), { timeout: 20_000 });
    await world.drain();
    expect(await rateOf(world, EUR, "2024-02-28")).toBe("18.2000");
    site.instead = undefined;
    respond(new Response("late", { status: 503 }));
    await tick;
    expect(world.watch.exceptions).toEqual([]);
  });

  test.each([
    ["the ECB", "1.6284", "17.2000", undefined, "18.2000"],
    ["Banxico", "1.0808", "27.2000", "1.0808", undefined],
  ])("lies, as %s here, only its own values are held back", async (_, usd, fix, dollar, euro) => {
    const { world, site } = await beforeAnnouncement();
    site.put("2024-02-28", values(usd));
    await world.minutes(5);
    publishFix(world, fix);
    await world.minutes(5);
    expect(await rateOf(world, "ecb.USD", "2024-02-28")).toBe(dollar);
    expect(await rateOf(world, EUR, "2024-02-28")).toBe(euro);
    expect(world.watch.exceptions).toEqual([]);
  });
});
