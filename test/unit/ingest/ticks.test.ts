import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Applied, applyPoll, MAX_POLLS, type Poll, stalledSeries, type TickState } from "#core/ingest/ticks.ts";
import {
  dateOfInstant,
  historyOf,
  type Instant,
  instantAt,
  pagesOf,
  periodOf,
  slotOf,
  type Tick,
  withTick,
} from "#core/rates/ticks.ts";
import { MEXICO_CITY } from "#core/time/zones.ts";

const EUR = "exchangerate-api.EUR";
const JPY = "exchangerate-api.JPY";
const START_MS = Date.parse("2026-11-26T04:30:00Z");
const at = (polls: number, everySeconds = 30): Instant => instantAt(START_MS + polls * everySeconds * 1_000);
const dateOf = (instant: Instant) => dateOfInstant(instant, MEXICO_CITY);

function poll(instant: Instant, values: Record<string, string>, everySeconds = 30): Poll {
  return { provider: "exchangerate-api", instant, everySeconds, nextUpdate: null, tracked: [EUR], values };
}

/** Applies polls in the order in which they arrive, and keeps what a store would. */
class Kept {
  state: TickState | undefined;
  history: Tick[] = [];
  readonly closes = new Map<string, string>();

  apply(one: Poll): Applied {
    const applied = applyPoll(this.state, one, dateOf);
    for (const { tick, resumedAt } of applied.ticks) this.history = withTick(this.history, tick, resumedAt);
    const { closing, ...rest } = applied.state;
    for (const [date, { [EUR]: value }] of Object.entries(closing)) this.closes.set(date, value as string);
    this.state = { ...rest, closing: {} };
    return applied;
  }
}

/** What a series that is polled so often changes to: few values, so that many polls change nothing. */
const values = fc.array(fc.constantFrom("1.00", "1.01", "1.010", "1.02"), { minLength: 1, maxLength: 60 });

describe("polls", () => {
  test("leave the same behind in any order and however often they arrive: each change, and each day's last", () => {
    const arrivals = values.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
        fc.array(fc.nat(list.length - 1), { maxLength: 10 }),
        // Up to half a day between two, so that there are several days.
        fc.constantFrom(30, 3_600, 43_200),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([list, order, again, everySeconds]) => {
        const kept = new Kept();
        for (const index of [...order, ...again])
          kept.apply(poll(at(index, everySeconds), { [EUR]: list[index] as string }, everySeconds));
        // What was polled, told without any of the code under test.
        const changes: string[] = [];
        const lastOfDay = new Map<string, number>();
        for (const [index, value] of list.entries()) {
          if (index === 0 || Number(value) !== Number(list[index - 1])) changes.push(at(index, everySeconds));
          lastOfDay.set(dateOf(at(index, everySeconds)), Number(value));
        }
        expect(kept.history.map(([from]) => from)).toEqual(changes);
        for (const [index, value] of list.entries()) {
          const [, found] = kept.history.findLast(([from]) => from <= at(index, everySeconds)) ?? [];
          expect(Number(found)).toBe(Number(value));
        }
        lastOfDay.delete(dateOf(at(list.length - 1, everySeconds)));
        expect(new Map([...kept.closes].map(([date, value]) => [date, Number(value)]))).toEqual(lastOfDay);
        expect(kept.state?.heads[EUR]).toMatchObject({
          from: changes.at(-1),
          seen: at(list.length - 1, everySeconds),
        });
      }),
    );
  });

  test("in their own order change only the newest value where its ticks are not kept", () => {
    const kept = new Kept();
    const { ticks, state } = kept.apply(poll(at(0), { [EUR]: "1.1", [JPY]: "155" }));
    expect(ticks.map(({ series }) => series)).toEqual([EUR]);
    expect(state.heads[JPY]).toEqual({ from: at(0), value: "155", seen: at(0) });
    expect(kept.apply(poll(at(1), { [EUR]: "1.1", [JPY]: "155.0" })).state.heads[JPY]?.from).toBe(at(0));
  });

  test("from before those that are remembered are not stored", () => {
    const kept = new Kept();
    for (let index = 1; index <= MAX_POLLS + 1; index++) kept.apply(poll(at(index), { [EUR]: "1.1" }));
    expect(kept.apply(poll(at(0), { [EUR]: "1.12" }))).toMatchObject({ outcome: "late", ticks: [] });
    expect(kept.apply(poll(at(MAX_POLLS), { [EUR]: "1.1" })).outcome).toBe("duplicate");
  });
});

describe("a day's last value", () => {
  // Midnight in Mexico City is 06:00 in UTC.
  test("is of the day where the provider is, and there once the next day has begun", () => {
    const kept = new Kept();
    kept.apply(poll("2026-11-26T05:59:30Z", { [EUR]: "1.10" }));
    expect(kept.closes.size).toBe(0);
    kept.apply(poll("2026-11-26T06:00:00Z", { [EUR]: "1.11" }));
    expect([...kept.closes]).toEqual([["2026-11-25", "1.10"]]);
  });

  test("is not made for a series that the day did not have", () => {
    const kept = new Kept();
    kept.apply(poll("2026-11-24T18:00:00Z", { [EUR]: "1.10", [JPY]: "155" }));
    kept.apply(poll("2026-11-25T18:00:00Z", { [EUR]: "1.10" }));
    const { closing } = kept.apply(poll("2026-11-26T18:00:00Z", { [EUR]: "1.10", [JPY]: "155" })).state;
    expect(closing).toEqual({ "2026-11-25": { [EUR]: "1.10" } });
  });
});

describe("a value that moves too far", () => {
  const follow = (...list: string[]) => {
    const kept = new Kept();
    const held = list.map((value, index) => kept.apply(poll(at(index), { [EUR]: value })).held);
    return { held, value: kept.state?.heads[EUR]?.value, count: kept.history.length };
  };

  test.each([
    ["is stored once it is repeated", ["1.10", "1.30", "1.31"], { held: [0, 1, 0], value: "1.31", count: 2 }],
    ["is forgotten if it is not", ["1.10", "1.30", "1.11", "1.30"], { held: [0, 1, 0, 1], value: "1.11", count: 2 }],
    ["is not, by another as far off", ["1.10", "1.30", "1.50"], { held: [0, 1, 1], value: "1.10", count: 1 }],
    [
      "is not within the hour, if by a factor of three",
      ["1.1", "110", "110"],
      { held: [0, 1, 1], value: "1.1", count: 1 },
    ],
  ])("%s", (_, list, expected) => expect(follow(...list)).toEqual(expected));

  test("by a factor of three is stored after an hour of it", () => {
    expect(follow("1.1", ...Array(121).fill("110"))).toMatchObject({ value: "110", count: 2 });
  });
});

describe("pages", () => {
  test("hold an hour, or a day of a slower cadence, and never more than 366 ticks", () => {
    expect(periodOf("2026-11-26T18:00:30Z", 30)).toBe("2026-11-26T18");
    expect(periodOf("2026-11-26T18:00:30Z", 300)).toBe("2026-11-26");
    for (const [everySeconds, spanSeconds] of [
      [30, 3_600],
      [299, 3_600],
      [300, 86_400],
    ] as const)
      expect(spanSeconds / everySeconds).toBeLessThanOrEqual(366);
  });

  test("of the days that are kept have places of their own", () => {
    const hours = Array.from({ length: 8 * 24 }, (_, hour) =>
      slotOf(instantAt(START_MS + hour * 3_600_000).slice(0, 13)),
    );
    const days = Array.from({ length: 8 }, (_, day) => slotOf(instantAt(START_MS + day * 86_400_000).slice(0, 10)));
    expect(new Set([...hours, ...days]).size).toBe(8 * 24 + 8);
  });

  test("give the history back that they were cut from", () => {
    const history = values.map((list) =>
      list.reduce<Tick[]>((all, value, index) => withTick(all, [at(index, 900), value], undefined), []),
    );
    fc.assert(
      fc.property(history, (ticks) => {
        const pages = pagesOf(EUR, ticks, { since: at(0, 900), everySeconds: 30, periods: [] });
        expect(historyOf(pages)).toEqual(ticks);
        for (const page of pages.slice(1)) expect(historyOf(pages.slice(pages.indexOf(page)))[0]).toEqual(page.opening);
      }),
    );
  });
});

describe("a series has stalled", () => {
  const MINUTE_MS = 60_000;
  const stalledAfter = (kept: Kept, minutes: number) =>
    stalledSeries(kept.state as TickState, START_MS + minutes * MINUTE_MS);
  /** Polls each minute up to the last one. */
  const polled = (minutes: number, valuesAt: (minute: number) => Record<string, string>) => {
    const kept = new Kept();
    for (let minute = 0; minute <= minutes; minute++) kept.apply(poll(at(2 * minute), valuesAt(minute)));
    return kept;
  };

  test("if its value is held back for ten minutes, also one that is another each time", () => {
    const held = (minute: number) => ({ [EUR]: minute === 0 ? "0.86" : minute % 2 ? "8.6" : "86", [JPY]: "155" });
    const kept = polled(11, held);
    expect(stalledAfter(kept, 10)).toEqual([]);
    expect(stalledAfter(kept, 11)).toEqual([EUR]);
    kept.apply(poll(at(24), { [EUR]: "0.861", [JPY]: "155" }));
    expect(stalledAfter(kept, 12)).toEqual([]);
  });

  test("if it is missing from the polls, for a week at most", () => {
    const kept = polled(11, (minute) => ({ ...(minute === 0 && { [EUR]: "0.86" }), [JPY]: "155" }));
    expect(stalledAfter(kept, 11)).toEqual([EUR]);
    kept.apply(poll(at(2 * 60 * 24 * 8), { [JPY]: "155" }));
    expect(stalledAfter(kept, 60 * 24 * 8)).toEqual([]);
  });

  test("if no poll comes, or the provider repeats itself, unless it said that it would", () => {
    const kept = polled(3, () => ({ [EUR]: "0.86", [JPY]: "155" }));
    expect(stalledAfter(kept, 13)).toEqual([]);
    expect(stalledAfter(kept, 14)).toEqual([EUR, JPY]);
    kept.apply({ ...poll(at(8), { [EUR]: "0.86", [JPY]: "155" }), nextUpdate: at(2 * 60 * 24) });
    expect(stalledAfter(kept, 60 * 24 + 10)).toEqual([]);
    expect(stalledAfter(kept, 60 * 24 + 11)).toEqual([EUR, JPY]);
  });
});
