import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodePage,
  emptyPage,
  encodePage,
  isPage,
  isRateValue,
  isSameContent,
  lastOnOrBefore,
  type Page,
  pageDigest,
} from "#core/rates/page.ts";
import { dates, observationLists, pages } from "../arbitraries.ts";

const KEY = { series: "banxico.SF43718", year: 2023 };

const page: Page = {
  ...KEY,
  version: 12,
  updated_at: "2023-01-04T18:01:02.345Z",
  observations: [
    ["2023-01-02", "19.4883"],
    ["2023-01-03", "19.4715"],
    ["2023-01-04", "19.3683"],
  ],
};

const decode = (change: object) => decodePage(JSON.stringify({ ...page, ...change }), KEY);

describe("the codec of pages", () => {
  it("gives back what it was given", () => {
    fc.assert(fc.property(pages(), (drawn) => void expect(decodePage(encodePage(drawn), KEY)).toEqual(drawn)));
    expect(decodePage(encodePage(emptyPage(KEY)), KEY)).toEqual(emptyPage(KEY));
  });

  it("refuses a page of another key", () => {
    fc.assert(
      fc.property(pages(2022), (drawn) => {
        expect(decodePage(encodePage(drawn), KEY)).toBeUndefined();
        expect(decodePage(encodePage(drawn), { series: "banxico.SF46410", year: 2022 })).toBeUndefined();
      }),
    );
  });

  it("refuses a text cut off anywhere", () => {
    fc.assert(
      fc.property(pages(), fc.double({ min: 0, max: 0.999, noNaN: true }), (drawn, share) => {
        const text = encodePage(drawn);
        expect(decodePage(text.slice(0, Math.floor(text.length * share)), KEY)).toBeUndefined();
      }),
    );
  });

  it("takes of any text no more than a valid page", () => {
    const text = encodePage(page);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(3), fc.string({ maxLength: 3 }), (at, cut, put) => {
        const decoded = decodePage(text.slice(0, at) + put + text.slice(at + cut), KEY);
        if (decoded === undefined) return;
        expect(isPage(decoded)).toBe(true);
        expect(decoded.observations.length).toBeLessThanOrEqual(page.observations.length);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["", "null", "[]", "1", '"page"', "{}", "<html></html>", "{", '{"__proto__":{"series":"banxico.SF43718"}}'])(
    "refuses the text %j",
    (text) => expect(decodePage(text, KEY)).toBeUndefined(),
  );

  it("does not take a prototype for the page's own members", () => {
    const text = `{"__proto__":${encodePage(page)},"constructor":{"prototype":{"polluted":true}}}`;
    expect(decodePage(text, KEY)).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(isPage(Object.create({ ...page, observations: undefined }))).toBe(false);
  });

  const [first, second, third] = page.observations;
  it.each<[string, object]>([
    ["dates out of order", { observations: [second, first, third] }],
    ["a date twice", { observations: [first, first, third] }],
    ["a date twice with another value", { observations: [first, ["2023-01-02", "1.0"]] }],
    ["a date of another year", { observations: [first, ["2024-01-02", "17.0"]] }],
    ["a date of the year before", { observations: [["2022-12-30", "19.4"], first] }],
    ["a date that does not exist", { observations: [["2023-02-30", "19.4"]] }],
    ["a value that is a number", { observations: [["2023-01-02", 19.4883]] }],
    ["a value of zero", { observations: [["2023-01-02", "0.0000"]] }],
    ["a negative value", { observations: [["2023-01-02", "-19.4883"]] }],
    ["no value", { observations: [["2023-01-02"]] }],
    ["three members", { observations: [["2023-01-02", "19.4883", "x"]] }],
    ["an observation that is an object", { observations: [{ 0: "2023-01-02", 1: "19.4883", length: 2 }] }],
    ["a hole", { observations: [null] }],
    ["observations that are no list", { observations: { 0: first, length: 1 } }],
    ["more observations than days", { observations: Array.from({ length: 367 }, () => first) }],
    ["no observations, but a version", { observations: [] }],
    ["no observations, but a time", { observations: [], version: 0 }],
    ["a version of zero", { version: 0 }],
    ["a negative version", { version: -1 }],
    ["a version that is no whole number", { version: 1.5 }],
    ["a version too large to be exact", { version: 2 ** 53 }],
    ["a version that is text", { version: "12" }],
    ["a year that is text", { year: "2023" }],
    ["no series", { series: undefined }],
    ["no time", { updated_at: null }],
    ["a time with an offset", { updated_at: "2023-01-04T18:01:02+00:00" }],
    ["a time that is a number", { updated_at: 1672855262345 }],
  ])("refuses a page with %s", (_, change) => expect(decode(change)).toBeUndefined());
});

describe("isRateValue", () => {
  it.each(["17.3485", "0.1125", "0.00000001", "3", "9".repeat(32)])("takes %s", (text) =>
    expect(isRateValue(text)).toBe(true),
  );

  it.each(["0", "0.0000", "-1", "N/E", "1,000.50", "", "9".repeat(33), "1e1", " 1", 17.3, null, undefined, ["1"]])(
    "refuses %j",
    (value) => expect(isRateValue(value)).toBe(false),
  );
});

describe("the content of a page", () => {
  it("is the same where the digest is, whatever the version", () => {
    fc.assert(
      fc.property(pages(), pages(), (a, b) => {
        expect(isSameContent(a, { ...a, version: 99 })).toBe(true);
        expect(pageDigest({ ...a, version: 99 })).toBe(pageDigest(a));
        expect(isSameContent(a, b)).toBe(pageDigest(a) === pageDigest(b));
      }),
    );
  });

  it.each<[string, Partial<Page>]>([
    ["another value", { observations: [["2023-01-02", "19.4884"], ...page.observations.slice(1)] }],
    ["another scale", { observations: [["2023-01-02", "19.48830"], ...page.observations.slice(1)] }],
    ["a date less", { observations: page.observations.slice(1) }],
    ["a date taken back", { withdrawn: ["2023-01-05"] }],
    ["a date that waits", { waiting: ["2023-01-05"] }],
  ])("differs with %s", (_, change) => {
    expect(isSameContent(page, { ...page, ...change })).toBe(false);
    expect(pageDigest({ ...page, ...change })).not.toBe(pageDigest(page));
  });
});

describe("lastOnOrBefore", () => {
  it("finds what a look at each observation finds", () => {
    fc.assert(
      fc.property(observationLists(), dates("1999-12-01", "2021-01-01"), (list, date) => {
        const before = list.filter(([observed]) => observed <= date);
        expect(lastOnOrBefore(list, date)).toEqual(before[before.length - 1]);
      }),
    );
  });
});
