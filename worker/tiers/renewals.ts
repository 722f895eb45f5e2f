import type { StaleReason } from "#core/pages/page-source.ts";

/** A renewal in flight, or one that failed: until when other requests use the expired entry. */
export interface Renewal {
  untilMs: number;
  /** Set if the renewal failed. */
  failure?: StaleReason;
}

const MAX_RENEWALS = 2_000;

/**
 * Keeps concurrent requests from renewing the same page. Requests may not await each other's promises, so one leaves a
 * plain note here and the others read it; a note expires, in case the request that left it is cancelled.
 */
export class Renewals {
  readonly #notes = new Map<string, Renewal>();

  /** The note on a page, if it has not expired. */
  get(series: string, year: number, nowMs: number): Renewal | undefined {
    const note = this.#notes.get(`${series}:${year}`);
    return note !== undefined && nowMs < note.untilMs ? note : undefined;
  }

  set(series: string, year: number, renewal: Renewal): void {
    if (this.#notes.size >= MAX_RENEWALS) this.#notes.clear();
    this.#notes.set(`${series}:${year}`, renewal);
  }

  clear(series: string, year: number): void {
    this.#notes.delete(`${series}:${year}`);
  }
}
