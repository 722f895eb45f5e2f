import fc from "fast-check";
import { expect } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { addDays } from "#core/time/dates.ts";
import { isBankDay, mexicoCityDate } from "../../../tools/simulators/banxico/mexico.ts";
import { TestMessage } from "./doubles.ts";
import { heal, type World } from "./world.ts";

/** What may befall the ingestion, for property tests over a model of the origin and over the real one. */
const DAY_MS = 86_400_000;
const FIRST_DAY = "2022-12-01";
/** A Monday: the first day without a value. */
export const TODAY = "2023-03-13";
const TOKEN = "t".repeat(64);
export const INGEST = "paridad:v1:ingest:banxico";
export const ids = banxico.series.map(({ id }) => id);

/** What Banxico may do between two minutes: to the values themselves, and to whom it says them. `ago`: bank days. */
const provider = fc.oneof(
  fc.record({ what: fc.constant("publish" as const), move: fc.constantFrom(0.01, -0.02, 0.3, -0.25) }),
  fc.record({ what: fc.constant("revise" as const), ago: fc.nat(40), cents: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ what: fc.constant("take back" as const), ago: fc.nat(40) }),
  fc.record({ what: fc.constantFrom("lack", "spoil", "cut", "equal"), series: fc.nat(4) }),
  fc.record({ what: fc.constantFrom("limit ranges", "limit newest"), minutes: fc.nat(2_000) }),
  fc.record({ what: fc.constant("banxico away" as const) }),
);
/** And what may happen to everything else. */
const platform = fc.oneof(
  fc.record({ what: fc.constant("no ticks" as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    what: fc.constantFrom(
      ...(["origin away", "responses lost", "redis away", "queue away", "flush", "lose the queue"] as const),
      ...(["deliver twice", "deliver backwards", "old origin", "new token", "garbage"] as const),
    ),
  }),
);
const quiet = fc.record({ what: fc.constantFrom("tick", "tick", "deliver", "an hour", "heal") });
export const strike = fc.oneof(provider, platform, quiet, quiet);
export type Strike = typeof strike extends fc.Arbitrary<infer T> ? T : never;

/** Every bank day before today, a value for each series. */
export function fill(world: World): void {
  for (let date = FIRST_DAY; date < TODAY; date = addDays(date, 1))
    if (isBankDay(date)) world.site.putAll([date, "17.0000"]);
}

/** Until everything that waits can have been confirmed: a quiet day, a new value, and the next morning's audits. */
export async function settleDown(world: World): Promise<void> {
  await world.minutes(45);
  for (let day = 0; day < 4; day++) {
    while (publish(world, 0.001));
    await world.minutes(6);
    world.nowMs = nextMorningMs(world.nowMs);
    await world.minutes(5);
    world.nowMs += 70 * 60_000;
    await world.minutes(15);
  }
}

/** One minute after the daily audit is due. */
function nextMorningMs(nowMs: number): number {
  const morningMs = Date.parse("2023-03-13T10:01:00Z");
  return morningMs + Math.ceil((nowMs - morningMs) / DAY_MS) * DAY_MS;
}

const pastDays = (world: World, id = ids[1]) => [...(world.site.values.get(id as string)?.keys() ?? [])].sort();

/**
 * A value for the first bank day of which nothing was ever said, moved from the last one, unless it lies ahead. What jumped
 * stays there: a single value far from both its neighbours waits for a person.
 */
function publish(world: World, move: number): boolean {
  const [first = ""] = ids;
  const [beforeLast = "", last = ""] = pastDays(world, first).slice(-2);
  let date = addDays(last, 1);
  while (!isBankDay(date)) date = addDays(date, 1);
  if (date > mexicoCityDate(world.nowMs)) return false;
  const rateOf = (id: string, day: string) => Number(world.site.values.get(id)?.get(day));
  const hasJumped = Math.abs(rateOf(first, last) / rateOf(first, beforeLast) - 1) > 0.1;
  for (const id of ids) {
    const [own = ""] = pastDays(world, id).slice(-1);
    world.site.put(id, [date, (rateOf(id, own) * (1 + (hasJumped ? 0.01 : move))).toFixed(4)]);
  }
  return true;
}

export async function happen(world: World, one: Strike): Promise<void> {
  const days = pastDays(world);
  const dayAgo = "ago" in one ? (days.at(-1 - one.ago) ?? FIRST_DAY) : "";
  const struck = "series" in one ? (ids[one.series] as string) : "";
  const providerId = struck.replace("banxico.", "");
  switch (one.what) {
    case "publish":
      publish(world, one.move);
      return;
    case "revise": {
      const before = Number(world.site.values.get(ids[1] as string)?.get(dayAgo) ?? 18);
      world.site.put(ids[1] as string, [dayAgo, (before + one.cents / 100).toFixed(4)]);
      return;
    }
    case "take back":
      // A response that lacks more is taken for one that was cut.
      if (pastDays(world, ids[0]).length - days.length < 3) world.site.take(ids[1] as string, dayAgo);
      return;
    case "lack":
      world.site.lacks.add(struck);
      return;
    case "spoil":
      world.site.spoil = (entry) => (entry.idSerie === providerId ? { ...entry, titulo: "?" } : entry);
      return;
    case "cut":
      world.site.spoil = (entry) => ({ ...entry, datos: (entry.datos as unknown[] | undefined)?.slice(-2) });
      return;
    case "equal":
      // Without the other of the two nobody can tell whose values they are: that is for a person.
      world.site.spoil = (entry) =>
        entry.idSerie === providerId && !world.site.lacks.has(ids[0] as string)
          ? { ...entry, datos: world.site.datosOf(ids[0] as string) }
          : entry;
      return;
    case "limit ranges":
    case "limit newest":
      world.site.limits.push({
        token: TOKEN,
        isNewest: one.what === "limit newest",
        resetMs: world.nowMs + one.minutes * 60_000,
      });
      return;
    case "no ticks":
      world.nowMs += one.minutes * 60_000;
      return;
    case "an hour":
      return await world.minutes(60);
    case "tick":
      return await world.tick();
    case "deliver":
      await world.deliver();
      return;
    case "origin away":
      world.origin.chaos = "away";
      return;
    case "old origin":
      world.origin.isOld = true;
      return;
    case "responses lost":
      world.origin.chaos = "answer_lost";
      return;
    case "redis away":
      world.redis.isAway = true;
      return;
    case "banxico away":
      world.site.instead = () => new Response("down", { status: 503 });
      return;
    case "queue away":
      world.queue.isAway = true;
      return;
    case "flush":
      if (!world.redis.isAway) await world.redis.send(["FLUSHALL"]);
      return;
    case "garbage":
      if (!world.redis.isAway) await world.redis.send(["HSET", INGEST, `version:${ids[1]}`, "0", "newest:x", "{"]);
      return;
    case "new token":
      world.banxico = world.clientWith("n".repeat(64));
      return;
    case "lose the queue":
      world.queue.waiting = [];
      return;
    case "deliver twice":
      await world.deliver(world.queue.waiting.map(({ id, body }) => new TestMessage(`${id} again`, body)));
      return;
    case "deliver backwards":
      world.queue.waiting.reverse();
      await world.deliver();
      return;
    case "heal":
      heal(world);
      return;
  }
}

const YEARS = [2022, 2023];

/** Whatever happens between, Redis and the origin end with what Banxico publishes, and stay there. */
export async function holdsWhatIsPublished(world: World, strikes: readonly Strike[]): Promise<void> {
  fill(world);
  for (const one of strikes) {
    await happen(world, one);
    world.nowMs += 60_000;
  }
  heal(world);
  await settleDown(world);
  const stored = async () => await Promise.all(ids.map((id) => world.origin.pages(id, 2022, 2023)));
  const pages = await stored();
  for (const [index, id] of ids.entries()) {
    for (const year of YEARS) {
      const published = [...(world.site.values.get(id) ?? [])].filter(([date]) => date.startsWith(`${year}-`)).sort();
      const page = pages[index]?.find((one) => one.year === year);
      expect(page?.observations).toEqual(published);
      expect(await world.redis.page(id, year)).toEqual(page);
    }
  }
  // And it is at rest: what is sent says nothing new, and an hour costs a request or two.
  const { length } = world.site.requests;
  await world.minutes(62);
  expect(await stored()).toEqual(pages);
  expect(world.site.requests.length - length).toBeLessThanOrEqual(2);
}
