import Big from "big.js";
import { describe, expect, it } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import { FIRST_DAYS } from "./figures.ts";
import { madeUpFigures, world } from "./world.ts";

const figures = madeUpFigures("2023-12-29");
const published = figures.USD as readonly Observation[];
const friday = world({ now: "2023-12-29T20:00:00Z", figures });

const average = (window: string, asked = friday) => asked.json(`/api/v1/rates/average/${window}`);

function meanOf(from: string, to: string): string {
  const terms = published.filter(([date]) => date >= from && date <= to).map(([, value]) => new Big(value));
  const total = terms.reduce((sum, term) => sum.plus(term), new Big(0));
  return total.div(terms.length).round(6, Big.roundHalfEven).toFixed(6);
}

describe("a window of days", () => {
  it.each([1, 15, 30, 90, 366])("%id ends on the latest observation", async (days) => {
    const { from, to, observations, average: mean } = await average(`${days}d`);
    expect(to).toBe("2023-12-29");
    expect(Date.parse("2023-12-29") - Date.parse(from as string)).toBe((days - 1) * 86_400_000);
    expect(observations).toBe(published.filter(([date]) => date >= (from as string)).length);
    expect(mean).toBe(meanOf(from as string, "2023-12-29"));
  });

  it("does not move over a weekend, and stands when data has ended", async () => {
    const [sunday, spring] = ["2023-12-31T20:00:00Z", "2024-04-01T20:00:00Z"].map((now) => world({ now, figures }));
    const { next_update: _, ...friday30 } = await average("30d");
    expect(await average("30d", sunday)).toMatchObject(friday30);
    expect(await average("30d", spring)).toMatchObject({ ...friday30, stale: true });
  });

  it("that reaches before the first date averages what there is", async () => {
    const young = world({ now: "1991-12-02T20:00:00Z", figures: { USD: FIRST_DAYS } });
    expect(await average("366d", young)).toMatchObject({ from: "1990-12-02", to: "1991-12-02", observations: 14 });
    expect(await average("366d?basis=calendar", young)).toMatchObject({ observations: 14, days: 21 });
  });
});

describe("a month", () => {
  it("that is over is the mean of its observations, and closed", async () => {
    expect(await average("2023-11")).toMatchObject({
      from: "2023-11-01",
      to: "2023-11-30",
      average: meanOf("2023-11-01", "2023-11-30"),
      stale: false,
      next_update: null,
    });
  });

  it("in progress ends today", async () => {
    const saturday = world({ now: "2023-12-30T20:00:00Z", figures });
    for (const [asked, to] of [
      [friday, "2023-12-29"],
      [saturday, "2023-12-30"],
    ] as const)
      expect(await average("2023-12", asked)).toMatchObject({
        from: "2023-12-01",
        to,
        average: meanOf("2023-12-01", "2023-12-29"),
        next_update: "2024-01-02T18:00:00Z",
      });
    // By calendar days the weekend counts as it does for the rate in force on it.
    expect(await average("2023-12?basis=calendar", saturday)).toMatchObject({ to: "2023-12-30", days: 30 });
  });

  it("that is over is whole before the next observation comes, though it ends on a weekend", async () => {
    const tuesday = world({ now: "2024-01-02T12:00:00Z", figures });
    expect(await average("2023-12?basis=calendar", tuesday)).toMatchObject({
      to: "2023-12-31",
      days: 31,
      stale: false,
    });
  });

  it("whose data has ended is stale", async () => {
    const late = world({
      now: "2024-02-15T20:00:00Z",
      figures: { USD: published.filter(([date]) => date <= "2023-12-15") },
    });
    expect(await average("2023-12", late)).toMatchObject({ to: "2023-12-31", observations: 10, stale: true });
  });

  it("the first, holds the days from the first observation", async () => {
    const first = world({ now: "2023-12-29T20:00:00Z", figures: { USD: [...FIRST_DAYS, ["2023-12-29", "16.9190"]] } });
    expect(await average("1991-11", first)).toMatchObject({ observations: 13, average: "3.068377" });
    expect(await average("1991-11?basis=calendar", first)).toMatchObject({
      observations: 13,
      days: 19,
      average: "3.067442",
    });
  });

  it.each(["1991-10", "2024-01", "2024-06", "0000-01", "0001-01", "0099-12", "9999-12"])(
    "of %s has no rate, on either basis, and says so at once",
    async (month) => {
      for (const [basis, what] of [
        ["business", "observation"],
        ["calendar", "rate in force"],
      ]) {
        const response = await friday.get(`/api/v1/rates/average/${month}?basis=${basis}`);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({
          code: "no_data",
          detail: `USD/MXN has no ${what} in ${month}; there are rates from 1991-11-12 to 2023-12-29.`,
        });
      }
    },
  );

  it("just begun, before its first observation, is of the days that a rate is carried into", async () => {
    const newYear = world({ now: "2024-01-02T17:59:00Z", figures });
    const { rate } = await newYear.json("/api/v1/rates/current");
    expect(await newYear.json("/api/v1/rates/average/2024-01?basis=calendar")).toMatchObject({
      observations: 0,
      days: 2,
      average: `${rate}00`,
      next_update: "2024-01-02T18:00:00Z",
    });
    expect((await newYear.get("/api/v1/rates/average/2024-01")).status).toBe(404);
  });
});

describe("the bases", () => {
  it("agree on the observations, and differ in what they count", async () => {
    const [business, calendar] = [await average("2023-04"), await average("2023-04?basis=calendar")];
    expect(business).toMatchObject({ observations: 18, days: null });
    expect(calendar).toMatchObject({ observations: 18, days: 30 });
  });

  it("of a cross are means of the cross's rates", async () => {
    const cross = await average("2023-11?base=EUR&quote=USD");
    const rates = (
      (await friday.json("/api/v1/rates/historical?base=EUR&quote=USD&from=2023-11-01&to=2023-11-30")) as {
        observations: { rate: string }[];
      }
    ).observations.map(({ rate }) => Number(rate));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    expect(Math.abs(Number(cross.average) - mean)).toBeLessThan(0.000_001);
    expect(cross.observations).toBe(rates.length);
  });

  it.each(["JPY", "CAD", "MXN"])("of a day are the rate of the day, in either direction: %s", async (code) => {
    for (const pair of [`base=${code}&quote=USD`, `base=USD&quote=${code}`]) {
      const { rate } = await friday.json(`/api/v1/rates/current?${pair}`);
      for (const basis of ["business", "calendar"]) {
        const { average: mean } = await average(`1d?${pair}&basis=${basis}`);
        expect(Number(mean)).toBe(Number(rate));
        expect((mean as string).startsWith(rate as string)).toBe(true);
      }
    }
  });

  it("of a currency in itself are 1", async () => {
    expect(await average("30d?base=USD&quote=USD")).toMatchObject({ average: "1.000000", derived: true });
  });
});
