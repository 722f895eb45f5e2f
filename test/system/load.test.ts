import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { CLOCK, System } from "../../tools/dev/system.ts";
import { loadIngestion } from "../../tools/load/ingestion.ts";
import { newValues } from "../../tools/load/messages.ts";

const offsetMs = Date.parse(CLOCK) - Date.now();
const nowMs = () => Date.now() + offsetMs;

test("new values: each of a day of its own, enough for minutes, no series like another", () => {
  const all = [...newValues("2023-12-29")];
  expect(all.length).toBeGreaterThan(100 * 300);
  expect(new Set(all.map(({ series, date }) => `${series} ${date}`)).size).toBe(all.length);
  const byDay = Map.groupBy(all, ({ date }) => date);
  for (const values of byDay.values()) expect(new Set(values.map(({ value }) => value)).size).toBe(values.length);
});

test("every message that is sent comes to the origin and to Redis", async () => {
  const system = await System.start();
  try {
    await system.faults("banxico", [{ type: "unavailable" }]);
    const report = await loadIngestion(system, 30, 4, nowMs);
    expect(report).toMatchObject({ messages: 120, lost: 0 });
    expect(report.lagMs.p50).toBeGreaterThan(0);
    expect(report.lagMs.p50).toBeLessThanOrEqual(report.lagMs.max);
    const stored = await system.stored(banxico.series[0]?.id ?? "");
    expect(stored).toHaveLength(120 / banxico.series.length);
  } finally {
    await system.stop();
  }
});
