import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { Model, onWeekdays } from "./model.ts";

/** Revisions, withdrawals and order. */

const DAYS = onWeekdays(
  "2025-11-03",
  Array.from({ length: 16 }, (_, index) => `18.${50 + index}`),
);
const WHOLE = { complete: { from: "2025-01-01", to: "2025-11-28" } };
const filled = () => {
  const model = new Model();
  model.commit({ observations: DAYS });
  return model;
};
const without = (...dates: (string | undefined)[]) => DAYS.filter(([date]) => !dates.includes(date));
const scaled = (days: readonly Observation[], factor: number) =>
  days.map(([date, value]): Observation => [date, (Number(value) * factor).toFixed(4)]);
const LAST = DAYS.at(-1)?.[0] as string;

describe("what a provider takes back", () => {
  test("is withdrawn once a second reading misses it too, and comes back as a further revision", () => {
    const model = filled();
    expect(model.commit({ observations: without(LAST), ...WHOLE })).toMatchObject({ withdrawn: 0, quarantined: 1 });
    expect(model.waiting).toEqual([`${LAST} 18.65 withdrawal`]);
    expect(model.commit({ observations: without(LAST), ...WHOLE })).toMatchObject({ withdrawn: 0, quarantined: 1 });
    model.pass(5);
    expect(model.commit({ observations: without(LAST), ...WHOLE })).toMatchObject({ withdrawn: 1, quarantined: 0 });
    expect(model.values).toEqual(without(LAST));
    expect(model.commit({ observations: without(LAST), ...WHOLE })).toMatchObject({ withdrawn: 0, unchanged: 15 });
    expect(model.commit({ observations: DAYS, ...WHOLE })).toMatchObject({ revised: 1, unchanged: 15 });
    expect([model.values, model.waiting]).toEqual([DAYS, []]);
  });

  test("is kept if it was only late", () => {
    const model = filled();
    model.commit({ observations: without(LAST), ...WHOLE });
    model.pass(5);
    model.commit({ observations: DAYS, ...WHOLE });
    expect(model.waiting).toEqual([]);
    model.pass(5);
    expect(model.commit({ observations: without(LAST), ...WHOLE })).toMatchObject({ withdrawn: 0, quarantined: 1 });
  });

  test("an empty, short or cut response takes nothing back", () => {
    const readings: Observation[][] = [[], DAYS.slice(0, 12), DAYS.slice(4), DAYS.slice(0, 1), without(LAST)];
    for (const observations of readings) {
      const model = filled();
      const complete = observations.length === 15 ? null : WHOLE.complete;
      for (let time = 0; time < 4; time++, model.pass(14)) model.commit({ observations, year: 2025, complete });
      expect(model.values).toEqual(DAYS);
    }
  });

  test("the first day of a year can be taken back, although nothing of the year is left", () => {
    const model = new Model();
    model.nowMs = Date.parse("2026-01-02T20:00:00Z");
    model.commit({ observations: [["2026-01-02", "18.1"]] });
    const gone = { observations: [], year: 2026, complete: { from: "2026-01-01", to: "2026-01-02" } };
    expect(model.commit(gone)).toMatchObject({ quarantined: 1 });
    model.pass(5);
    expect(model.commit(gone)).toMatchObject({ withdrawn: 1 });
  });

  test("many at once need an hour", () => {
    const model = filled();
    const fewer = { observations: DAYS.slice(0, 12), ...WHOLE };
    expect(model.commit(fewer)).toMatchObject({ withdrawn: 0, quarantined: 4 });
    expect(new Set(model.kept.map(({ reason }) => reason))).toEqual(new Set(["mass_withdrawal"]));
    model.pass(59);
    expect(model.commit(fewer)).toMatchObject({ withdrawn: 0 });
    model.pass(1);
    expect(model.commit(fewer)).toMatchObject({ withdrawn: 4, quarantined: 0 });
    expect([model.values, model.waiting]).toEqual([DAYS.slice(0, 12), []]);
  });

  test("only within what the response was whole for", () => {
    const model = filled();
    const complete = { from: "2025-11-10", to: "2025-11-14" };
    const observations = DAYS.filter(([date]) => date >= "2025-11-11" && date <= "2025-11-14");
    for (let time = 0; time < 2; time++, model.pass(5)) model.commit({ observations, complete });
    expect(model.values).toEqual(without("2025-11-10"));
  });
});

describe("many revisions", () => {
  test("five pass, six wait for a reading an hour later", () => {
    const model = filled();
    expect(model.commit({ observations: scaled(DAYS.slice(0, 5), 1.05) })).toMatchObject({ revised: 5 });
    model.pass(1_439);
    expect(model.commit({ observations: scaled(DAYS.slice(5, 6), 1.05) })).toMatchObject({
      revised: 0,
      quarantined: 1,
    });
    model.pass(60);
    expect(model.commit({ observations: scaled(DAYS.slice(5, 6), 1.05) })).toMatchObject({ revised: 1 });
    const other = filled();
    const six = { observations: scaled(DAYS.slice(0, 6), 1.05) };
    expect(other.commit(six)).toMatchObject({ revised: 0, quarantined: 6 });
    other.pass(59);
    expect(other.commit(six)).toMatchObject({ revised: 0, quarantined: 6 });
    other.pass(1);
    expect(other.commit(six)).toMatchObject({ revised: 6, quarantined: 0 });
    expect(other.waiting).toEqual([]);
  });

  test("are forgotten if the provider says again what is stored", () => {
    const model = filled();
    model.commit({ observations: scaled(DAYS, 1.05) });
    model.pass(30);
    model.commit({ observations: DAYS });
    model.pass(31);
    expect(model.commit({ observations: scaled(DAYS, 1.05) })).toMatchObject({ revised: 0, quarantined: 16 });
  });

  test("the same reading delivered again an hour later is no second one", () => {
    const model = filled();
    const reading = model.reading({ observations: scaled(DAYS, 1.05), ...WHOLE });
    model.apply(reading);
    model.pass(120);
    expect(model.apply(reading)).toMatchObject({ revised: 0, quarantined: 16 });
  });
});

describe("order", () => {
  test("what differs from a newer revision than the reading knew is overtaken, never unchanged", () => {
    const model = filled();
    const late = model.reading({ observations: DAYS, ...WHOLE });
    model.commit({ observations: [[LAST, "18.70"]] });
    model.pass(-10);
    expect(model.apply(late)).toMatchObject({ unchanged: 15, revised: 0, overtaken: 1 });
    expect(model.commit({ observations: [[LAST, "18.66"]] })).toMatchObject({ revised: 1, overtaken: 0 });
  });

  test("a date that was stored after the reading was made is not missing", () => {
    const model = filled();
    const early = model.reading({ observations: DAYS, ...WHOLE });
    model.commit({ observations: [["2025-11-25", "18.66"]] });
    expect(model.apply(early)).toMatchObject({ withdrawn: 0, quarantined: 0, overtaken: 1 });
  });

  test("without a version the readings' own times decide", () => {
    const model = filled();
    const late = model.reading({ observations: [[LAST, "18.65"]], based_on: null });
    model.pass(1);
    model.commit({ observations: [[LAST, "18.70"]], based_on: null });
    expect(model.apply(late)).toMatchObject({ overtaken: 1 });
    model.pass(1);
    expect(model.commit({ observations: [[LAST, "18.71"]], based_on: null })).toMatchObject({ revised: 1 });
  });
});

test("values are compared by what they are worth", () => {
  const model = filled();
  const longer = DAYS.map(([date, value]): Observation => [date, `${value}00`]);
  expect(model.commit({ observations: longer })).toMatchObject({ unchanged: 16 });
  const both: Observation[] = [
    ["2025-11-25", "18.7"],
    ["2025-11-25", "18.70"],
  ];
  expect(model.commit({ observations: both })).toMatchObject({ accepted: 1, quarantined: 0 });
  expect(model.values.at(-1)).toEqual(["2025-11-25", "18.70"]);
});

describe("laws", () => {
  const step = fc.record({
    changed: fc.array(fc.tuple(fc.nat(15), fc.integer({ min: 1_000, max: 300_000 })), { maxLength: 12 }),
    dropped: fc.array(fc.nat(15), { maxLength: 6 }),
    minutes: fc.constantFrom(0, 1, 5, 61, 1_500),
  });
  const readingOf = ({ changed, dropped }: { changed: [number, number][]; dropped: number[] }) => {
    const values = new Map(DAYS);
    for (const [index, units] of changed) values.set(DAYS[index]?.[0] as string, (units / 10_000).toFixed(4));
    for (const index of dropped) values.delete(DAYS[index]?.[0] as string);
    return { observations: [...values], year: 2025, ...WHOLE };
  };

  test("committing twice changes nothing, and nothing beyond the bound is ever stored", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const model = filled();
        for (const one of steps) {
          const reading = model.reading(readingOf(one));
          model.apply(reading);
          const before = [model.values, model.waiting, model.seq];
          expect(model.apply({ ...reading, based_on: model.seq })).toMatchObject({
            accepted: 0,
            revised: 0,
            withdrawn: 0,
          });
          expect([model.values, model.waiting, model.seq]).toEqual(before);
          for (const [, value] of model.values) {
            expect(Number(value)).toBeLessThan(18.5 * 9);
            expect(Number(value)).toBeGreaterThan(18.5 / 9);
          }
          model.pass(one.minutes);
        }
      }),
      {
        numRuns: 300,
        // A value that waits beside one that this reading revises.
        examples: [
          [
            [
              { changed: [[0, 167_395]], dropped: [7, 1], minutes: 61 },
              { changed: [], dropped: [7, 1], minutes: 0 },
              { changed: [], dropped: [], minutes: 1_500 },
              {
                changed: [
                  [7, 205_341],
                  [8, 185_801],
                ],
                dropped: [],
                minutes: 0,
              },
            ],
          ],
        ],
      },
    );
  });

  test("what a provider says three times, hours apart, is what is stored, or it waits", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), step, (steps, last) => {
        const model = filled();
        for (const one of steps) {
          model.commit(readingOf(one));
          model.pass(one.minutes);
        }
        const said = readingOf(last);
        for (let time = 0; time < 4; time++, model.pass(61)) model.commit(said);
        const waiting = new Set(model.kept.map(({ date }) => date));
        const settled = (values: readonly Observation[]) =>
          values.filter(([date]) => !waiting.has(date)).map(([date, value]) => [date, Number(value)]);
        if (said.observations.length > 0) expect(settled(model.values)).toEqual(settled(said.observations));
        // What waits is a jump: the rest was confirmed by being said again.
        for (const { reason } of model.kept) expect(reason).toBe("implausible_jump");
      }),
      { numRuns: 300 },
    );
  });
});
