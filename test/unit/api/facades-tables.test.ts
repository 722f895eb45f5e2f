import { describe, expect, it } from "vitest";
import { BANXICO_WEEK } from "./recorded-figures.ts";
import { world } from "./world.ts";

const friday = world({ now: "2026-03-13T20:00:00Z", figures: BANXICO_WEEK });
/** 12:00 in Mexico City on 2026-03-13. */
const NOON = Date.parse("2026-03-13T18:00:00Z") / 1_000;

describe("/api/latest.json and /api/historical", () => {
  it("list all rates of one base with all their digits, and ignore a key", async () => {
    const text = await (await friday.get("/api/latest.json?app_id=x&symbols=MXN,USD,EUR")).text();
    expect(text).toBe(
      `{"disclaimer":"/docs","license":"/docs","timestamp":${NOON},"base":"USD","rates":{"EUR":0.87195430,"MXN":17.9218,"USD":1}}`,
    );
    const { rates } = await friday.json("/api/latest.json?base=mxn");
    expect(Object.keys(rates as object)).toEqual(["CAD", "EUR", "GBP", "JPY", "MXN", "USD"]);
  });

  it("have the rates in force on a date", async () => {
    expect(await friday.json("/api/historical/2026-03-15.json?symbols=MXN")).toMatchObject({
      timestamp: NOON,
      rates: { MXN: 17.9218 },
    });
    expect(await friday.json("/api/historical/2026-03-12.json?symbols=MXN")).toMatchObject({ rates: { MXN: 17.8368 } });
  });

  it("name the currencies", async () => {
    expect(await friday.json("/api/currencies.json")).toMatchObject({ USD: "United States Dollar" });
  });

  it.each([
    ["/api/latest.json?base=QQQ", 400, "invalid_base"],
    ["/api/historical/2026-02-30.json", 400, "invalid_date"],
    ["/api/historical/1980-01-01.json", 400, "not_available"],
    ["/api/historical/2026-03-13/x", 404, "not found"],
  ])("refuse %s with %i", async (path, status, message) => {
    const response = await friday.get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: true, status, message, description: expect.any(String) });
  });
});

describe("/v6/latest", () => {
  it("lists all rates of one base, and when the next are due", async () => {
    expect(await friday.json("/v6/latest/eur")).toEqual({
      result: "success",
      provider: "/docs",
      documentation: "/docs",
      terms_of_use: "/docs",
      time_last_update_unix: NOON,
      time_last_update_utc: "Fri, 13 Mar 2026 18:00:00 +0000",
      time_next_update_unix: Date.parse("2026-03-17T18:00:00Z") / 1_000,
      time_next_update_utc: "Tue, 17 Mar 2026 18:00:00 +0000",
      time_eol_unix: 0,
      base_code: "EUR",
      rates: { CAD: 1.57790249, EUR: 1, GBP: 0.86518888, JPY: 182.69866667, MXN: 20.5536, USD: 1.14684909 },
    });
    expect(await friday.json("/v6/latest")).toMatchObject({ base_code: "USD" });
  });

  it("refuses an unknown code in its own words", async () => {
    const response = await friday.get("/v6/latest/QQQ");
    expect([response.status, await response.json()]).toEqual([
      404,
      { result: "error", "error-type": "unsupported-code" },
    ]);
    expect(friday.faults).toEqual([]);
  });
});
