import { afterEach, beforeEach, expect, test } from "vitest";
import { Platform } from "./platform.ts";
import { FIX } from "./platform-parts.ts";

/** Redis holds what is well-formed and wrong: whatever its version, readers get the origin's word again. */

const SERIES = `banxico.${FIX}`;
const KEY = `paridad:v1:page:${SERIES}:2025`;
const OLD_KEY = `paridad:v1:page:${SERIES}:2024`;
const DAY = "2025-10-01";
let platform: Platform;
let right: string;

beforeEach(async () => {
  platform = await Platform.start("2025-11-24T20:00:00Z", { since: "2024-10-01" });
  await platform.minutes(12);
  right = (await platform.origin(`/rates/on/${DAY}`)).json.rate;
});
afterEach(() => platform.stop());

interface StoredPage {
  version: number;
  observations: [string, string][];
  withdrawn?: string[];
}

/** Puts a page in Redis that says something else. */
async function poison(change: (page: StoredPage) => void, key = KEY): Promise<void> {
  const page = JSON.parse(String(await platform.redis.get(key))) as StoredPage;
  change(page);
  await platform.redis.set(key, JSON.stringify(page));
}

const wrong = (page: StoredPage, date = DAY) => {
  for (const row of page.observations) if (row[0] === date) row[1] = "11.9012";
};
const rateAt = async (edge = platform.newEdge(), date = DAY) =>
  (await platform.ask(edge, `/rates/on/${date}`)).json.rate as string;

/** Whether Redis holds again what the origin has, byte for byte. */
async function isHealed(): Promise<boolean> {
  const [page] = await platform.services.store.pages(SERIES, 2025, 2025);
  return (await platform.redis.get(KEY)) === JSON.stringify(page);
}

test.each([
  ["a higher version", 1],
  ["the same version", 0],
  ["a lower version", -1],
  ["a version that no database ever gives", 4_000_000_000],
])("a wrong rate under %s is served for an hour at most, by warm isolates too", async (_, more) => {
  const warm = platform.newEdge();
  await poison((page) => {
    wrong(page);
    page.version += more;
  });
  expect(await rateAt(warm)).toBe("11.9012");
  await platform.minutes(60);
  platform.nowMs += 120_000;
  expect(await rateAt(warm)).toBe(right);
  expect(await rateAt()).toBe(right);
  expect(await isHealed()).toBe(true);
});

test("a wrong rate of a past year is served by a warm isolate until its copy has aged, and no longer", async () => {
  const date = "2024-12-02";
  const before = (await platform.origin(`/rates/on/${date}`)).json.rate;
  const warm = platform.newEdge();
  await poison((page) => {
    wrong(page, date);
    page.version += 1;
  }, OLD_KEY);
  expect(await rateAt(warm, date)).toBe("11.9012");
  await platform.minutes(60);
  platform.nowMs += 660_000;
  expect(await rateAt(warm, date)).toBe(before);
});

test("a page that takes a date back which the origin has gives it again", async () => {
  await poison((page) => {
    page.observations = page.observations.filter(([date]) => date !== DAY);
    page.withdrawn = [DAY];
    page.version += 1;
  });
  await platform.minutes(61);
  expect(await rateAt()).toBe(right);
  expect(await isHealed()).toBe(true);
});

test("a page with a date that nobody published is put right", async () => {
  await poison((page) => {
    page.observations.push(["2025-11-25", "17.1111"]);
    page.version += 1;
  });
  await platform.until("2025-11-25T18:05:00Z");
  const { json } = await platform.edge("/rates/current");
  expect([json.date, json.rate]).toEqual(["2025-11-25", (await platform.origin("/rates/current")).json.rate]);
  expect(json.rate).not.toBe("17.1111");
  await platform.until("2025-11-26T12:00:00Z");
  expect(await isHealed()).toBe(true);
});

test("a wrong page of this year around the publication delays nothing, and heals with it", async () => {
  await platform.until("2025-11-25T17:58:00Z");
  await poison((page) => {
    wrong(page);
    page.version += 1;
  });
  await platform.minutes(4);
  expect((await platform.edge("/rates/current")).json.date).toBe("2025-11-25");
  await platform.minutes(60);
  expect(await isHealed()).toBe(true);
  expect(await rateAt()).toBe(right);
});

test("what is no page, and a page of another series, are never served", async () => {
  const other = await platform.redis.get(`paridad:v1:page:banxico.SF46410:2025`);
  for (const text of ["", "null", "{}", '{"series":"x"}', String(other)]) {
    await platform.redis.set(KEY, text);
    expect(await rateAt(), text.slice(0, 20)).toBe(right);
  }
});

test("Redis that is flushed in the middle of a publication has every page again, and nothing is lost", async () => {
  await platform.until("2025-11-25T17:59:00Z");
  platform.isQueueHeld = true;
  await platform.minutes(1);
  await platform.redis.send(["FLUSHALL"]);
  platform.isQueueHeld = false;
  await platform.minutes(3);
  expect((await platform.edge("/rates/current")).json).toMatchObject({ date: "2025-11-25", stale: false });
  await platform.minutes(15);
  expect(await isHealed()).toBe(true);
  expect(await platform.redis.get(OLD_KEY)).not.toBeNull();
});

test("while Redis is away readers get the FIX from the origin, and Redis catches up", async () => {
  await platform.until("2025-11-25T17:59:00Z");
  await platform.redisFaults({ type: "unavailable" });
  await platform.minutes(8);
  expect((await platform.edge("/rates/current")).json.date).toBe("2025-11-25");
  await platform.redisFaults();
  await platform.minutes(61);
  expect(await isHealed()).toBe(true);
});

test("a replica of Redis that lags behind a publication takes nothing from readers for long", async () => {
  await platform.until("2025-11-25T17:59:00Z");
  const warm = platform.newEdge();
  await platform.ask(warm, "/rates/current");
  await platform.redisFaults({ type: "stale_replica" });
  await platform.minutes(1);
  await platform.redisFaults();
  await platform.minutes(4);
  for (const edge of [warm, platform.newEdge()])
    expect((await platform.ask(edge, "/rates/current")).json.date).toBe("2025-11-25");
});
