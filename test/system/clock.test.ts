import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PATIENT, System } from "../../tools/dev/system.ts";
import { type Figures, writeFigures } from "./figures.ts";

/** The clock runs on over the turn of the year while people read: in UTC first, and six hours later in Mexico City. */
const LAST = "2023-12-29";
/** For the stack to start and fill, twice as long after each try for which the machine was too slow. */
const MIN_LEAD_MS = 10_000;
const MAX_LEAD_MS = 160_000;
/** How long it is read after the turn. */
const AFTER_MS = 3_000;

let figures: Figures;
beforeAll(async () => {
  figures = await writeFigures(LAST, 300);
});
afterAll(() => figures.remove());

describe.concurrent.each([
  ["in UTC", "2024-01-01T00:00:00Z", "2023-12-31", "2023-12-31"],
  ["in Mexico City", "2024-01-01T06:00:00Z", "2023-12-31", "2024-01-01"],
])("the turn of the year %s", (_, turn, before, after) => {
  test("costs no reader an answer, and none gets a wrong date or is told that it is stale", async () => {
    const turnMs = Date.parse(turn);
    const { system, now } = await filledBefore(turnMs);
    try {
      const seen = { before: 0, after: 0 };
      while (now() < turnMs + AFTER_MS) {
        const askedMs = now();
        await readAll(system);
        const todays = [todayAt(askedMs), todayAt(now())];
        const { to } = await read(system, "/api/v1/rates/historical?from=2023-12-20");
        expect([...todays, todayAt(now())]).toContain(to);
        seen[askedMs < turnMs ? "before" : "after"]++;
      }
      expect(seen.before).toBeGreaterThan(0);
      expect(seen.after).toBeGreaterThan(0);
    } finally {
      await system.stop();
    }

    function todayAt(ms: number): string {
      return ms < turnMs ? before : after;
    }
  });
});

/** A stack that is filled a moment before its clock comes to `turnMs`, and that clock. */
async function filledBefore(turnMs: number): Promise<{ system: System; now: () => number }> {
  for (let leadMs = MIN_LEAD_MS; leadMs <= MAX_LEAD_MS; leadMs *= 2) {
    const clockOffsetMs = turnMs - leadMs - Date.now();
    const now = () => Date.now() + clockOffsetMs;
    const system = await System.start({ csvFile: figures.file, clockOffsetMs, vars: PATIENT });
    await system.fill();
    if (now() < turnMs) return { system, now };
    await system.stop();
  }
  throw new Error("the machine is too slow to start a stack");
}

/** Ways to ask for the newest rate, from both hosts: all of one mind. */
async function readAll(system: System): Promise<void> {
  for (const host of ["edge", "origin"] as const) {
    const current = await read(system, "/api/v1/rates/current", host);
    expect(current).toMatchObject({ date: LAST, stale: false, age_business_days: 0 });
    // The first of January is a holiday, so that the next FIX comes on the second.
    expect(current.next_update).toBe("2024-01-02T18:00:00Z");
    expect(await read(system, "/api/v1/rates/average/15d", host)).toMatchObject({ to: LAST, stale: false });
    expect(await read(system, "/api/v1/rates/historical?limit=1", host)).toMatchObject({ to: LAST, stale: false });
    expect(await read(system, "/api/v1/rates/on/2023-12-31", host)).toMatchObject({ date: LAST, stale: false });
  }
}

async function read(system: System, path: string, host: "edge" | "origin" = "edge"): Promise<Record<string, unknown>> {
  const { status, headers, body } = await system[host](path);
  expect(status, `${path} at the ${host}: ${body}`).toBe(200);
  expect(headers.get("Paridad-Stale"), path).toBeNull();
  return JSON.parse(body) as Record<string, unknown>;
}
