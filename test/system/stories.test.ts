import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { nextBankDay } from "#core/time/mexico.ts";
import { TestMessage } from "../unit/ingest/doubles.ts";
import { Platform, type SieBody } from "./platform.ts";

/** What readers get over days and weeks, told as stories over the whole platform with a clock moved by hand. */

const FIX = "SF43718";
const SERIES = "banxico.SF43718";
// Weeks of the whole platform, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });
let platform: Platform;
afterEach(() => platform.stop());

/** The FIX of every bank day from one date to another. */
function fixes(from: PlainDate, to: PlainDate, rateAt: (index: number) => string) {
  const list: { type: "observation"; series: string; date: PlainDate; value: string }[] = [];
  for (let date = from, index = 0; date <= to; date = nextBankDay(date), index++)
    list.push({ type: "observation", series: FIX, date, value: rateAt(index) });
  return list;
}

/** Multiplies every value of a series in the body by a factor, to four decimals. */
function scale(series: string, factor: number) {
  return ({ bmx }: SieBody) => {
    for (const { idSerie, datos = [] } of bmx.series)
      if (idSerie === series) for (const row of datos) row.dato = (Number(row.dato) * factor).toFixed(4);
  };
}

describe("what a provider takes back", () => {
  const start = async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(5);
    await platform.until("2025-11-25T17:59:00Z");
    await platform.faults({ type: "observation", series: FIX, date: "2025-11-25", value: "19.1000" });
    await platform.minutes(6);
    expect((await platform.edge("/rates/on/2025-11-25")).json.rate).toBe("19.1000");
  };

  it("is served no longer, keeps its history, and operators are told", async () => {
    await start();
    // The simulator has a value of its own for the day: without the fault it must lack the day altogether.
    platform.tamper = ({ bmx }) => {
      for (const series of bmx.series)
        if (series.idSerie === FIX) series.datos = series.datos?.filter(({ fecha }) => fecha !== "25/11/2025");
    };
    await platform.faults();
    await platform.until("2025-11-26T11:00:00Z");
    const before = (await platform.edge("/rates/on/2025-11-24")).json;
    const { json } = await platform.edge("/rates/on/2025-11-25");
    expect(json.date).toBe("2025-11-24");
    expect(json.rate).toBe(before.rate);
    const history = await platform.services.store.history(SERIES, "2025-11-25");
    expect(history.map(({ value }) => value)).toContain("19.1000");
    expect(platform.watch.notices.join()).toContain("observations were withdrawn");
  });

  it("is kept while the series comes empty, short or cut", async () => {
    await start();
    platform.tamper = ({ bmx }) => {
      for (const series of bmx.series) if (series.idSerie === FIX) series.datos = series.datos?.slice(0, 1) ?? [];
    };
    await platform.until("2025-11-25T20:30:00Z");
    expect((await platform.edge("/rates/on/2025-11-25")).json.rate).toBe("19.1000");
    platform.tamper = ({ bmx }) => {
      for (const series of bmx.series) if (series.idSerie === FIX) delete series.datos;
    };
    await platform.until("2025-11-26T11:00:00Z");
    expect((await platform.edge("/rates/on/2025-11-25")).json.rate).toBe("19.1000");
  });
});

describe("a jump", () => {
  it("to a new level keeps at most its first value waiting, and loses nothing", async () => {
    platform = await Platform.start("2025-11-21T20:00:00Z");
    const level = fixes("2025-10-01", "2025-11-24", () => "18.5000");
    const after = fixes("2025-11-25", "2025-12-11", (index) => (21.3 + index / 100).toFixed(4));
    await platform.faults(...level, ...after);
    await platform.minutes(5);
    await platform.until("2025-11-25T19:00:00Z");
    const first = await platform.edge("/rates/current");
    expect(first.json.date).toBe("2025-11-24");
    expect(first.headers.get("Paridad-Stale") ?? "").not.toContain("publication_missed");
    await platform.until("2025-11-26T18:30:00Z");
    expect((await platform.edge("/rates/current")).json.rate).toBe("21.3100");
    await platform.until("2025-12-11T19:00:00Z");
    const { json } = await platform.edge("/rates/historical?from=2025-11-25&to=2025-12-11");
    expect(json.observations.map(({ rate }: { rate: string }) => rate)).toEqual(after.map(({ value }) => value));
  });

  it.each([["ten times too high", "185.0000"]])("%s never passes, however many follow", async (_, value) => {
    platform = await Platform.start("2025-11-21T20:00:00Z");
    await platform.faults(
      ...fixes("2025-10-01", "2025-11-24", () => "18.5000"),
      ...fixes("2025-11-25", "2025-12-12", () => value),
    );
    await platform.minutes(5);
    await platform.until("2025-12-10T19:00:00Z");
    for (let date = "2025-11-25"; date < "2025-12-08"; date = addDays(date, 1)) {
      const { json } = await platform.origin(`/rates/on/${date}`);
      expect(json.rate, date).toBe("18.5000");
    }
    expect((await platform.edge("/rates/on/2025-12-10")).json.rate).not.toBe(value);
  });
});

describe("limits", () => {
  it("a series that is missing from every response does not delay the others", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(5);
    await platform.until("2025-11-25T17:59:00Z");
    await platform.faults({ type: "missing_series", series: "SF60632" });
    await platform.minutes(8);
    for (const base of ["USD", "EUR", "JPY", "GBP"])
      expect((await platform.edge(`/rates/current?base=${base}`)).json.date, base).toBe("2025-11-25");
  });

  it("a wait of a day does not reach over the next FIX", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(5);
    await platform.faults({ type: "rate_limit", seconds: 86_000, times: 1 });
    await platform.until("2025-11-25T18:05:00Z");
    expect((await platform.edge("/rates/current")).json.date).toBe("2025-11-25");
  });
});

describe("a wrong history", () => {
  it("does not replace the right one in one reading", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(15);
    const before = (await platform.origin("/rates/historical?from=1991-11-12&to=2025-11-24")).json;
    expect(before.count).toBeGreaterThan(8000);
    await platform.until("2025-11-25T09:59:00Z");
    platform.tamper = scale(FIX, 1.05);
    await platform.minutes(3);
    platform.tamper = undefined;
    await platform.until("2025-11-25T14:00:00Z");
    const after = (await platform.origin("/rates/historical?from=1991-11-12&to=2025-11-24")).json;
    const old = new Map(before.observations.map(({ date, rate }: { date: string; rate: string }) => [date, rate]));
    const changed = after.observations.filter(
      ({ date, rate }: { date: string; rate: string }) => old.get(date) !== rate,
    );
    expect(changed).toEqual([]);
    expect((await platform.services.store.quarantined(10)).length).toBeGreaterThan(0);
  });

  it("of one series under another's name is refused", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(15);
    const before = (await platform.edge("/rates/on/2025-11-20?base=EUR")).json.rate;
    platform.tamper = ({ bmx }) => {
      const usd = bmx.series.find(({ idSerie }) => idSerie === FIX);
      const eur = bmx.series.find(({ idSerie }) => idSerie === "SF46410");
      if (usd && eur && usd.datos) eur.datos = structuredClone(usd.datos);
    };
    await platform.until("2025-11-27T14:00:00Z");
    expect((await platform.edge("/rates/on/2025-11-20?base=EUR")).json.rate).toBe(before);
    expect((await platform.edge("/rates/on/2025-11-26?base=USD")).json.date).toBe("2025-11-26");
  });
});

describe("a replica", () => {
  const key = `paridad:v1:page:${SERIES}:2010`;

  it("does not outrank the truth, whatever its version", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    await platform.minutes(15);
    const right = (await platform.origin("/rates/on/2010-06-01")).json.rate;
    const page = JSON.parse(String(await platform.redis.send(["GET", key])));
    for (const row of page.observations) if (row[0] === "2010-06-01") row[1] = "11.9012";
    page.version += 1;
    await platform.redis.send(["SET", key, JSON.stringify(page)]);
    const warm = platform.newEdge();
    const ask = async () => (await (await warm.request("/api/v1/rates/on/2010-06-01")).json()) as { rate: string };
    expect((await ask()).rate).toBe("11.9012");
    await platform.until("2025-11-24T22:30:00Z");
    expect((await platform.edge("/rates/on/2010-06-01")).json.rate).toBe(right);
    await platform.until("2025-11-25T10:00:00Z");
    expect((await ask()).rate).toBe(right);
  });
});

describe("a restore from backup in the middle of a day", () => {
  it("takes no rate from readers, and what was lost is back within minutes", async () => {
    const dir = await mkdtemp(join(tmpdir(), "paridad-restore-"));
    try {
      const [live, backup] = [join(dir, "live.sqlite"), join(dir, "backup.sqlite")];
      platform = await Platform.start("2025-11-10T20:00:00Z", `file:${live}`);
      await platform.minutes(15);
      await copyFile(live, backup);
      await platform.until("2025-11-25T17:30:00Z");
      const before = (await platform.origin("/rates/historical?from=2025-10-01&base=EUR")).json.observations;
      await platform.useDatabase(`file:${backup}`);
      await platform.minutes(40);
      const { json } = await platform.edge("/rates/current");
      expect(json.date).toBe("2025-11-25");
      for (const host of [platform.edge.bind(platform), platform.origin.bind(platform)]) {
        const { observations } = (await host("/rates/historical?from=2025-10-01&base=EUR")).json;
        expect(observations.slice(0, before.length)).toEqual(before);
        expect(observations.length).toBe(before.length + 1);
      }
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe("clocks", () => {
  it("a correction is served though the origin's clock is ahead", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    platform.originAheadMs = 600_000;
    await platform.minutes(15);
    await platform.until("2025-11-25T17:59:00Z");
    const wrong = { type: "observation", series: FIX, date: "2025-11-25", value: "19.1000" };
    await platform.faults(wrong);
    await platform.minutes(3);
    expect((await platform.origin("/rates/current")).json.rate).toBe("19.1000");
    await platform.faults({ ...wrong, value: "19.2000" });
    await platform.minutes(15);
    expect((await platform.edge("/rates/on/2025-11-25")).json.rate).toBe("19.2000");
  });
});

describe("a first fill", () => {
  it("answers rightly or not at all while pages are missing", async () => {
    platform = await Platform.start("2025-11-24T20:00:00Z");
    const full = await Platform.start("2025-11-24T20:00:00Z");
    await full.minutes(3);
    const paths = ["on/2010-01-04", "on/2010-06-01", "historical?from=2009-12-20&to=2010-01-10", "average/2010-01"];
    const right = await Promise.all(paths.map((path) => full.origin(`/rates/${path}`)));
    await full.stop();
    // Pages arrive one by one, in no particular order.
    platform.queue.sendBatch = async (messages) => {
      const bodies = Array.from(messages, ({ body }) => body);
      for (const body of bodies.reverse()) await deliverAtOnce(platform, body);
    };
    await platform.minutes(1);
    for (const [index, path] of paths.entries()) {
      const { status, json } = await platform.edge(`/rates/${path}`);
      expect([200, 503], path).toContain(status);
      if (status === 200)
        expect(json.observations ?? json.rate).toEqual(right[index]?.json.observations ?? right[index]?.json.rate);
    }
  });
});

async function deliverAtOnce(on: Platform, body: unknown): Promise<void> {
  on.queue.waiting.push(new TestMessage(`message-${on.queue.waiting.length}`, body));
  await on.drain();
  for (const path of ["on/2010-01-04", "on/2010-06-01"]) {
    const { status } = await on.edge(`/rates/${path}`);
    expect([200, 503], path).toContain(status);
  }
}
