const WINDOW_MINUTES = 5;
/** Bucket n holds durations up to 2^(n/4) × 0.1 ms: a result is at most a fifth too high. */
const BUCKETS = 80;
const SMALLEST_MS = 0.1;
const STEPS_PER_DOUBLING = 4;

interface Minute {
  /** Minutes since the epoch; -1 if nothing was counted yet. */
  minute: number;
  counts: Uint32Array;
}

/** Response times of the last five minutes, in a few kilobytes at any load. */
export class Timings {
  readonly #now: () => number;
  /** The current minute and those before it, by minute modulo their number. */
  readonly #minutes = Array.from(
    { length: WINDOW_MINUTES + 1 },
    (): Minute => ({ minute: -1, counts: new Uint32Array(BUCKETS) }),
  );

  constructor(now: () => number) {
    this.#now = now;
  }

  record(durationMs: number): void {
    const minute = Math.floor(this.#now() / 60_000);
    const slot = this.#minutes[minute % this.#minutes.length] as Minute;
    if (slot.minute !== minute) {
      slot.minute = minute;
      slot.counts.fill(0);
    }
    const bucket = Math.ceil(STEPS_PER_DOUBLING * Math.log2(Math.max(durationMs, SMALLEST_MS) / SMALLEST_MS));
    const index = Math.min(bucket, BUCKETS - 1);
    slot.counts[index] = (slot.counts[index] as number) + 1;
  }

  /** The duration in milliseconds that `share` of the responses did not exceed; null if there were none. */
  quantile(share: number): number | null {
    const oldest = Math.floor(this.#now() / 60_000) - WINDOW_MINUTES;
    const current = this.#minutes.filter(({ minute }) => minute >= oldest);
    const totals = Array.from({ length: BUCKETS }, (_, index) =>
      current.reduce((sum, { counts }) => sum + (counts[index] as number), 0),
    );
    const all = totals.reduce((sum, count) => sum + count, 0);
    if (all === 0) return null;
    let seen = 0;
    const bucket = totals.findIndex((count) => {
      seen += count;
      return seen >= share * all;
    });
    return Math.round(SMALLEST_MS * 2 ** (bucket / STEPS_PER_DOUBLING) * 10) / 10;
  }
}
