/** Bounds of all entries together; no single one may take more than a sixteenth of the bytes. */
export interface HotLimits {
  maxEntries: number;
  maxBytes: number;
}

const MAX_SHARE = 1 / 16;
/** What an entry takes beside its body, roughly. */
const OVERHEAD_BYTES = 1_500;

interface Entry<T> {
  response: T;
  untilMs: number;
  bytes: number;
  /** Requested since it was last considered for removal. */
  isUsed: boolean;
}

/**
 * Finished responses by canonical target (core/api/target.ts), reused until the pages behind them have to be looked at again.
 * Bounded in entries and bytes; what was not used since the last look goes first.
 */
export class HotResponses<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #limits: HotLimits;
  #bytes = 0;
  #generation = 0;
  #hand = this.#entries.entries();

  constructor(limits: HotLimits) {
    this.#limits = limits;
  }

  get size(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  /** Counts the calls of `clear`: a response that was begun before one is out of date when it is finished. */
  get generation(): number {
    return this.#generation;
  }

  /** The response, if there is one that still holds. */
  find(target: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(target);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.untilMs) {
      this.#remove(target, entry);
      return undefined;
    }
    entry.isUsed = true;
    return entry.response;
  }

  /** `bodyBytes`: its size, roughly. `generation`: as it was when the making of the response began. */
  keep(target: string, response: T, bodyBytes: number, untilMs: number, generation = this.#generation): void {
    const bytes = bodyBytes + 2 * target.length + OVERHEAD_BYTES;
    if (generation !== this.#generation || bytes > this.#limits.maxBytes * MAX_SHARE) return;
    const present = this.#entries.get(target);
    if (present) this.#remove(target, present);
    this.#entries.set(target, { response, untilMs, bytes, isUsed: false });
    this.#bytes += bytes;
    this.#shrink();
  }

  /** Forgets everything: what it was made from has changed. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
    this.#generation++;
  }

  /**
   * Second chance: what was used since the hand last passed stays, and the rest goes. The hand is kept, because a new
   * iterator would first walk over all that was removed before.
   */
  #shrink(): void {
    while (this.#entries.size > this.#limits.maxEntries || this.#bytes > this.#limits.maxBytes) {
      const { value, done } = this.#hand.next();
      if (done) {
        this.#hand = this.#entries.entries();
        continue;
      }
      const [target, entry] = value;
      if (entry.isUsed) entry.isUsed = false;
      else this.#remove(target, entry);
    }
  }

  #remove(target: string, entry: Entry<T>): void {
    if (this.#entries.delete(target)) this.#bytes -= entry.bytes;
  }
}
