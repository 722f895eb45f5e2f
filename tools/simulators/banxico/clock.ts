import { addDays } from "#core/time/dates.ts";
import { mexicoCityDate, publicationMs, TIME_ZONE } from "./mexico.ts";

/** The simulator's own clock: real time, moved. */
export class Clock {
  offsetMs: number;
  readonly #publicationDelayMs: number;
  readonly #realNow: () => number;

  constructor(offsetMs: number, publicationDelayMs: number, realNow: () => number) {
    this.offsetMs = offsetMs;
    this.#publicationDelayMs = publicationDelayMs;
    this.#realNow = realNow;
  }

  nowMs(): number {
    return this.#realNow() + this.offsetMs;
  }

  /** Moves the clock to an instant, from which it goes on. */
  setNow(nowMs: number): void {
    this.offsetMs = nowMs - this.#realNow();
  }

  /** The last date whose FIX, if there was one, is out: announced at 12:00 and then delayed. */
  publishedUpTo(): string {
    const now = this.nowMs();
    let date = mexicoCityDate(now);
    while (publicationMs(date) + this.#publicationDelayMs > now) date = addDays(date, -1);
    return date;
  }

  toJSON() {
    return { offset_ms: this.offsetMs, now: new Date(this.nowMs()).toISOString() };
  }
}

const wallClock = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE, dateStyle: "short", timeStyle: "medium" });

/** "2022-12-27 17:06:27 America/Mexico_City" */
export function mexicoCityTime(ms: number): string {
  return `${wallClock.format(ms)} ${TIME_ZONE}`;
}
