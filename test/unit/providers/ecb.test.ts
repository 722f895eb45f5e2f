import { describe, expect, it } from "vitest";
import { ecb } from "#core/providers/ecb.ts";
import { urlOf } from "#core/providers/provider.ts";
import { DAILY_CSV, DAILY_XML, HISTORY_CSV } from "./fixtures/ecb.ts";
import { at, errorOf, faults, lines, parse, parsed, seriesOf } from "./helpers.ts";

const THREE = "USD GBP HUF";
const daily = { now: "2024-02-27T18:00:00Z", series: THREE };
const history = { now: "2023-12-29T18:00:00Z", series: "USD GBP HUF CYP", span: "all" } as const;

const urls = (span: Parameters<typeof parse>[2]["span"], now = "2026-04-13T20:00:00Z") =>
  ecb
    .requests({ series: ecb.series, span: span ?? "newest" }, { nowMs: at(now), hasSecret: false })
    .map((request) => `${urlOf("", request)} ${request.encoding}`);

describe("what is asked of the ECB", () => {
  it("is the smallest file that holds it", () => {
    expect(urls("newest")).toEqual(["/eurofxref-daily.xml utf-8"]);
    expect(urls({ from: "2026-04-03", to: "2026-04-13" })).toEqual(["/eurofxref-hist-90d.xml utf-8"]);
    expect(urls({ from: "2025-04-03", to: "2026-04-13" })).toEqual(["/eurofxref-hist.zip zip"]);
    expect(urls("all")).toEqual(["/eurofxref-hist.zip zip"]);
  });
});

describe("the ECB's files", () => {
  it("are read digit for digit from the daily XML", () => {
    expect(lines(parse(ecb, DAILY_XML, daily))).toEqual([
      "ecb.USD 2024-02-27 1.0856",
      "ecb.GBP 2024-02-27 0.85620",
      "ecb.HUF 2024-02-27 390.20",
    ]);
  });

  it("are read from the daily CSV, with its date in words", () => {
    expect(lines(parse(ecb, DAILY_CSV, { now: "2026-04-13T18:00:00Z", series: THREE }))).toEqual([
      "ecb.USD 2026-04-13 1.1684",
      "ecb.GBP 2026-04-13 0.87058",
      "ecb.HUF 2026-04-13 366.90",
    ]);
  });

  it("are read from the history, which begins with the newest date", () => {
    const result = parse(ecb, HISTORY_CSV, history);
    expect(lines(result).filter((line) => !line.includes("GBP"))).toEqual([
      "ecb.USD 2007-12-31 1.4721",
      "ecb.USD 2023-12-28 1.1114",
      "ecb.USD 2023-12-29 1.105",
      "ecb.HUF 2007-12-31 253.73",
      "ecb.HUF 2023-12-28 382.2",
      "ecb.HUF 2023-12-29 382.8",
      "ecb.CYP 2007-12-31 0.585274",
    ]);
    expect(faults(result)).toEqual([]);
  });

  it("vouch for the dates between their first and last row", () => {
    const complete = (result: ReturnType<typeof parse>) => parsed(result).series.map((one) => one.complete);
    expect(complete(parse(ecb, DAILY_XML, daily))[0]).toEqual({ from: "2024-02-27", to: "2024-02-27" });
    expect(complete(parse(ecb, HISTORY_CSV, history))[0]).toEqual({ from: "2007-12-31", to: "2023-12-29" });
  });

  it("give only the dates asked for", () => {
    const span = { from: "2023-12-28", to: "2023-12-28" };
    expect(lines(parse(ecb, HISTORY_CSV, { ...history, series: "USD", span }))).toEqual(["ecb.USD 2023-12-28 1.1114"]);
  });
});

describe("dates of a history that hold no rate", () => {
  const read = (count: number) => {
    let left = count;
    const body = HISTORY_CSV.replace(/^(\d{4}-.*?,)([\d.]+)/gm, (row, date) => (left-- > 0 ? `${date}?` : row));
    return parse(ecb, body, { ...history, series: "USD" });
  };

  it("are left out if they are few, and nothing is vouched for", () => {
    expect(lines(read(1))).toEqual(lines(read(0)).slice(0, -1));
    expect(faults(read(1))).toEqual(["ecb.USD: no rate on 2023-12-29"]);
    expect(parsed(read(1)).series[0]?.complete).toBeNull();
  });

  it("spoil the whole series if they are many", () => {
    expect(errorOf(read(99))).toMatchObject({ kind: "invalid_response", reason: "ecb.USD: no rate on 2023-12-29" });
  });
});

describe("a fault of the ECB's", () => {
  const changed = (from: string, to: string) => parse(ecb, DAILY_XML.replace(from, to), daily);

  it("in one currency leaves the others", () => {
    const result = changed("0.85620", "0,85620");
    expect(lines(result)).toEqual(["ecb.USD 2024-02-27 1.0856", "ecb.HUF 2024-02-27 390.20"]);
    expect(faults(result)).toEqual(["ecb.GBP: no rate on 2024-02-27"]);
  });

  it.each(["0", "-1.2", "1e99", "abc", "0.123456789012345", "1.2.3", "Infinity"])("is a rate of %s", (rate) =>
    expect(faults(changed("0.85620", rate))).toEqual(["ecb.GBP: no rate on 2024-02-27"]),
  );

  it("is a currency that is missing, but not one that has none", () => {
    expect(faults(parse(ecb, DAILY_XML.replace(/.*GBP.*\n/, ""), daily))).toEqual(["ecb.GBP: not in the response"]);
    expect(faults(changed("0.85620", "N/A"))).toEqual([]);
    expect(faults(parse(ecb, DAILY_XML, { ...daily, series: `${THREE} CYP` }))).toEqual([]);
  });

  it("is two values of one day, unless they are equal", () => {
    const twice = (rate: string) =>
      parse(ecb, DAILY_XML.replace("<Cube currency='GBP'", `<Cube currency='GBP' rate='${rate}'/>$&`), daily);
    expect(faults(twice("0.85621"))).toEqual(["ecb.GBP: two values on 2024-02-27"]);
    expect(faults(twice("0.8562"))).toEqual([]);
  });

  it("is a date that is not there or yet to come", () => {
    expect(errorOf(changed("2024-02-27", "2024-02-30"))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(changed("2024-02-27", "2024-02-28"))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(changed(" time='2024-02-27'", ""))).toMatchObject({ kind: "invalid_response" });
  });

  it("is a table whose rows and columns do not agree", () => {
    for (const body of [
      HISTORY_CSV.replace("1.1114,", ""),
      HISTORY_CSV.replace("USD,GBP", "USD,USD"),
      HISTORY_CSV.replace("Date", "Day"),
      HISTORY_CSV.replace("2023-12-28", "28.12.2023"),
    ])
      expect(errorOf(parse(ecb, body, history))).toMatchObject({ kind: "invalid_response" });
  });

  it("may pass: a page for people, a cut file, a status", () => {
    const transient = { kind: "transient" };
    expect(errorOf(parse(ecb, "<!DOCTYPE html><html></html>", daily))).toMatchObject(transient);
    expect(errorOf(parse(ecb, DAILY_XML.slice(0, -10), daily))).toMatchObject(transient);
    expect(errorOf(parse(ecb, "", daily))).toMatchObject(transient);
    expect(errorOf(parse(ecb, DAILY_XML, { ...daily, status: 503 }))).toMatchObject(transient);
    expect(errorOf(parse(ecb, "", { ...daily, status: 403 }))).toMatchObject(transient);
  });

  it("may be a limit, with its own time to wait", () => {
    const limited = parse(ecb, "", { ...daily, status: 429, headers: { "Retry-After": "90" } });
    expect(errorOf(limited)).toEqual({ kind: "rate_limited", resetMs: at(daily.now) + 90_000 });
  });
});

describe("the ECB's series", () => {
  it("are foreign currency per euro, former ones with their last date", () => {
    expect(seriesOf(ecb, "TRL TRY CHF")).toMatchObject([
      { id: "ecb.CHF", base: "EUR", quote: "CHF", unit: 1, since: "1999-01-04", maxMove: 0.17 },
      { id: "ecb.TRY", base: "EUR", quote: "TRY", since: "2005-01-03", maxMove: 0.35 },
      { id: "ecb.TRL", base: "EUR", quote: "TRL", until: "2004-12-31", maxMove: 0.55 },
    ]);
    expect(ecb.series.filter(({ until }) => until === undefined)).toHaveLength(29);
  });
});
