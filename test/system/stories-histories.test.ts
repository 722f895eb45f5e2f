import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nextBankDay } from "../../tools/simulators/banxico/mexico.ts";
import { Platform, type PlatformOptions } from "./platform.ts";
import { changeRows, EUR, FIX, GBP, JPY, type SieBody, times } from "./platform-parts.ts";

/** Whole histories that change in one reading. */

let platform: Platform;
afterEach(() => platform.stop());

const SINCE = "2025-07-28";
const UNTIL = "2025-11-24";

async function start(options: PlatformOptions = {}): Promise<void> {
  platform = await Platform.start(`${UNTIL}T20:00:00Z`, options);
  await platform.minutes(12);
}

async function history(base: string, from = SINCE): Promise<Map<string, string>> {
  const path = `/rates/historical?base=${base}&from=${from}&to=${UNTIL}`;
  const [edge, origin] = await Promise.all([platform.edge(path), platform.origin(path)]);
  expect(edge.json.observations).toEqual(origin.json.observations);
  return new Map(origin.json.observations.map(({ date, rate }: { date: string; rate: string }) => [date, rate]));
}

async function served(base: string): Promise<string> {
  return (await platform.edge(`/rates/current?base=${base}`)).json.date;
}

test("decades that are 5 % higher in one audit change nothing, and somebody is told", async () => {
  await start({ since: "2012-01-02" });
  const before = await history("USD", "2012-01-02");
  expect(before.size).toBeGreaterThan(3_000);
  await platform.until("2025-11-25T09:59:00Z");
  platform.tamper = changeRows(FIX, (_, value) => times(1.05, value));
  platform.watch.notices.length = 0;
  await platform.minutes(6);
  platform.tamper = undefined;
  expect(platform.watch.notices).toContain("observations were put in quarantine");
  expect((await platform.origin("/health")).json.status).toBe("degraded");
  expect(await history("USD", "2012-01-02")).toEqual(before);
  // The next audit says what was right all along.
  await platform.until("2025-11-26T10:05:00Z");
  expect(await history("USD", "2012-01-02")).toEqual(before);
  expect(await platform.services.store.countWaiting()).toBe(0);
});

describe("with a history of months", () => {
  beforeEach(() => start());

  test("revisions in the middle of it wait for the next audit, and are stored if that says the same", async () => {
    const before = await history("USD");
    const isRevised = (date: string) => date >= "2025-08-15" && date < "2025-10-15";
    platform.tamper = changeRows(FIX, (date, value) => (isRevised(date) ? times(0.95, value) : value));
    await platform.until("2025-11-25T10:20:00Z");
    expect(await history("USD")).toEqual(before);
    await platform.until("2025-11-26T10:20:00Z");
    const right = [...before].map(([date, value]) => [date, isRevised(date) ? times(0.95, value) : value]);
    expect([...(await history("USD"))]).toEqual(right);
    expect(await platform.services.store.countWaiting()).toBe(0);
  });

  test("as many as a provider corrects in a day are stored at once", async () => {
    const before = await history("EUR");
    const dates = [...before.keys()].slice(40, 43);
    platform.tamper = changeRows(EUR, (date, value) => (dates.includes(date) ? times(1.01, value) : value));
    await platform.until("2025-11-25T10:20:00Z");
    const after = await history("EUR");
    for (const date of dates) expect(after.get(date)).toBe(times(1.01, before.get(date) as string));
  });

  test("some of each day, so that no reading has many, are held back all the same", async () => {
    const before = await history("EUR");
    const dates = [...before.keys()];
    for (let hour = 1; hour <= 8; hour++) {
      const revised = dates.slice(-8, -8 + hour);
      platform.tamper = changeRows(EUR, (date, value) => (revised.includes(date) ? times(1.02, value) : value));
      platform.nowMs += 300_000;
      await platform.tick();
    }
    platform.tamper = undefined;
    const after = await history("EUR");
    expect(dates.filter((date) => after.get(date) !== before.get(date)).length).toBeLessThanOrEqual(5);
    await platform.until("2025-11-25T12:00:00Z");
    expect(await history("EUR")).toEqual(before);
  });

  test("one series under another's name is refused", async () => {
    const before = await history("EUR");
    platform.tamper = copied(FIX, EUR);
    await platform.until("2025-11-25T17:59:00Z");
    await platform.until("2025-11-27T14:00:00Z");
    expect(await history("EUR")).toEqual(before);
    expect(await served("JPY")).toBe("2025-11-26");
    platform.tamper = undefined;
    await platform.until("2025-11-27T18:05:00Z");
    expect([await served("USD"), await served("EUR")]).toEqual(["2025-11-27", "2025-11-27"]);
    expect(await history("EUR")).toEqual(before);
  });

  test.each([
    ["the yen and the pound", JPY, GBP],
    ["the euro and the pound", EUR, GBP],
  ])("%s swapped change neither, however long it lasts", async (_, one, other) => {
    const bases: Record<string, string> = { [JPY]: "JPY", [GBP]: "GBP", [EUR]: "EUR" };
    const [a, b] = [bases[one] as string, bases[other] as string];
    const before = [await history(a), await history(b)];
    platform.tamper = (body) => {
      const [first, second] = [one, other].map((id) => body.bmx.series.find(({ idSerie }) => idSerie === id));
      if (first?.datos && second?.datos) [first.datos, second.datos] = [second.datos, first.datos];
    };
    await platform.until("2025-11-27T12:00:00Z");
    expect([await history(a), await history(b)]).toEqual(before);
    for (const base of [a, b]) {
      const { json } = await platform.edge(`/rates/current?base=${base}`);
      expect(Number(json.rate) / Number(before[base === a ? 0 : 1]?.get(UNTIL))).toBeCloseTo(1, 0);
    }
    platform.tamper = undefined;
    await platform.until("2025-11-27T18:05:00Z");
    expect([await served(a), await served(b)]).toEqual(["2025-11-27", "2025-11-27"]);
    expect([await history(a), await history(b)]).toEqual(before);
  });

  test("a history that is shifted by a day changes nothing, and nothing of it is left", async () => {
    const before = await history("EUR");
    platform.tamper = ({ bmx }) => {
      const rows = bmx.series.find(({ idSerie }) => idSerie === EUR)?.datos ?? [];
      const values = rows.map(({ dato }) => dato);
      for (const [index, row] of rows.entries()) row.dato = values[Math.max(0, index - 1)] as string;
    };
    await platform.until("2025-11-25T10:20:00Z");
    platform.tamper = undefined;
    await platform.until("2025-11-26T10:20:00Z");
    expect(await history("EUR")).toEqual(before);
    expect(await served("EUR")).toBe("2025-11-25");
  });

  test("values before the first date of a series and on its weekends are none", async () => {
    const before = await history("CAD");
    platform.tamper = ({ bmx }, path) => {
      // A range that holds more than was asked for is invalid as a whole.
      if (path.endsWith("/datos"))
        for (const { datos } of bmx.series) datos?.unshift({ fecha: "04/01/1988", dato: "2.2810" });
    };
    await platform.until("2025-11-25T18:05:00Z");
    expect(await history("CAD")).toEqual(before);
    expect(await served("CAD")).toBe(nextBankDay(UNTIL));
    expect((await platform.origin("/rates/on/1988-01-04?base=CAD")).status).toBe(404);
  });
});

function copied(from: string, to: string) {
  return ({ bmx }: SieBody): void => {
    const [source, target] = [from, to].map((id) => bmx.series.find(({ idSerie }) => idSerie === id));
    if (source?.datos && target?.datos) target.datos = structuredClone(source.datos);
  };
}
