import { describe, expect, it } from "vitest";
import { cbr } from "#core/providers/cbr.ts";
import { norges } from "#core/providers/norges.ts";
import { riksbank } from "#core/providers/riksbank.ts";
import { CBR, NORGES, RIKSBANK } from "./fixtures/home-banks.ts";
import { errorOf, faults, lines, parse, parsed, requested } from "./helpers.ts";

const March = { from: "2026-03-01", to: "2026-03-31" };
const INVALID = { kind: "invalid_response" };

describe("Norges Bank", () => {
  const options = { now: "2026-03-17T20:00:00Z", series: "HUF DKK XDR", span: March };

  it("is asked for a range", () => {
    expect(requested(norges, options)).toEqual([
      "/EXR/B..NOK.SP?format=csvdata&startPeriod=2026-03-01&endPeriod=2026-03-17&locale=en",
    ]);
  });

  it("publishes per 100, zeros stripped: the point is moved and nothing else", () => {
    expect(lines(parse(norges, NORGES, options))).toEqual([
      "norges.DKK 2026-03-16 1.4921",
      "norges.DKK 2026-03-17 1.482",
      "norges.HUF 2026-03-16 0.02857",
      "norges.HUF 2026-03-17 0.028514",
      "norges.XDR 2026-03-16 13.19587",
    ]);
  });

  it.each([
    ["HUF,NOK,SP,4,false,2", "HUF,NOK,SP,4,false,0", "per 1 instead of 100"],
    ["HUF,NOK,SP,4,false,2", "HUF,NOK,SP,4,false,", "per 1 instead of 100"],
    ["HUF,NOK,SP,4", "HUF,SEK,SP,4", "another kind of rate"],
    ["B,HUF", "M,HUF", "another kind of rate"],
    ["HUF,NOK,SP,4", "HUF,NOK,SP,2", "more decimals than declared"],
  ])("is refused with %s turned into %s", (from, to, reason) =>
    expect(faults(parse(norges, NORGES.replaceAll(from, to), options))).toEqual([`norges.HUF: ${reason}`]),
  );

  it("sends a file that ends with a line, or it was cut", () => {
    expect(errorOf(parse(norges, NORGES.slice(0, -1), options))).toMatchObject({ kind: "transient" });
    const { series } = parsed(parse(norges, NORGES.split("\n").slice(0, -3).join("\n").concat("\n"), options));
    expect(series.map(({ complete }) => complete?.to)).toEqual(["2026-03-17", "2026-03-17"]);
  });

  const NONE =
    '{"errors":[{"code":404,"message":"No data for data query against the dataflow: urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=NB:EXR(1.0)"}]}';
  const EASTER = { from: "2026-04-02", to: "2026-04-06" };

  it("responds 404 if there is nothing", () => {
    const later = { ...options, now: "2026-04-07T20:00:00Z" };
    expect(lines(parse(norges, NONE, { ...later, span: EASTER, status: 404 }))).toEqual([]);
    expect(errorOf(parse(norges, NORGES.replace("UNIT_MULT", "UNIT"), options))).toMatchObject(INVALID);
    for (const [body, span] of [
      ["<html><h1>404 Not Found</h1></html>", EASTER],
      ["Not found", EASTER],
      [NONE, "newest" as const],
      [NONE, "all" as const],
    ] as const) {
      const result = parse(norges, body, { ...later, span, status: 404 });
      expect(errorOf(result)).toEqual({ kind: "bad_request", reason: "status 404" });
    }
  });
});

describe("the Riksbank", () => {
  const options = { now: "2026-03-25T20:00:00Z", series: "AUD IDR", span: March };

  it("is asked for at most a year at once", () => {
    expect(requested(riksbank, { ...options, span: { from: "2025-01-01", to: "2026-03-31" } })).toEqual([
      "/Observations/ByGroup/130/2025-03-26/2026-03-25",
      "/Observations/ByGroup/130/2025-01-01/2025-03-25",
    ]);
  });

  it("publishes numbers whose zeros are already lost", () => {
    expect(lines(parse(riksbank, RIKSBANK, options))).toEqual([
      "riksbank.AUD 2026-03-24 6.5",
      "riksbank.AUD 2026-03-25 6.47054",
      "riksbank.IDR 2026-03-24 0.00055",
    ]);
  });

  it("responds 204 if there is nothing, and 429 without a key", () => {
    const weekend = { from: "2026-03-21", to: "2026-03-22" };
    expect(lines(parse(riksbank, "", { ...options, span: weekend, status: 204 }))).toEqual([]);
    expect(errorOf(parse(riksbank, "", { ...options, status: 429 }))).toMatchObject({ kind: "rate_limited" });
    expect(errorOf(parse(riksbank, "{}", options))).toMatchObject(INVALID);
    expect(faults(parse(riksbank, RIKSBANK.replace("6.47054", "null"), options))).toEqual([
      "riksbank.AUD: no rate on 2026-03-25",
    ]);
  });
});

describe("the Bank of Russia", () => {
  const options = { now: "2026-04-24T18:00:00Z", series: "AUD DZD IRR" };

  it("is asked for the latest rates, or for each day that has some", () => {
    expect(requested(cbr, options)).toEqual(["/XML_daily.asp"]);
    expect(requested(cbr, { ...options, span: { from: "2026-04-18", to: "2026-04-22" } })).toEqual(
      ["22", "21", "19", "18"].map((day) => `/XML_daily.asp?date_req=${day}/04/2026`),
    );
    expect(cbr.requests({ series: cbr.series, span: "newest" }, { nowMs: 0, hasSecret: false })[0]?.encoding).toBe(
      "windows-1251",
    );
  });

  it("publishes decimal commas for several nominals, for tomorrow", () => {
    expect(lines(parse(cbr, CBR, options))).toEqual([
      "cbr.AUD 2026-04-25 53.8359",
      "cbr.DZD 2026-04-25 0.570006",
      "cbr.IRR 2026-04-25 0.0000539256",
    ]);
  });

  it.each([
    ["<Nominal>100<", "<Nominal>1000<", "rates do not agree"],
    ["57,0006", "57.0006", "no rate on 2026-04-25"],
    ["57,0006", "570,006", "rates do not agree"],
    ["0,570006", "0.570006", "rates do not agree"],
    ["<Nominal>100</Nominal>", "", "no nominal"],
    ["<Nominal>100<", "<Nominal>50<", "no nominal"],
    ["<Nominal>100<", `<Nominal>1${"0".repeat(400)}<`, "no nominal"],
    ["<Value>57,0006</Value>", "", "rates do not agree"],
    ["<Value>57,0006</Value>", "<Value>57,0006</Value><Value>57,0006</Value>", "rates do not agree"],
  ])("is refused with %s turned into %s", (from, to, reason) => {
    const result = parse(cbr, CBR.replace(from, to), options);
    expect(faults(result)).toEqual([`cbr.DZD: ${reason}`]);
    expect(lines(result)).toHaveLength(2);
  });

  it("is read per the nominal of each row, which changes over the years", () => {
    const changed = CBR.replace("<Nominal>100<", "<Nominal>10<").replace("57,0006", "5,70006");
    expect(lines(parse(cbr, changed, options))).toContain("cbr.DZD 2026-04-25 0.570006");
    // As in the file of 2 November 2022: the yuan was quoted per ten.
    const row = (code: string, nominal: number, value: string) =>
      `<Valute ID="R1"><CharCode>${code}</CharCode><Nominal>${nominal}</Nominal><Value>${value}</Value></Valute>`;
    const body = `<ValCurs Date="02.11.2022">${row("USD", 1, "61,4275")}${row("CNY", 10, "84,0548")}${row("DKK", 10, "81,8052")}</ValCurs>`;
    const span = { from: "2022-11-02", to: "2022-11-02" };
    const result = parse(cbr, body, { now: "2026-04-24T18:00:00Z", series: "USD CNY DKK", span });
    expect(faults(result)).toEqual([]);
    expect(lines(result)).toEqual([
      "cbr.CNY 2022-11-02 8.40548",
      "cbr.DKK 2022-11-02 8.18052",
      "cbr.USD 2022-11-02 61.4275",
    ]);
  });

  it("sends the rates of the day before for a day without", () => {
    const span = { from: "2026-04-22", to: "2026-04-22" };
    expect(lines(parse(cbr, CBR, { ...options, span }))).toEqual([]);
  });

  it("dates nothing far ahead, and sends whole files", () => {
    expect(errorOf(parse(cbr, CBR, { ...options, now: "2026-04-10T18:00:00Z" }))).toMatchObject(INVALID);
    expect(errorOf(parse(cbr, CBR.replace("25.04.2026", "31.04.2026"), options))).toMatchObject(INVALID);
    expect(errorOf(parse(cbr, CBR.slice(0, -3), options))).toMatchObject({ kind: "transient" });
  });
});
