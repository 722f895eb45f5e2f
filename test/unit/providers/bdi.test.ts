import { describe, expect, it } from "vitest";
import { bdi } from "#core/providers/bdi.ts";
import { urlOf } from "#core/providers/provider.ts";
import { DAY } from "./fixtures/bdi.ts";
import { at, errorOf, faults, lines, parse, parsed } from "./helpers.ts";

const day = { from: "2026-02-09", to: "2026-02-09" };
const options = { now: "2026-02-09T20:00:00Z", series: "ALL BBD BYN XOF USD", span: day };
const RATES = [
  "bdi.ALL 2026-02-09 96.74",
  "bdi.BBD 2026-02-09 2.377200",
  "bdi.USD 2026-02-09 1.1886",
  "bdi.XOF 2026-02-09 655.957",
];

describe("what is asked of Banca d'Italia", () => {
  it("is one weekday after the other, the newest first", () => {
    const requests = bdi.requests(
      { series: bdi.series, span: { from: "2026-02-06", to: "2026-02-20" } },
      { nowMs: at("2026-02-10T09:00:00Z"), hasSecret: false },
    );
    expect(requests.map((request) => urlOf("", request))).toEqual(
      ["2026-02-10", "2026-02-09", "2026-02-06"].map(
        (date) => `/dailyRates?referenceDate=${date}&currencyIsoCode=EUR&lang=en`,
      ),
    );
    expect(requests[1]).toMatchObject({ headers: { Accept: "text/csv" }, want: { span: day } });
  });
});

describe("Banca d'Italia's file", () => {
  it("is read digit for digit, without its footer", () => {
    const result = parse(bdi, DAY, options);
    expect(lines(result)).toEqual(RATES);
    expect(faults(result)).toEqual([]);
    expect(parsed(result).series.find(({ series }) => series === "bdi.USD")?.complete).toEqual(day);
  });

  it("says that a currency has no value on a day on which others have, and nothing where none has", () => {
    const dollar = (body: string) =>
      parsed(parse(bdi, body, options)).series.find(({ series }) => series === "bdi.USD");
    const without = DAY.replace("1.1886,", "N.A.,");
    expect(dollar(without)).toEqual({ series: "bdi.USD", observations: [], complete: day });
    const empty = DAY.replaceAll(/,[\d.]+,Foreign/g, ",N.A.,Foreign");
    expect(dollar(empty)).toEqual({ series: "bdi.USD", observations: [], complete: null });
  });

  it("refuses a currency whose rows disagree", () => {
    const result = parse(bdi, DAY.replace("655.957", "655.958"), options);
    expect(faults(result)).toEqual(["bdi.XOF: two values on 2026-02-09"]);
    expect(lines(result)).toEqual(RATES.filter((line) => !line.includes("XOF")));
  });

  it("refuses a currency in another convention", () => {
    const result = parse(
      bdi,
      DAY.replace("1.1886,Foreign currency amount for 1 Euro.", "0.8413,Euro amount for 1 unit of foreign currency."),
      options,
    );
    expect(faults(result)).toEqual(["bdi.USD: another rate convention"]);
  });

  it("reads cells in quotes", () => {
    expect(lines(parse(bdi, DAY.replace("UNITED STATES", '"UNITED STATES, ""USA"""'), options))).toEqual(RATES);
  });

  it("finds columns by their names", () => {
    const swapped = DAY.split("\n")
      .map((line) => line.split(",").reverse().join(","))
      .map((line) => (line.includes("#") ? "" : line))
      .join("\n");
    expect(lines(parse(bdi, swapped, options))).toEqual(RATES);
    expect(errorOf(parse(bdi, DAY.replace("Rate,", "Price,"), options))).toMatchObject({ kind: "invalid_response" });
  });

  it("is refused where a row has other columns than the header", () => {
    const shifted = DAY.replace("UNITED STATES,", "UNITED STATES, of America,");
    expect(errorOf(parse(bdi, shifted, options))).toMatchObject({ kind: "invalid_response" });
  });

  it("passes over another day's rates", () => {
    expect(lines(parse(bdi, DAY.replaceAll("2026-02-09", "2026-02-06"), options))).toEqual([]);
  });

  it("may hold no row on a day without rates", () => {
    expect(lines(parse(bdi, `${DAY.split("\n")[0]}\n`, options))).toEqual([]);
    expect(errorOf(parse(bdi, "Service unavailable", options))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(parse(bdi, "", options))).toMatchObject({ kind: "transient" });
  });
});
