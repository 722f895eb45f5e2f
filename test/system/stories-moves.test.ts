import { afterEach, describe, expect, test } from "vitest";
import { addDays } from "#core/time/dates.ts";
import { Platform } from "./platform.ts";
import { EUR, FIX, JPY, type SieBody, times, valuesOf } from "./platform-parts.ts";

/** Rates that move further than usual, over weeks, with a clock moved by hand. */

let platform: Platform;
afterEach(() => platform.stop());

const BASE: Record<string, string> = { [FIX]: "USD", [EUR]: "EUR", [JPY]: "JPY" };

/** A series that stood at one level until 2025-11-24, and what comes after. */
async function start(series: string, level: string, ...after: string[]): Promise<void> {
  platform = await Platform.start("2025-11-21T20:00:00Z");
  await platform.faults(
    ...valuesOf(series, "2025-07-24", "2025-11-24", () => level),
    ...valuesOf(series, "2025-11-25", "2025-12-19", (index) => after[Math.min(index, after.length - 1)] as string),
  );
  await platform.minutes(12);
}

async function rates(series: string, from: string, to: string): Promise<string[]> {
  const path = `/rates/historical?base=${BASE[series]}&from=${from}&to=${to}`;
  const [edge, origin] = await Promise.all([platform.edge(path), platform.origin(path)]);
  expect(edge.json.observations).toEqual(origin.json.observations);
  return origin.json.observations.map(({ date, rate }: { date: string; rate: string }) => `${date} ${rate}`);
}

const bankDays = (series: string, from: string, to: string, value: (index: number) => string) =>
  valuesOf(series, from, to, value).map((one) => `${one.date} ${one.value}`);

describe("a true jump", () => {
  test.each([
    ["up, of the dollar", FIX, "2025-12-10", "18.5000", (index: number) => (21.3 + index / 100).toFixed(4)],
    ["down, of the dollar", FIX, "2025-12-01", "18.5000", (index: number) => (15.2 - index / 100).toFixed(4)],
    ["up, of the yen", JPY, "2025-12-01", "0.1200", (index: number) => (0.145 + index / 10_000).toFixed(4)],
    ["down, of the euro", EUR, "2025-12-01", "21.0000", (index: number) => (17.1 - index / 100).toFixed(4)],
  ])("%s, keeps at most its first value waiting and loses nothing", async (_, series, end, level, valueAt) => {
    await start(series, level, ...Array.from({ length: 30 }, (_, index) => valueAt(index)));
    await platform.until("2025-11-25T19:00:00Z");
    const first = await platform.edge(`/rates/current?base=${BASE[series]}`);
    expect(first.json).toMatchObject({ date: "2025-11-24", rate: level });
    expect(JSON.stringify(first.json)).not.toContain("publication_missed");
    expect((await platform.origin("/health")).json).toMatchObject({ status: "degraded" });
    await platform.until("2025-11-26T18:20:00Z");
    expect((await platform.edge(`/rates/current?base=${BASE[series]}`)).json.rate).toBe(valueAt(1));
    await platform.until(`${end}T19:00:00Z`);
    expect(await rates(series, "2025-11-25", end)).toEqual(bankDays(series, "2025-11-25", end, valueAt));
    expect((await platform.origin("/health")).json.status).toBe("healthy");
  });

  test("of every series at once is followed by each on the next day", async () => {
    platform = await Platform.start("2025-11-21T20:00:00Z");
    const all = [FIX, EUR, JPY, "SF46407", "SF60632"];
    const level = (series: string, factor: number) => (factor * (3 + all.indexOf(series))).toFixed(4);
    await platform.faults(
      ...all.flatMap((series) => [
        ...valuesOf(series, "2025-07-24", "2025-11-24", () => level(series, 1)),
        ...valuesOf(series, "2025-11-25", "2025-12-19", (index) => level(series, 1.25 + index / 100)),
      ]),
    );
    await platform.minutes(12);
    await platform.until("2025-11-26T18:12:00Z");
    for (const [series, base] of Object.entries(BASE)) {
      expect((await platform.edge(`/rates/current?base=${base}`)).json.rate).toBe(level(series, 1.26));
      expect(await rates(series, "2025-11-25", "2025-11-25")).toEqual([`2025-11-25 ${level(series, 1.25)}`]);
    }
  });

  test("on the last bank day of a year is confirmed by the first of the next", async () => {
    platform = await Platform.start("2025-12-29T20:00:00Z", { since: "2025-09-01" });
    await platform.faults(
      ...valuesOf(FIX, "2025-09-01", "2025-12-30", () => "18.5000"),
      ...valuesOf(FIX, "2025-12-31", "2026-01-30", (index) => (21.3 + index / 100).toFixed(4)),
    );
    await platform.minutes(12);
    await platform.until("2026-01-01T19:00:00Z");
    expect((await platform.edge("/rates/on/2026-01-01")).json).toMatchObject({ date: "2025-12-30", rate: "18.5000" });
    await platform.until("2026-01-02T18:12:00Z");
    expect(await rates(FIX, "2025-12-31", "2026-01-02")).toEqual(["2025-12-31 21.3000", "2026-01-02 21.3100"]);
    expect(await platform.services.store.countWaiting()).toBe(0);
  });

  test("whose next values never come near it waits for a person, who lets it pass as a range", async () => {
    const values = ["21.3000", "25.0000", "29.4000", "34.6000"];
    await start(FIX, "18.5000", ...values);
    await platform.until("2025-11-28T18:12:00Z");
    expect((await platform.edge("/rates/on/2025-11-28")).json.rate).toBe("18.5000");
    expect(
      (await platform.origin("/health")).json.series.find(({ id }: { id: string }) => id.endsWith(FIX)).waiting,
    ).toBe(4);
    const selection = { series: `banxico.${FIX}`, from: "2025-11-25", to: "2025-11-28" };
    await platform.services.store.release(selection, platform.nowMs);
    await platform.minutes(62);
    expect((await rates(FIX, "2025-11-25", "2025-11-28")).map((one) => one.slice(11))).toEqual(values);
  });

  test("that is gone on the next day leaves its one value waiting, and the day without it", async () => {
    await start(FIX, "18.5000", "21.3000", "18.5500");
    await platform.until("2025-12-01T19:00:00Z");
    expect((await rates(FIX, "2025-11-24", "2025-11-27")).map((one) => one.slice(11))).not.toContain("21.3000");
    expect((await platform.edge("/rates/current")).json).toMatchObject({ date: "2025-12-01", rate: "18.5500" });
  });

  test("that is corrected to the old level within the hour is as if it had never been", async () => {
    await start(FIX, "18.5000", "21.3000");
    await platform.until("2025-11-25T18:20:00Z");
    await platform.faults(...valuesOf(FIX, "2025-07-24", "2025-12-19", () => "18.5000"));
    await platform.minutes(20);
    expect((await platform.edge("/rates/current")).json).toMatchObject({ date: "2025-11-25", rate: "18.5000" });
    expect(await platform.services.store.countWaiting()).toBe(0);
  });
});

describe("ten times too much", () => {
  test.each([
    ["ten times too high", "185.0000"],
    ["ten times too low", "1.8500"],
    ["a hundred times too high", "1850.0000"],
  ])("%s never passes, however many follow", async (_, value) => {
    await start(FIX, "18.5000", value);
    // The 15th day after the last good value is where one used to pass unseen.
    platform.nowMs = Date.parse("2025-12-05T12:00:00Z");
    await platform.until("2025-12-10T19:00:00Z");
    for (let date = "2025-11-25"; date < "2025-12-08"; date = addDays(date, 1))
      expect((await platform.origin(`/rates/on/${date}`)).json.rate, date).toBe("18.5000");
    expect((await platform.edge("/rates/on/2025-12-10")).json.rate).not.toBe(value);
  });

  test("of one series in one reading does not touch it, nor the others", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(12);
    const before = await rates(EUR, "2025-08-01", "2025-11-24");
    platform.tamper = scaled(EUR, 10);
    await platform.until("2025-11-25T18:04:00Z");
    platform.tamper = undefined;
    await platform.minutes(12);
    expect(await rates(EUR, "2025-08-01", "2025-11-24")).toEqual(before);
    for (const base of ["USD", "EUR", "JPY"])
      expect((await platform.edge(`/rates/current?base=${base}`)).json.date).toBe("2025-11-25");
    expect(Number((await platform.edge("/rates/current?base=EUR")).json.rate)).toBeLessThan(40);
  });

  test("of a whole history changes nothing, in however many audits", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(12);
    const before = await rates(EUR, "2025-07-28", "2025-11-24");
    platform.tamper = scaled(EUR, 10);
    await platform.until("2025-11-28T12:00:00Z");
    expect(await rates(EUR, "2025-07-28", "2025-11-24")).toEqual(before);
    platform.tamper = undefined;
    await platform.until("2025-11-29T12:00:00Z");
    expect(await rates(EUR, "2025-07-28", "2025-11-24")).toEqual(before);
    expect((await platform.edge("/rates/current?base=EUR")).json.date).toBe("2025-11-28");
    expect(await platform.services.store.countWaiting()).toBe(0);
  });

  test("of a day that is asked for again as it should be is released by the right value", async () => {
    await start(FIX, "18.5000", "185.1000");
    await platform.until("2025-11-26T17:00:00Z");
    await platform.faults(
      ...valuesOf(FIX, "2025-07-24", "2025-11-24", () => "18.5000"),
      ...valuesOf(FIX, "2025-11-25", "2025-12-19", () => "18.5100"),
    );
    await platform.until("2025-11-26T18:20:00Z");
    expect(await rates(FIX, "2025-11-25", "2025-11-26")).toEqual(["2025-11-25 18.5100", "2025-11-26 18.5100"]);
  });
});

function scaled(series: string, factor: number) {
  return ({ bmx }: SieBody): void => {
    for (const { idSerie, datos = [] } of bmx.series)
      if (idSerie === series) for (const row of datos) row.dato = times(factor, row.dato);
  };
}
