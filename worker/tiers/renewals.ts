import type { StaleReason } from "#core/pages/page-source.ts";

/** While a page is being renewed, or could not be: until when others go on with the copy at hand. */
export interface Renewal {
  untilMs: number;
  /** Set where the renewal failed. */
  failure?: StaleReason;
}

const MAX_RENEWALS = 2_000;

/**
 * Keeps a crowd from renewing the same page at once. Requests may not await each other's promises, so one leaves a
 * plain note here and the others read it; a note lapses by itself, should the request that left it be cancelled.
 */
export class Renewals {
  readonly #notes = new Map<string, Renewal>();

  /** The note on a page, where it still holds. */
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
