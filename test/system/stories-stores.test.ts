import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { openStore } from "../../origin/store/open.ts";
import { Platform } from "./platform.ts";
import { EUR, FIX } from "./platform-parts.ts";

/** Databases that lack something, and messages and clocks that come late. */

const BASES = ["USD", "EUR", "JPY", "GBP", "CAD"];
const DAY = "2025-11-25";
let platform: Platform;
afterEach(() => platform.stop());

const observation = (value: string, series = FIX) => ({ type: "observation", series, date: DAY, value });
const pathOf = (base: string) => `/rates/historical?from=2025-09-01&to=${DAY}&base=${base}`;

/** "date rate" of a currency, at a new edge and at the origin. */
async function served(base: string): Promise<{ edge: string[]; origin: string[] }> {
  const read = await Promise.all([platform.ask(platform.newEdge(), pathOf(base)), platform.origin(pathOf(base))]);
  const [edge = [], origin = []] = read.map(({ json }) =>
    (json.observations as { date: string; rate: string }[]).map(({ date, rate }) => `${date} ${rate}`),
  );
  return { edge, origin };
}

async function rates(path: string): Promise<string[]> {
  return [(await platform.edge(path)).json.rate, (await platform.origin(path)).json.rate];
}

describe("a database that is put back", () => {
  let dir: string;
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** Restores what the database was at an earlier time, on a bank day at half past eleven. */
  async function restore(backedUpAt: string, isDeclared: boolean, between = async () => {}): Promise<void> {
    dir = await mkdtemp(join(tmpdir(), "paridad-story-"));
    const [live, backup] = [join(dir, "live.sqlite"), join(dir, "backup.sqlite")];
    platform = await Platform.start(backedUpAt, { databaseUrl: `file:${live}`, since: "2025-08-01" });
    await platform.minutes(12);
    const database = new DatabaseSync(live);
    database.exec(`VACUUM INTO '${backup}'`);
    database.close();
    await platform.until(`${DAY}T10:30:00Z`);
    await between();
    await platform.until(`${DAY}T17:30:00Z`);
    if (isDeclared) {
      const store = await openStore(`file:${backup}`);
      await store.declareRestored(undefined);
      await store.close();
    }
    await platform.useDatabase(`file:${backup}`);
  }

  test.each([
    ["twenty days old, undeclared", "2025-11-05T20:00:00Z", false],
    ["twenty days old, declared", "2025-11-05T20:00:00Z", true],
    ["two days old, undeclared", "2025-11-21T20:00:00Z", false],
    ["two days old, declared", "2025-11-21T20:00:00Z", true],
  ])("%s, takes no rate from readers, who get the next FIX in time", async (_, at, isDeclared) => {
    await restore(at, isDeclared);
    const before = await Promise.all(BASES.map(async (base) => (await served(base)).edge));
    for (let round = 0; round < 11; round++) {
      await platform.minutes(3);
      for (const [index, base] of BASES.entries())
        expect((await served(base)).edge.slice(0, before[index]?.length), base).toEqual(before[index]);
    }
    for (const base of BASES) expect((await platform.edge(`/rates/current?base=${base}`)).json.date).toBe(DAY);
    await platform.minutes(60);
    for (const [index, base] of BASES.entries()) {
      const { edge, origin } = await served(base);
      expect(edge).toEqual(origin);
      expect(edge.slice(0, -1)).toEqual(before[index]);
    }
  });

  test.each([
    ["a correction", { type: "revision", value: "21.4321" }, "2025-11-20 21.4321"],
    ["a withdrawal", { type: "withdrawal" }, undefined],
  ])("undoes nothing of %s that came after the backup", async (_, fault, expected) => {
    const said = (list: string[]) => list.find((one) => one.startsWith("2025-11-20"));
    await restore("2025-11-21T20:00:00Z", false, async () => {
      await platform.faults({ ...fault, series: EUR, date: "2025-11-20" });
      for (let hour = 0; hour < 3; hour++) {
        platform.nowMs += 3_600_000;
        await platform.tick();
      }
      expect(said((await served("EUR")).origin)).toBe(expected);
    });
    for (let round = 0; round < 10; round++) {
      expect(said((await served("EUR")).edge)).toBe(expected);
      await platform.minutes(4);
    }
    await platform.until("2025-11-27T12:00:00Z");
    const { edge, origin } = await served("EUR");
    expect(edge).toEqual(origin);
    expect(said(edge)).toBe(expected);
  });

  test("delays no FIX though histories can't be read for hours", async () => {
    await restore("2025-11-05T20:00:00Z", true);
    const before = (await served("JPY")).edge;
    await platform.faults({ type: "rate_limit", seconds: 43_200, class: "historica" });
    await platform.minutes(34);
    expect((await platform.edge("/rates/current?base=JPY")).json.date).toBe(DAY);
    expect((await served("JPY")).edge.slice(0, -1)).toEqual(before);
    await platform.faults();
    await platform.until("2025-11-26T12:00:00Z");
    const { edge, origin } = await served("JPY");
    expect(edge).toEqual(origin);
    expect(edge.slice(0, -1)).toEqual(before);
  });
});

describe("clocks and queues", () => {
  const start = async () => {
    await platform.minutes(12);
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults(observation("19.1000"));
    await platform.minutes(3);
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.1000", "19.1000"]);
  };

  test.each([
    ["ahead", 600_000],
    ["behind", -600_000],
    ["a day ahead", 86_400_000],
    ["a day behind", -86_400_000],
  ])("a correction is served though the origin's clock is %s", async (_, aheadMs) => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    platform.originAheadMs = aheadMs;
    await platform.minutes(12);
    await platform.until(`${DAY}T17:59:00Z`);
    await platform.faults(observation("19.1000"));
    await platform.minutes(3);
    await platform.faults(observation("19.2000"));
    await platform.minutes(12);
    expect((await platform.edge(`/rates/on/${DAY}`)).json.rate).toBe("19.2000");
  });

  test("a FIX that is corrected twice within minutes is right within minutes of each", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await start();
    await platform.faults(observation("19.2000"));
    await platform.minutes(2);
    await platform.faults(observation("19.1500"));
    await platform.minutes(6);
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.1500", "19.1500"]);
    await platform.faults(observation("19.1000"));
    await platform.minutes(31);
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.1000", "19.1000"]);
  });

  test("a message that comes three hours late, after a correction, undoes nothing", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await start();
    const late = platform.queue.waiting.splice(0);
    platform.isQueueHeld = true;
    platform.nowMs += 3_600_000;
    await platform.tick();
    late.push(...platform.queue.waiting.splice(0));
    expect(late.length).toBeGreaterThan(0);
    platform.isQueueHeld = false;
    await platform.faults(observation("19.2000"));
    platform.nowMs += 3_600_000;
    await platform.minutes(12);
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.2000", "19.2000"]);
    platform.nowMs += 3_600_000;
    platform.queue.waiting.push(...late);
    await platform.deliver();
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.2000", "19.2000"]);
    await platform.minutes(12);
    expect(await rates(`/rates/on/${DAY}`)).toEqual(["19.2000", "19.2000"]);
  });
});

describe("a first fill", () => {
  const paths = ["on/2024-01-02", "on/2024-06-03", "historical?from=2023-12-20&to=2024-01-10", "average/2024-01"];

  test("responds rightly or not at all while pages come one by one, Redis empty or not", async () => {
    const options = { since: "2022-01-03" };
    const full = await Platform.start("2025-11-24T20:00:00Z", options);
    await full.minutes(2);
    const right = new Map<string, unknown>();
    for (const path of paths) right.set(path, contentOf((await full.origin(`/rates/${path}`)).json));
    await full.stop();
    platform = await Platform.start("2025-11-24T20:00:00Z", options);
    platform.isQueueHeld = true;
    await platform.minutes(1);
    platform.isQueueHeld = false;
    const messages = platform.queue.waiting.splice(0).reverse();
    for (const [index, message] of messages.entries()) {
      platform.queue.waiting.push(message);
      await platform.deliver();
      if (index % 3 === 0) await platform.redis.send(["FLUSHALL"]);
      const edge = platform.newEdge();
      for (const path of paths) {
        const { status, json } = await platform.ask(edge, `/rates/${path}`);
        expect([200, 503], path).toContain(status);
        if (status === 200) expect(contentOf(json), path).toEqual(right.get(path));
      }
    }
    for (const path of paths) expect((await platform.edge(`/rates/${path}`)).status, path).toBe(200);
  });
});

function contentOf(json: Record<string, unknown>): unknown {
  return json.observations ?? json.average ?? json.rate;
}
