import { findProvider } from "#core/providers/provider-list.ts";
import type { Batch } from "#core/wire/internal.ts";

export const USD = "banxico.SF43718";
export const EUR = "banxico.SF46410";
/** The series of the provider that this is about, unless a test says otherwise. */
export const IDS = (findProvider("banxico")?.series ?? []).map(({ id }) => id);
export const NOW_MS = Date.parse("2023-12-29T20:00:00.123Z");

export type Value = [date: string, value: string, series?: string];

export function batchOf(values: readonly Value[], batchId = "batch-1", fetchedMs = NOW_MS): Batch {
  return {
    batch_id: batchId,
    provider: "banxico",
    fetched_at: new Date(fetchedMs).toISOString(),
    observations: values.map(([date, value, series = USD]) => ({ series, date, value })),
  };
}

/** The weekdays of a year. */
export function weekdaysOf(year: number): string[] {
  const days: string[] = [];
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86_400_000) {
    const weekday = new Date(ms).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(new Date(ms).toISOString().slice(0, 10));
  }
  return days;
}
