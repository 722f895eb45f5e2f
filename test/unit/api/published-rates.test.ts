import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toJson } from "#core/api/formats/json.ts";
import { digestOf, type JoinedBody, joinedBody } from "#core/api/formats/segments.ts";
import { PublishedRates } from "#core/api/published-rates.ts";
import { ComputedRates, type RateList } from "#core/api/rate-list.ts";

import { fixingsOf } from "#core/rates/fixing.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { routeOf } from "../catalogues.ts";

const USD = "banxico.SF43718";
const route = routeOf("USD", "MXN");
const day = fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) });
const two = (number: number) => String(number).padStart(2, "0");
const observations = (year: number) =>
  fc
    .uniqueArray(day, { maxLength: 150, size: "max", selector: ({ month, day }) => month * 100 + day })
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

const read = (body: string | JoinedBody) =>
  typeof body === "string" ? body : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.bytes);
const textOf = (list: RateList) => read(joinedBody(list.toJson()));

describe("rates as they are published", () => {
  test("are those of the fixings, in number, order and bytes, also the newest of them", () => {
    fc.assert(
      fc.property(pages, date, date, fc.integer({ min: 1, max: 400 }), (years, from, to, count) => {
        const all = years.flatMap((page) => page.observations);
        const expected = new ComputedRates(from > to ? [] : fixingsOf([all], from, to), route);
        for (const [list, other] of [
          [PublishedRates.within(years, from, to), expected],
          [PublishedRates.within(years, from, to).newest(count), expected.newest(count)],
        ] as const) {
          expect([list.length, list.firstDate, list.rows()]).toEqual([other.length, other.firstDate, other.rows()]);
          // Twice, since a whole year is written once.
          for (let times = 0; times < 2; times++) expect(textOf(list)).toBe(JSON.stringify(other.rows()));
        }
      }),
    );
  });
});

const keptPart = (text: string) => ({ bytes: new TextEncoder().encode(text), digest: digestOf(text) });

test("the same rates have the same fingerprint when a later one has joined their page", () => {
  const rows = Array.from(
    { length: 70 },
    (_, index): Observation => [`2023-${two(1 + Math.floor(index / 28))}-${two(1 + (index % 28))}`, "18.5"],
  );
  const until = (count: number) => {
    const page: Page = {
      series: USD,
      year: 2023,
      version: count,
      updated_at: null,
      observations: rows.slice(0, count),
    };
    return joinedBody(PublishedRates.within([page], "2023-01-01", rows[64]?.[0] ?? "").toJson());
  };
  expect(until(66)).toEqual(until(65));
  expect(until(64)).not.toEqual(until(65));
});

describe("a body that is put together", () => {
  const SPLIT = fc.array(fc.record({ text: fc.string({ unit: "grapheme" }), isKept: fc.boolean() }));
  const segmentsOf = (parts: readonly { text: string; isKept: boolean }[]) =>
    parts.map(({ text, isKept }) => (isKept ? keptPart(text) : text));

  test("is its parts' text, and has one fingerprint however often it is made", () => {
    fc.assert(
      fc.property(SPLIT, (parts) => {
        const whole = parts.map(({ text }) => text).join("");
        const body = joinedBody(segmentsOf(parts));
        expect(read(body)).toBe(whole);
        expect(joinedBody(segmentsOf(parts))).toEqual(body);
      }),
    );
  });

  test("has another fingerprint if any part has another text", () => {
    fc.assert(
      fc.property(SPLIT, fc.nat(), fc.string(), (parts, at, text) => {
        const index = at % Math.max(1, parts.length);
        fc.pre(parts[index]?.isKept === true && parts[index].text !== text);
        const changed = parts.map((part, i) => (i === index ? { ...part, text } : part));
        const fingerprint = (list: typeof parts) => (joinedBody(segmentsOf(list)) as JoinedBody).fingerprint;
        expect(fingerprint(changed)).not.toBe(fingerprint(parts));
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
        const inParts = [JSON.stringify(list).slice(0, 3), keptPart(JSON.stringify(list).slice(3))];
        expect(read(toJson({ ...whole, list: [] }, { list: () => inParts }))).toBe(JSON.stringify(whole));
        expect(toJson({ ...whole, list: [] }, { list: () => [JSON.stringify(list)] })).toBe(JSON.stringify(whole));
        expect(toJson(whole)).toBe(JSON.stringify(whole));
      }),
    );
  });
});
