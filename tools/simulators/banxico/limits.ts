import { addDays } from "#core/time/dates.ts";
import { mexicoCityDate, midnightMs } from "./mexico.ts";

/** Banxico's two classes of request: the last values, and history. */
export type RequestClass = "oportuna" | "historica";

/** How many requests one token may make. */
export interface Limit {
  readonly perWindow: number;
  readonly windowMs: number;
  readonly perDay: number;
}

export const documentedLimits: Record<RequestClass, Limit> = {
  oportuna: { perWindow: 80, windowMs: 60_000, perDay: 40_000 },
  historica: { perWindow: 200, windowMs: 300_000, perDay: 10_000 },
};

interface Usage {
  windowStartMs: number;
  inWindow: number;
  day: string;
  inDay: number;
}

/** Counts requests by token and class. */
export class Limiter {
  readonly #limits: Record<RequestClass, Limit>;
  readonly #usage = new Map<string, Usage>();

  constructor(limits: Record<RequestClass, Limit>) {
    this.#limits = limits;
  }

  /** Counts a request; when it is one too many, gives the instant at which the token may ask again. */
  count(token: string, requestClass: RequestClass, nowMs: number): number | undefined {
    const limit = this.#limits[requestClass];
    const key = `${requestClass} ${token}`;
    const usage = this.#usage.get(key) ?? { windowStartMs: nowMs, inWindow: 0, day: "", inDay: 0 };
    this.#usage.set(key, usage);
    const day = mexicoCityDate(nowMs);
    if (day !== usage.day) Object.assign(usage, { day, inDay: 0 });
    // A clock set back begins a window too.
    if (nowMs < usage.windowStartMs || nowMs >= usage.windowStartMs + limit.windowMs) {
      Object.assign(usage, { windowStartMs: nowMs, inWindow: 0 });
    }
    if (usage.inDay >= limit.perDay) return midnightMs(addDays(day, 1));
    if (usage.inWindow >= limit.perWindow) return usage.windowStartMs + limit.windowMs;
    usage.inWindow++;
    usage.inDay++;
    return undefined;
  }
}
