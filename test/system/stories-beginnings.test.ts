import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TestMessage } from "../unit/ingest/doubles.ts";
import { Platform } from "./platform.ts";

/** What readers get when a database comes back from a backup, clocks differ, or the first history still loads. */

// Weeks of the whole platform, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });
const FIX = "SF43718";
let platform: Platform;
afterEach(() => platform.stop());

describe("a restore from backup in the middle of a day", () => {
  it("takes no rate from readers, and what was lost is back within minutes", async () => {
    const dir = await mkdtemp(join(tmpdir(), "paridad-restore-"));
    try {
      const [live, backup] = [join(dir, "live.sqlite"), join(dir, "backup.sqlite")];
      platform = await Platform.start("2025-11-10T20:00:00Z", { databaseUrl: `file:${live}` });
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
    platform = await Platform.start("2025-11-24T20:00:00Z", { since: "all" });
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
    platform = await Platform.start("2025-11-24T20:00:00Z", { since: "all" });
    const full = await Platform.start("2025-11-24T20:00:00Z", { since: "all" });
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
  await on.deliver();
  for (const path of ["on/2010-01-04", "on/2010-06-01"]) {
    const { status } = await on.edge(`/rates/${path}`);
    expect([200, 503], path).toContain(status);
  }
}
