import { describe, expect, it } from "vitest";
import { nbp } from "#core/providers/nbp.ts";
import { urlOf } from "#core/providers/provider.ts";
import { freshnessOf, outlookAt } from "#core/rates/freshness.ts";
import { expectedLatest } from "#core/time/publication.ts";
import { TABLE_A, TABLE_B } from "./fixtures/nbp.ts";
import { at, errorOf, faults, lines, parse, parsed, seriesOf } from "./helpers.ts";

const span = { from: "2026-03-01", to: "2026-03-05" };
const a = { now: "2026-03-05T18:00:00Z", series: "USD CAD JPY", span };
const b = { now: "2026-03-05T18:00:00Z", series: "IRR LBP NIO", span };

const requests = (range: typeof span, names?: string) =>
  nbp
    .requests(
      { series: names === undefined ? nbp.series : seriesOf(nbp, names), span: range },
      { nowMs: at(a.now), hasSecret: false },
    )
    .map((request) => urlOf("", request));

describe("what is asked of NBP", () => {
  it("is both tables, at most 93 days at once, none to come", () => {
    expect(requests({ from: "2025-11-30", to: "2026-03-31" })).toEqual([
      "/exchangerates/tables/A/2025-12-03/2026-03-05/?format=json",
      "/exchangerates/tables/B/2025-12-03/2026-03-05/?format=json",
      "/exchangerates/tables/A/2025-11-30/2025-12-02/?format=json",
      "/exchangerates/tables/B/2025-11-30/2025-12-02/?format=json",
    ]);
  });

  it("is the table that holds the series", () => {
    expect(requests(span, "USD")).toEqual(["/exchangerates/tables/A/2026-03-01/2026-03-05/?format=json"]);
    expect(requests(span, "NIO")).toEqual(["/exchangerates/tables/B/2026-03-01/2026-03-05/?format=json"]);
  });
});

describe("NBP's tables", () => {
  it("keep the zeros of bare numbers", () => {
    expect(lines(parse(nbp, TABLE_A, a))).toEqual([
      "nbp.CAD 2026-03-02 2.6410",
      "nbp.CAD 2026-03-03 2.6500",
      "nbp.JPY 2026-03-02 0.022963",
      "nbp.JPY 2026-03-03 0.023100",
      "nbp.USD 2026-03-02 3.6056",
      "nbp.USD 2026-03-03 3.6500",
    ]);
  });

  it("may write small numbers with an exponent", () => {
    expect(lines(parse(nbp, TABLE_B, b))).toEqual([
      "nbp.IRR 2026-03-04 0.0000028",
      "nbp.LBP 2026-03-04 0.000041",
      "nbp.NIO 2026-03-04 0.1000",
    ]);
  });

  it("vouch for all dates asked for, but not for a series that ends earlier", () => {
    const shorter = TABLE_A.replace(/,\{"currency":"jen \(Japonia\)","code":"JPY","mid":0.023100\}/, "");
    const complete = Object.fromEntries(parsed(parse(nbp, shorter, a)).series.map((one) => [one.series, one.complete]));
    expect(complete).toEqual({
      "nbp.CAD": span,
      "nbp.JPY": { from: "2026-03-01", to: "2026-03-02" },
      "nbp.USD": span,
    });
  });

  it("of other kinds are refused", () => {
    expect(errorOf(parse(nbp, TABLE_A, b))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(parse(nbp, TABLE_B, a))).toMatchObject({ kind: "invalid_response" });
    for (const body of ["[]", "{}", "[1]", '[{"table":"A","effectiveDate":"2026-03-02","rates":[1]}]'])
      expect(errorOf(parse(nbp, body, a))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(parse(nbp, TABLE_A.slice(0, -1), a))).toMatchObject({ kind: "transient" });
  });

  const NONE = "404 NotFound - Not Found - Brak danych";
  const days = (from: string, to: string) => ({ from, to });

  it.each([
    ["Christmas", "USD", days("2025-12-24", "2025-12-28")],
    ["a day that is not over", "USD", days("2026-03-05", "2026-03-05")],
    ["a quarter before its first table", "NIO", days("2025-12-03", "2026-03-04")],
    ["the newest dates of a weekly table", "NIO", "newest" as const],
  ])("of no day are no fault within %s", (_, series, asked) => {
    const none = parse(nbp, NONE, { now: "2026-03-05T10:00:00Z", series, span: asked, status: 404 });
    expect(lines(none)).toEqual([]);
    expect(faults(none)).toEqual([]);
  });

  it.each([
    ["a gateway's page", "<html><h1>404 Not Found</h1></html>", "USD", days("2025-12-24", "2025-12-28")],
    ["an unknown path", "404 NotFound", "USD", days("2025-12-24", "2025-12-28")],
  ])("are not read with %s: that is a fault", (_, body, series, asked) => {
    const result = parse(nbp, body, { now: a.now, series, span: asked, status: 404 });
    expect(errorOf(result)).toEqual({ kind: "bad_request", reason: "status 404" });
  });

  it("without a series, or with a value that is no number, say so", () => {
    expect(faults(parse(nbp, TABLE_A, { ...a, series: "USD EUR" }))).toEqual(["nbp.EUR: not in the response"]);
    expect(faults(parse(nbp, TABLE_A.replace("3.6056", "null"), a))).toEqual(["nbp.USD: no rate on 2026-03-02"]);
    expect(faults(parse(nbp, TABLE_A.replace("3.6056", "-3.6056"), a))).toEqual(["nbp.USD: no rate on 2026-03-02"]);
  });
});

describe("NBP's weekly table", () => {
  const [weekly] = seriesOf(nbp, "NIO").map(({ publication }) => publication);

  it("is expected on Wednesdays and stale when a week is missed", () => {
    if (weekly === undefined) throw new Error("no publication of its own");
    expect(expectedLatest(weekly, at("2026-03-04T11:00:00Z"))).toBe("2026-02-25");
    expect(expectedLatest(weekly, at("2026-03-04T12:16:00Z"))).toBe("2026-03-04");
    expect(freshnessOf("2026-02-25", outlookAt(weekly, at("2026-03-05T12:00:00Z"))).stale).toBe(false);
    expect(freshnessOf("2026-02-25", outlookAt(weekly, at("2026-03-12T12:00:00Z"))).stale).toBe(true);
  });
});
