import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toJson } from "#core/api/formats/json.ts";
import { PublishedRates } from "#core/api/published-rates.ts";
import { ComputedRates } from "#core/api/rate-list.ts";

import { fixingsOf } from "#core/rates/fixing.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { routeOf } from "../catalogues.ts";

const USD = "banxico.SF43718";
const route = routeOf("USD", "MXN");
const day = fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) });
const two = (number: number) => String(number).padStart(2, "0");
const observations = (year: number) =>
  fc
    .uniqueArray(day, { maxLength: 12, selector: ({ month, day }) => month * 100 + day })
    .map((days) => days.map(({ month, day }) => `${year}-${two(month)}-${two(day)}`).sort())
    .map((dates) => dates.map((date, index): Observation => [date, `${18 + index}.4320`]));
const pages = fc
  .tuple(observations(2021), observations(2022), observations(2023))
  .map((years) =>
    years.map(
      (list, index): Page => ({ series: USD, year: 2021 + index, version: 1, updated_at: null, observations: list }),
    ),
  );
const date = fc
  .tuple(fc.integer({ min: 2020, max: 2024 }), day)
  .map(([year, on]) => `${year}-${two(on.month)}-${two(on.day)}`);

describe("rates as they are published", () => {
  test("are those of the fixings, in number, order and bytes, also the newest of them", () => {
    fc.assert(
      fc.property(pages, date, date, fc.integer({ min: 1, max: 40 }), (years, from, to, count) => {
        const all = years.flatMap((page) => page.observations);
        const expected = new ComputedRates(from > to ? [] : fixingsOf([all], from, to), route);
        for (const [list, other] of [
          [PublishedRates.within(years, from, to), expected],
          [PublishedRates.within(years, from, to).newest(count), expected.newest(count)],
        ] as const) {
          expect([list.length, list.firstDate, list.rows()]).toEqual([other.length, other.firstDate, other.rows()]);
          // Twice, since a whole year is written once.
          for (let times = 0; times < 2; times++) expect(list.toJson()).toBe(JSON.stringify(other.rows()));
        }
      }),
    );
  });
});

describe("JSON with fields that are written already", () => {
  test("is what JSON.stringify writes", () => {
    const content = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constant(undefined)));
    fc.assert(
      fc.property(content, fc.array(fc.jsonValue()), (fields, list) => {
        const whole = { ...fields, list, last: null };
        expect(toJson({ ...whole, list: [] }, { list: () => JSON.stringify(list) })).toBe(JSON.stringify(whole));
        expect(toJson(whole)).toBe(JSON.stringify(whole));
      }),
    );
  });
});
