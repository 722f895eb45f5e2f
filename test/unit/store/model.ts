import type { Observation } from "#core/rates/page.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { differencesOf } from "../../../origin/store/differences.ts";
import { planCommit } from "../../../origin/store/plan.ts";
import type { Current, Kept, OtherSeries } from "../../../origin/store/state.ts";

/** A store of one series in memory, to hold the plan of a commit to its laws without a database. */

export const FIX = "banxico.SF43718";
export const NOON_MS = Date.parse("2025-11-28T18:00:00Z");
const DAY_MS = 86_400_000;

type Said = Partial<Omit<SeriesReading, "observations">> & { observations: readonly Observation[] };

export class Model {
  readonly #series: string;
  readonly #current = new Map<string, Current>();
  readonly #revisedMs: number[] = [];
  others: OtherSeries = new Map();
  kept: Kept[] = [];
  seq = 0;
  nowMs = NOON_MS;

  constructor(series = FIX) {
    this.#series = series;
  }

  /** What `commit` was given, as a reading of the model's series, made now. */
  reading({ observations, ...rest }: Said): SeriesReading {
    return {
      batch_id: "batch",
      provider: "banxico",
      fetched_at: new Date(this.nowMs).toISOString(),
      series: this.#series,
      year: Number(observations[0]?.[0].slice(0, 4) ?? 2025),
      complete: null,
      based_on: this.seq,
      observations: observations.map(([date, value]) => [date, value]),
      ...rest,
    };
  }

  commit(said: Said) {
    return this.apply(this.reading(said));
  }

  apply(reading: SeriesReading) {
    const current = new Map([...this.#current].sort(([a], [b]) => (a < b ? -1 : 1)));
    const kept = Map.groupBy(this.kept, ({ date }) => date);
    const recentRevisions = this.#revisedMs.filter((ms) => ms > this.nowMs - DAY_MS).length;
    const stored = { current, kept, recentRevisions, others: this.others };
    const plan = planCommit(reading, stored, differencesOf(reading, stored, this.nowMs));
    for (const { date, value, revision, withdrawn, fetchedAt } of plan.observations) {
      this.#current.set(date, { value, revision, withdrawn, fetchedAt, seq: ++this.seq });
      if (revision > 0) this.#revisedMs.push(this.nowMs);
    }
    const closed = new Set(plan.closed.map(({ id }) => id));
    this.kept = this.kept.filter(({ id }) => !closed.has(id));
    for (const one of plan.refused) this.kept.push({ ...one, id: ++this.#id, state: "waiting" });
    return plan.counts;
  }
  #id = 0;

  get values(): Observation[] {
    return [...this.#current]
      .filter(([, { withdrawn }]) => !withdrawn)
      .map(([date, { value }]): Observation => [date, value])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  get waiting(): string[] {
    return this.kept.map(({ date, value, reason }) => `${date} ${value} ${reason}`).sort();
  }

  pass(minutes: number): void {
    this.nowMs += minutes * 60_000;
  }
}

/** The weekdays from `first` on, each with its value. */
export function onWeekdays(first: string, values: readonly string[]): Observation[] {
  let ms = Date.parse(first);
  return values.map((value) => {
    while ([0, 6].includes(new Date(ms).getUTCDay())) ms += DAY_MS;
    const date = new Date(ms).toISOString().slice(0, 10);
    ms += DAY_MS;
    return [date, value];
  });
}
