import { afterEach, beforeEach, expect, test } from "vitest";
import { Platform } from "./platform.ts";
import { changeRows, EUR, FIX } from "./platform-parts.ts";

/** What a provider takes back, with a clock moved by hand. */

const DAY = "2025-11-25";
const OBSERVATION = { type: "observation", series: FIX, date: DAY, value: "19.1000" };
const WITHDRAWAL = { type: "withdrawal", series: FIX, date: DAY };

let platform: Platform;
beforeEach(async () => {
  platform = await Platform.start("2025-11-24T20:00:00Z");
  await platform.minutes(12);
  await platform.until(`${DAY}T17:59:00Z`);
  await platform.faults(OBSERVATION);
  await platform.minutes(6);
  expect(await rateOn(DAY)).toEqual([DAY, "19.1000"]);
});
afterEach(() => platform.stop());

async function rateOn(date: string, base = "USD"): Promise<[string, string]> {
  const [edge, origin] = await Promise.all([
    platform.edge(`/rates/on/${date}?base=${base}`),
    platform.origin(`/rates/on/${date}?base=${base}`),
  ]);
  expect(edge.json).toMatchObject({ date: origin.json.date, rate: origin.json.rate });
  return [edge.json.date, edge.json.rate];
}

test("a value that is taken back is served no longer, keeps its history, and operators are told", async () => {
  const [, before] = await rateOn("2025-11-24");
  await platform.faults(WITHDRAWAL);
  await platform.until("2025-11-26T11:00:00Z");
  expect(await rateOn(DAY)).toEqual(["2025-11-24", before]);
  const { json } = await platform.edge("/rates/average/1d");
  expect(Number(json.average)).toBe(Number(before));
  const history = await platform.services.store.history(`banxico.${FIX}`, DAY);
  expect(history.map(({ value, withdrawn }) => [value, withdrawn])).toEqual([
    ["19.1000", false],
    ["19.1000", true],
  ]);
  expect(platform.watch.notices).toContain("values were withdrawn");
});

test("a value that becomes N/E is taken back too", async () => {
  await platform.faults(OBSERVATION, { type: "not_available", series: FIX, date: DAY });
  await platform.until("2025-11-25T20:00:00Z");
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
});

test("nothing is taken back while the series comes empty, short or cut", async () => {
  platform.tamper = ({ bmx }) => {
    for (const series of bmx.series) if (series.idSerie === FIX) series.datos = series.datos?.slice(0, 1) ?? [];
  };
  await platform.until(`${DAY}T20:30:00Z`);
  expect(await rateOn(DAY)).toEqual([DAY, "19.1000"]);
  for (const type of ["missing_datos", "null_datos", "empty_datos", "missing_series", "truncated"]) {
    platform.tamper = undefined;
    await platform.faults(OBSERVATION, { type, ...(type !== "truncated" && { series: FIX }) });
    platform.nowMs += 3_600_000;
    await platform.minutes(6);
    expect(await rateOn(DAY), type).toEqual([DAY, "19.1000"]);
  }
});

test("a value that comes back after it was taken back is served again", async () => {
  await platform.faults(WITHDRAWAL);
  await platform.until(`${DAY}T20:00:00Z`);
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
  await platform.faults({ ...OBSERVATION, value: "18.6200" });
  await platform.until(`${DAY}T23:00:00Z`);
  expect(await rateOn(DAY)).toEqual([DAY, "18.6200"]);
  await platform.faults(WITHDRAWAL);
  await platform.until("2025-11-26T04:00:00Z");
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
  // The very value that was withdrawn twice.
  await platform.faults({ ...OBSERVATION, value: "18.6200" });
  await platform.until("2025-11-26T11:00:00Z");
  expect(await rateOn(DAY)).toEqual([DAY, "18.6200"]);
});

test("a value in the middle of history is taken back by the audit", async () => {
  await platform.faults(OBSERVATION, { type: "withdrawal", series: EUR, date: "2025-09-10" });
  await platform.until("2025-11-27T11:00:00Z");
  expect((await rateOn("2025-09-10", "EUR"))[0]).toBe("2025-09-09");
  const { json } = await platform.edge("/rates/historical?base=EUR&from=2025-09-08&to=2025-09-12");
  expect(json.observations.map(({ date }: { date: string }) => date)).not.toContain("2025-09-10");
});

test("a value that is taken back while the origin is away is gone once it is there again", async () => {
  platform.isOriginAway = true;
  await platform.faults(WITHDRAWAL);
  await platform.until(`${DAY}T21:00:00Z`);
  expect((await platform.edge(`/rates/on/${DAY}`)).json.rate).toBe("19.1000");
  platform.isOriginAway = false;
  platform.nowMs += 3_600_000;
  await platform.minutes(15);
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
});

test("a value that lacks in one response and is there in the next is never taken back", async () => {
  platform.nowMs = Date.parse(`${DAY}T19:00:00Z`);
  for (let hour = 0; hour < 6; hour++) {
    await platform.faults(hour % 2 === 0 ? WITHDRAWAL : OBSERVATION);
    platform.nowMs += 3_600_000;
    await platform.tick();
    expect(await rateOn(DAY)).toEqual([DAY, "19.1000"]);
  }
});

test("a fortnight of a whole history that lacks is not taken back by the readings of an hour", async () => {
  const kept = await platform.edge("/rates/historical?from=2025-08-01&to=2025-11-20");
  platform.tamper = changeRows(FIX, (date, value) => (date >= "2025-10-01" && date < "2025-10-15" ? undefined : value));
  platform.nowMs = Date.parse("2025-11-26T10:05:00Z");
  await platform.minutes(59);
  const { json } = await platform.edge("/rates/historical?from=2025-08-01&to=2025-11-20");
  expect(json.observations).toEqual(kept.json.observations);
});

test("a value that is taken back on its own day leaves a page that Redis and the origin agree on", async () => {
  await platform.faults(WITHDRAWAL);
  await platform.until("2025-11-26T16:00:00Z");
  platform.watch.events.length = 0;
  await platform.until("2025-11-27T16:00:00Z");
  expect(platform.watch.events).toEqual([]);
  expect((await platform.edge("/rates/current")).json).toMatchObject({ date: "2025-11-26", stale: false });
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
});

test("a value that is taken back while Redis is flushed stays taken back", async () => {
  await platform.faults(WITHDRAWAL);
  await platform.minutes(3);
  await platform.redis.send(["FLUSHALL"]);
  await platform.until(`${DAY}T21:00:00Z`);
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
  await platform.redis.send(["FLUSHALL"]);
  await platform.minutes(15);
  expect((await rateOn(DAY))[0]).toBe("2025-11-24");
});
