import { describe, expect, test } from "vitest";
import { cbr } from "#core/providers/cbr.ts";
import type { Observation } from "#core/rates/page.ts";
import { parse, parsed } from "../providers/helpers.ts";
import { CRISIS } from "./history.ts";
import { FIX, Model, onWeekdays } from "./model.ts";

/** Values that move too far. */

const DAYS = onWeekdays(
  "2025-11-03",
  Array.from({ length: 16 }, () => "18.50"),
); // to 2025-11-24
const filled = () => {
  const model = new Model();
  model.commit({ observations: DAYS });
  return model;
};

describe("a true jump", () => {
  test("waits for one day: the second value near it confirms both", () => {
    const model = filled();
    const level = onWeekdays("2025-11-25", ["21.30", "21.31", "21.32"]);
    expect(model.commit({ observations: level.slice(0, 1) })).toMatchObject({ accepted: 0, quarantined: 1 });
    expect(model.waiting).toEqual(["2025-11-25 21.30 implausible_jump"]);
    expect(model.commit({ observations: level.slice(1, 2) })).toMatchObject({ accepted: 2, quarantined: 0 });
    expect(model.commit({ observations: level.slice(2) })).toMatchObject({ accepted: 1 });
    expect(model.values.slice(-3)).toEqual(level);
    expect(model.waiting).toEqual([]);
  });

  test("is whole at once if both come in one reading, and over New Year", () => {
    const model = filled();
    expect(model.commit({ observations: onWeekdays("2025-11-25", ["21.30", "21.31"]) })).toMatchObject({ accepted: 2 });
    const another = new Model();
    another.nowMs = Date.parse("2026-01-05T20:00:00Z");
    another.commit({ observations: [["2025-12-30", "18.5"]] });
    another.commit({ observations: [["2025-12-31", "21.3"]] });
    expect(another.commit({ observations: [["2026-01-02", "21.4"]] })).toMatchObject({ accepted: 2 });
  });

  test("the crisis of 1994 and 1995 passes, whole or day by day", () => {
    const [whole, daily] = [new Model(), new Model()];
    for (const year of Map.groupBy(CRISIS, ([date]) => date.slice(0, 4)).values())
      expect(whole.commit({ observations: year }).quarantined).toBe(0);
    for (const one of CRISIS) expect(daily.commit({ observations: [one] }).quarantined).toBe(0);
    expect(whole.values).toEqual(CRISIS);
    expect(daily.values).toEqual(CRISIS);
  });

  test("a level that came back at once stays in quarantine", () => {
    const model = filled();
    const values = onWeekdays("2025-11-25", ["21.30", "18.51", "21.31"]);
    for (const one of values) model.commit({ observations: [one] });
    expect(model.values.slice(-1)).toEqual(values.slice(1, 2));
    expect(model.waiting).toHaveLength(2);
  });
});

describe("ten times too high, or too low", () => {
  test.each(["185.0", "1.85", "60", "5.9"])("%s never passes, however many follow", (value) => {
    const model = filled();
    const values = onWeekdays(
      "2025-11-25",
      ["first", "second", "third", "fourth"].map(() => value),
    );
    expect(model.commit({ observations: values })).toMatchObject({ accepted: 0, quarantined: 4 });
    model.pass(61);
    for (const one of values) model.commit({ observations: [one] });
    expect(model.values).toEqual(DAYS);
    expect(model.waiting).toHaveLength(4);
  });

  test.each(["2025-12-09", "2026-11-25", "2045-11-24"])("nor on %s, however old the last value is", (date) => {
    const model = filled();
    model.nowMs = Date.parse("2046-01-01T20:00:00Z");
    for (const [on, value] of onWeekdays(date, ["185.0", "185.1", "185.2"]))
      expect(model.commit({ observations: [[on, value]] })).toMatchObject({ accepted: 0, quarantined: 1 });
  });

  test("nor if the Bank of Russia changes a nominal and not its value", () => {
    const model = new Model("cbr.CNY");
    const commit = (day: string, nominal: number, value: string) => {
      const body = `<ValCurs Date="${day}.11.2022"><Valute ID="R1"><CharCode>CNY</CharCode><Nominal>${nominal}</Nominal><Value>${value}</Value></Valute></ValCurs>`;
      const span = { from: "2022-11-01", to: "2022-11-30" };
      const result = parsed(parse(cbr, body, { now: "2022-11-30T20:00:00Z", series: "CNY", span }));
      return model.commit({ observations: result.series[0]?.observations ?? [] });
    };
    for (const day of ["01", "02", "03"]) expect(commit(day, 10, "84,0548")).toMatchObject({ accepted: 1 });
    for (const day of ["04", "08", "09"])
      expect(commit(day, 1, "84,1290")).toMatchObject({ accepted: 0, quarantined: 1 });
    expect(commit("10", 1, "8,4129")).toMatchObject({ accepted: 1 });
    expect(model.values.map(([, value]) => value)).toEqual(["8.40548", "8.40548", "8.40548", "8.4129"]);
  });

  test("nor when two hold a place in the middle", () => {
    const model = new Model();
    model.commit({ observations: [...DAYS.slice(0, 5), ...DAYS.slice(8)] });
    const hole = DAYS.slice(5, 8).map(([date]): Observation => [date, "185.0"]);
    expect(model.commit({ observations: hole })).toMatchObject({ accepted: 0, quarantined: 3 });
  });
});

test("a series does not begin with a value that is far from all that follow", () => {
  const model = new Model();
  const [first, ...others] = DAYS as [Observation, ...Observation[]];
  expect(model.commit({ observations: [[first[0], "185"], ...others] })).toMatchObject({
    accepted: 15,
    quarantined: 1,
  });
  expect(model.values).toEqual(others);
  expect(model.commit({ observations: DAYS })).toMatchObject({ accepted: 1 });
  expect(model.waiting).toEqual([]);
});

describe("a value for a date that has one", () => {
  test("is compared with that one", () => {
    const model = filled();
    const [date] = DAYS[5] as Observation;
    expect(model.commit({ observations: [[date, "18.9"]] })).toMatchObject({ revised: 1 });
    expect(model.commit({ observations: [[date, "25"]] })).toMatchObject({ revised: 0, quarantined: 1 });
  });

  test("that many of them move at once confirms none of them", () => {
    const model = filled();
    const higher = DAYS.map(([date]): Observation => [date, "21.3"]);
    const counts = model.commit({ observations: [...higher, ["2025-11-25", "21.3"]] });
    expect(counts).toMatchObject({ accepted: 0, revised: 0, quarantined: 17 });
    expect(model.values).toEqual(DAYS);
  });

  test("a hole between two stored days is held to both", () => {
    const model = new Model();
    model.commit({ observations: DAYS.filter((_, index) => index !== 7) });
    const [date] = DAYS[7] as Observation;
    expect(model.commit({ observations: [[date, "21.3"]] })).toMatchObject({ quarantined: 1 });
    expect(model.commit({ observations: [[date, "18.4"]] })).toMatchObject({ accepted: 1 });
    expect(model.waiting).toEqual([]);
  });

  test("days before the first stored one are held to it", () => {
    const model = filled();
    expect(model.commit({ observations: [["2025-10-31", "21.3"]] })).toMatchObject({ quarantined: 1 });
    expect(model.commit({ observations: [["2025-10-30", "18.3"]] })).toMatchObject({ accepted: 1 });
  });
});

test("values equal to another series' are refused, from five on", () => {
  const other = new Map(DAYS);
  for (const [count, reason] of [
    [4, undefined],
    [5, "same_as_other_series"],
  ] as const) {
    const model = new Model("banxico.SF46410");
    model.others = new Map([[FIX, other]]);
    const observations = DAYS.slice(0, count).map(([date, value]): Observation => [date, `${value}0`]);
    expect(model.commit({ observations }).accepted).toBe(reason ? 0 : count);
    expect(model.kept.map((row) => row.reason)).toEqual(reason ? Array(count).fill(reason) : []);
  }
  const model = new Model("banxico.SF46410");
  model.others = new Map([[FIX, other]]);
  const almost = DAYS.map(([date, value], index): Observation => [date, index === 9 ? "18.51" : value]);
  expect(model.commit({ observations: almost })).toMatchObject({ accepted: 16 });
});

describe("a new date beside many revisions", () => {
  const DAYS = onWeekdays(
    "2025-11-03",
    Array.from({ length: 16 }, (_, index) => (18.5 + 0.11 * (index % 3)).toFixed(2)),
  );
  const TODAY = "2025-11-25";
  const filled = () => {
    const model = new Model();
    model.commit({ observations: DAYS });
    return model;
  };
  const changed = (factor: number, days: readonly Observation[]) =>
    days.map(([date, value]): Observation => [date, (Number(value) * factor).toFixed(4)]);

  test.each([
    ["5 % higher, as all of them are", changed(1.05, [...DAYS, [TODAY, "18.61"]])],
    ["of the day before, as all of them are", [...DAYS.slice(1), [TODAY, ""]].map(([date], i) => [date, DAYS[i]?.[1]])],
  ])("%s, waits with them, and is stored with them if it is said again an hour later", (_, said) => {
    const observations = said as Observation[];
    const model = filled();
    expect(model.commit({ observations })).toMatchObject({ accepted: 0, revised: 0 });
    expect(model.waiting).toContain(`${TODAY} ${observations.at(-1)?.[1]} mass_revision`);
    model.pass(60);
    expect(model.commit({ observations })).toMatchObject({ accepted: 1, quarantined: 0 });
    expect(model.values.slice(-observations.length)).toEqual(observations);
    expect(model.waiting).toEqual([]);
  });

  test("is stored as soon as a response is right again", () => {
    const model = filled();
    model.commit({ observations: changed(1.05, [...DAYS, [TODAY, "18.61"]]) });
    model.pass(1);
    expect(model.commit({ observations: [...DAYS, [TODAY, "18.61"]] })).toMatchObject({ accepted: 1, quarantined: 0 });
    expect([model.values, model.waiting]).toEqual([[...DAYS, [TODAY, "18.61"]], []]);
  });

  test("is stored at once if these are as few as a provider corrects in a day, or only rounded otherwise", () => {
    const few = [...DAYS.slice(0, -5), ...changed(1.05, DAYS.slice(-5)), [TODAY, "18.61"] as const];
    expect(filled().commit({ observations: few })).toMatchObject({ accepted: 1, revised: 5 });
    const rounded = [...changed(1.0004, DAYS), [TODAY, "18.61"] as const];
    expect(filled().commit({ observations: rounded })).toMatchObject({ accepted: 1, revised: 0, quarantined: 16 });
  });
});
