import { describe, expect, it } from "vitest";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import { at, errorOf, faults, lines, parse, parsed, requested } from "./helpers.ts";

const OPEN = `{"result":"success","provider":"https://www.exchangerate-api.com","documentation":"https://www.exchangerate-api.com/docs/free","terms_of_use":"https://www.exchangerate-api.com/terms","time_last_update_unix":1779321751,"time_last_update_utc":"Thu, 21 May 2026 00:02:31 +0000","time_next_update_unix":1779408871,"time_next_update_utc":"Fri, 22 May 2026 00:14:31 +0000","time_eol_unix":0,"base_code":"USD","rates":{"USD":1,"EUR":0.8620,"LBP":89500,"CLF":0.02331}}`;
const KEYED = OPEN.replace('"rates"', '"conversion_rates"').replace('"time_eol_unix":0,', "");
const OLD = `{"provider":"https://www.exchangerate-api.com","WARNING_UPGRADE_TO_V6":"https://www.exchangerate-api.com/docs/free","terms":"https://www.exchangerate-api.com/terms","base":"USD","date":"2021-05-18","time_last_updated":1621296001,"rates":{"USD":1,"EUR":0.822,"CLF":0.02}}`;

const options = { now: "2026-05-21T00:10:00Z", series: "EUR LBP CLF" };
const refusal = (type: string, status = 200) =>
  errorOf(
    parse(
      exchangeRateApi,
      `{"result":"error","documentation":"https://www.exchangerate-api.com/docs","terms-of-use":"https://www.exchangerate-api.com/terms","error-type":"${type}"}`,
      { ...options, status },
    ),
  );

describe("exchangerate-api's rates", () => {
  it.each([
    ["open", OPEN],
    ["keyed", KEYED],
  ])("are read digit for digit, at the moment of their update (%s)", (_, body) => {
    expect(lines(parse(exchangeRateApi, body, options))).toEqual([
      "exchangerate-api.CLF 2026-05-21T00:02:31Z 0.02331",
      "exchangerate-api.EUR 2026-05-21T00:02:31Z 0.8620",
      "exchangerate-api.LBP 2026-05-21T00:02:31Z 89500",
    ]);
  });

  it("are read in the old form", () => {
    const result = parse(exchangeRateApi, OLD, { now: "2021-05-18T01:00:00Z", series: "EUR" });
    expect(lines(result)).toEqual(["exchangerate-api.EUR 2021-05-18T00:00:01Z 0.822"]);
  });

  it("come with the time of the next, unless that is absurd", () => {
    expect(parsed(parse(exchangeRateApi, OPEN, options)).nextUpdateMs).toBe(at("2026-05-22T00:14:31Z"));
    for (const unix of ["1779321000", "1879408871", "soon"]) {
      const body = OPEN.replace("1779408871", unix === "soon" ? '"soon"' : unix);
      expect(parsed(parse(exchangeRateApi, body, options)).nextUpdateMs).toBeUndefined();
    }
  });

  it("may announce their own end", () => {
    expect(parsed(parse(exchangeRateApi, OPEN, options)).notice).toBeUndefined();
    const ending = parse(exchangeRateApi, OPEN.replace('"time_eol_unix":0', '"time_eol_unix":1782864000'), options);
    expect(parsed(ending).notice).toBe("the endpoint ends at 2026-07-01T00:00:00.000Z");
  });

  it("without a currency, or with one that is no number, keep the others", () => {
    const result = parse(exchangeRateApi, OPEN.replace("89500", "-1").replace('"CLF"', '"CLX"'), options);
    expect(lines(result)).toHaveLength(1);
    expect(faults(result)).toEqual([
      "exchangerate-api.CLF: not in the response",
      "exchangerate-api.LBP: no rate at 2026-05-21T00:02:31Z",
    ]);
  });

  it.each([
    ['"base_code":"USD"', '"base_code":"EUR"'],
    ['"USD":1,', '"USD":1.01,'],
    ['"USD":1,', ""],
    ["1779321751", "1779325751"],
    ["1779321751", "null"],
    ['"rates"', '"other"'],
  ])("are refused with %s turned into %s", (from, to) =>
    expect(errorOf(parse(exchangeRateApi, OPEN.replace(from, to), options))).toMatchObject({
      kind: "invalid_response",
    }),
  );

  it("are missing if there are none of those wanted", () => {
    expect(errorOf(parse(exchangeRateApi, OLD, { now: "2021-05-18T01:00:00Z", series: "LBP" }))).toEqual({
      kind: "series_missing",
      series: ["exchangerate-api.LBP"],
    });
  });
});

describe("exchangerate-api's errors", () => {
  it("are judged by what they say, not by their status", () => {
    for (const status of [200, 403, 404]) {
      expect(refusal("invalid-key", status)).toMatchObject({ kind: "unauthorized" });
      expect(refusal("inactive-account", status)).toMatchObject({ kind: "unauthorized" });
      expect(refusal("plan-upgrade-required", status)).toMatchObject({ kind: "unauthorized" });
      expect(refusal("unsupported-code", status)).toMatchObject({ kind: "bad_request" });
      expect(refusal("malformed-request", status)).toMatchObject({ kind: "bad_request" });
      expect(refusal("no-data-available", status)).toMatchObject({ kind: "transient" });
      expect(refusal("quota-reached", status)).toEqual({
        kind: "rate_limited",
        resetMs: at(options.now) + 86_400_000,
      });
      expect(refusal("toString", status)).toMatchObject({ kind: "invalid_response" });
    }
  });

  it("without a body are a block of 20 minutes, a fault of ours or one that may pass", () => {
    const of = (status: number, body = "") => errorOf(parse(exchangeRateApi, body, { ...options, status }));
    expect(of(429)).toEqual({ kind: "rate_limited", resetMs: at(options.now) + 1_200_000 });
    expect(of(404, "<html>404</html>")).toMatchObject({ kind: "bad_request" });
    expect(of(502)).toMatchObject({ kind: "transient" });
    expect(of(200, OPEN.slice(0, -1))).toMatchObject({ kind: "transient" });
  });
});

describe("exchangerate-api", () => {
  it("is asked for the newest rates only, with a key that is no part of the URL", () => {
    expect(requested(exchangeRateApi, options)).toEqual(["/latest/USD"]);
    expect(requested(exchangeRateApi, { ...options, span: "all" })).toEqual([]);
    expect(exchangeRateApi.secret?.place("k")).toEqual({ headers: { Authorization: "Bearer k" } });
  });

  it("may not be redistributed", () => {
    expect(exchangeRateApi).toMatchObject({ isPrivate: true, licence: { redistribution: "no" } });
    expect(exchangeRateApi.series).toHaveLength(165);
  });
});
