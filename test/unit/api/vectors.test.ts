import { describe, expect, it } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { FIRST_DAYS, FIX_FIGURES, MARCH_2026 } from "./figures.ts";
import { world } from "./world.ts";

/** Banco de México's own figures, and what follows from them by hand. */

const friday = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });
const march = world({ now: "2026-03-13T20:00:00Z", figures: MARCH_2026 });

describe("on the evening of 2023-12-29", () => {
  it("the current rate is that day's FIX, as published", async () => {
    expect(await friday.json("/api/v1/rates/current")).toEqual({
      base: "USD",
      quote: "MXN",
      rate: "16.9190",
      date: "2023-12-29",
      source: {
        provider: "banxico",
        series: ["SF43718"],
        attribution: "Banco de México",
        authority: "central_bank",
        licence_url: banxico.licence.url,
      },
      derived: false,
      stale: false,
      age_business_days: 0,
      next_update: "2024-01-02T18:00:00Z",
    });
  });

  it.each([
    ["15d", "2023-12-15", "2023-12-29", 10, "17.029100"],
    ["30d", "2023-11-30", "2023-12-29", 20, "17.195340"],
    ["2008-10", "2008-10-01", "2008-10-31", 23, "12.631387"],
  ])("the business mean of %s is over %s to %s", async (window, from, to, observations, average) => {
    const answer = await friday.json(`/api/v1/rates/average/${window}`);
    expect(answer).toMatchObject({ window, basis: "business", from, to, observations, days: null, average });
  });

  it("the calendar mean of October 2008 is over its 31 days", async () => {
    expect(await friday.json("/api/v1/rates/average/2008-10?basis=calendar")).toMatchObject({
      observations: 23,
      days: 31,
      average: "12.626706",
      next_update: null,
    });
  });

  it.each([
    ["2023-04-06", "2023-04-05", "18.3323"],
    ["2023-04-07", "2023-04-05", "18.3323"],
    ["2023-04-08", "2023-04-05", "18.3323"],
    ["2023-04-09", "2023-04-05", "18.3323"],
    ["2023-12-25", "2023-12-22", "16.9738"],
    ["2023-02-06", "2023-02-03", "18.8895"],
    ["2023-12-29", "2023-12-29", "16.9190"],
    ["1991-11-12", "1991-11-12", "3.0735"],
  ])("the rate in force on %s is that of %s", async (requested, date, rate) => {
    const answer = await friday.json(`/api/v1/rates/on/${requested}`);
    expect(answer).toMatchObject({ requested_date: requested, date, rate });
  });

  it("there is none before the first, and the problem names it", async () => {
    const response = await friday.get("/api/v1/rates/on/1991-11-11");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "no_data",
      detail: "USD/MXN has no rate in force on 1991-11-11; there are rates from 1991-11-12 to 2023-12-29.",
    });
  });

  it("an amount is converted exactly, with the legs it came from", async () => {
    expect(await friday.json("/api/v1/convert?from=USD&to=MXN&amount=100.10")).toMatchObject({
      amount: "100.10",
      result: "1693.59",
      rate: "16.9190",
      requested_date: null,
      date: "2023-12-29",
      legs: [{ series: "SF43718", base: "USD", quote: "MXN", rate: "16.9190" }],
    });
  });

  it("history is digit for digit what was published", async () => {
    const { observations, count } = await friday.json("/api/v1/rates/historical?from=1991-11-12&to=1991-12-02");
    expect(observations).toEqual(FIRST_DAYS.map(([date, rate]) => ({ date, rate })));
    expect(count).toBe(FIRST_DAYS.length);
  });
});

describe("on 2026-03-13", () => {
  it.each([
    ["EUR", "USD", "1.14684909", true, ["SF46410", "SF43718"]],
    ["MXN", "USD", "0.05579797", true, ["SF43718"]],
    ["EUR", "MXN", "20.5536", false, ["SF46410"]],
    ["USD", "USD", "1", true, []],
    ["MXN", "MXN", "1", true, []],
  ])("%s/%s is %s", async (base, quote, rate, derived, series) => {
    const answer = await march.json(`/api/v1/rates/current?base=${base}&quote=${quote}`);
    expect(answer).toMatchObject({ rate, derived, date: "2026-03-13", source: { series } });
  });

  it("amounts go to the target's minor units in one rounding", async () => {
    const yen = await march.json("/api/v1/convert?from=USD&to=JPY&amount=100.10");
    // 100.10 × 17.9218 / 0.1125 = 15946.4195…
    expect(yen).toMatchObject({ result: "15946", rate: "159.30488889" });
    expect(yen.legs).toEqual([
      { series: "SF43718", base: "USD", quote: "MXN", rate: "17.9218" },
      { series: "SF46406", base: "JPY", quote: "MXN", rate: "0.1125" },
    ]);
    const euros = await march.json("/api/v1/convert?from=JPY&to=EUR&amount=1000000");
    expect(euros).toMatchObject({ result: "5473.49" });
  });

  it.each([
    ["0", "0.00"],
    ["-0.00", "0.00"],
    ["-12.505", "-224.11"],
    ["0.0002", "0.00"],
    ["0.0003", "0.01"],
    ["123456789012345678901234567890", "2212567881321456788132145678811.00"],
    ["1.0000000000000000000000000000000000001", "17.92"],
  ])("%s USD are %s MXN", async (amount, result) => {
    expect(await march.json(`/api/v1/convert?from=USD&to=MXN&amount=${amount}`)).toMatchObject({ amount, result });
  });

  it("a currency in itself comes back as it was, to its minor units", async () => {
    const same = await march.json("/api/v1/convert?from=USD&to=USD&amount=12.345");
    expect(same).toMatchObject({ result: "12.35", rate: "1", legs: [], date: "2026-03-13" });
  });
});
