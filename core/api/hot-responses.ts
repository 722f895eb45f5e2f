/** Bounds of all entries together; no single one may take more than a sixteenth of the bytes. */
export interface HotLimits {
  maxEntries: number;
  maxBytes: number;
}

const MAX_SHARE = 1 / 16;
/** What those on probation always have. */
const PROBATION_SHARE = 1 / 10;
/** Longer targets are not remembered once they have gone. */
const MAX_REMEMBERED_LENGTH = 300;
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
 * Bounded in entries and bytes. A new one is on probation until it is requested again: when its turn to go comes, or, if it
 * had to go before that, when it comes back soon. Many queries that are made once each, such as those of a script that walks
 * through history, push out each other, and not what others request. (This is S3-FIFO: Yang et al., SOSP 2023.)
 */
export class HotResponses<T> {
  readonly #limits: HotLimits;
  readonly #probation = new Ring<T>();
  readonly #proven = new Ring<T>();
  /** The targets that went unproven not long ago, the older ones apart: together as many as entries are kept, or twice. */
  #gone = new Set<string>();
  #goneBefore = new Set<string>();
  #generation = 0;

  constructor(limits: HotLimits) {
    this.#limits = limits;
  }

  get size(): { entries: number; bytes: number } {
    return {
      entries: this.#proven.size + this.#probation.size,
      bytes: this.#proven.bytes + this.#probation.bytes,
    };
  }

  /** Counts the calls of `clear`: a response that was begun before one is out of date when it is finished. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * The response, if there is one that still holds. `renew`: until when one whose time is over holds again; undefined if it
   * has to be made again.
   */
  find(target: string, nowMs: number, renew?: (response: T) => number | undefined): T | undefined {
    const entry = this.#proven.get(target) ?? this.#probation.get(target);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.untilMs) {
      const untilMs = renew?.(entry.response);
      if (untilMs === undefined || nowMs >= untilMs) {
        this.#remove(target);
        return undefined;
      }
      entry.untilMs = untilMs;
    }
    entry.isUsed = true;
    return entry.response;
  }

  /** `bodyBytes`: its size, roughly. `generation`: as it was when the making of the response began. */
  keep(target: string, response: T, bodyBytes: number, untilMs: number, generation = this.#generation): void {
    const bytes = bodyBytes + 2 * target.length + OVERHEAD_BYTES;
    if (generation !== this.#generation || bytes > this.#limits.maxBytes * MAX_SHARE) return;
    this.#remove(target);
    const isBack = this.#gone.has(target) || this.#goneBefore.has(target);
    (isBack ? this.#proven : this.#probation).add(target, { response, untilMs, bytes, isUsed: false });
    this.#shrink();
  }

  /** Forgets everything: what it was made from has changed. */
  clear(): void {
    this.#probation.clear();
    this.#proven.clear();
    this.#generation++;
  }

  #remove(target: string): void {
    this.#probation.remove(target);
    this.#proven.remove(target);
  }

  #shrink(): void {
    const { maxEntries, maxBytes } = this.#limits;
    for (let { size } = this; size.entries > maxEntries || size.bytes > maxBytes; { size } = this) {
      const { size: entries, bytes } = this.#probation;
      if (entries > maxEntries * PROBATION_SHARE || bytes > maxBytes * PROBATION_SHARE) this.#endProbation();
      else this.#giveSecondChance();
    }
  }

  /** Of the oldest one. */
  #endProbation(): void {
    const [target, entry] = this.#probation.next();
    this.#probation.remove(target);
    if (entry.isUsed) this.#proven.add(target, { ...entry, isUsed: false });
    else this.#remember(target);
  }

  #remember(target: string): void {
    if (target.length > MAX_REMEMBERED_LENGTH) return;
    this.#gone.add(target);
    if (this.#gone.size < this.#limits.maxEntries) return;
    this.#goneBefore = this.#gone;
    this.#gone = new Set();
  }

  /** What was used since its last turn stays, and the next that was not goes. */
  #giveSecondChance(): void {
    const [target, entry] = this.#proven.next();
    if (entry.isUsed) entry.isUsed = false;
    else this.#proven.remove(target);
  }
}

interface Link<T> {
  target: string;
  entry: Entry<T>;
  before: Link<T>;
  after: Link<T>;
}

/**
 * Entries in turn, in a circle: a new one comes after all others. An iterator of the map that waits for its turn would keep
 * all that has been in the map since.
 */
class Ring<T> {
  readonly #links = new Map<string, Link<T>>();
  /** The next in turn. */
  #hand: Link<T> | undefined;
  bytes = 0;

  get size(): number {
    return this.#links.size;
  }

  get(target: string): Entry<T> | undefined {
    return this.#links.get(target)?.entry;
  }

  /** `target` is not there yet. */
  add(target: string, entry: Entry<T>): void {
    const link = { target, entry } as Link<T>;
    this.#hand ??= Object.assign(link, { before: link, after: link });
    link.after = this.#hand;
    link.before = this.#hand.before;
    link.before.after = link;
    link.after.before = link;
    this.#links.set(target, link);
    this.bytes += entry.bytes;
  }

  remove(target: string): void {
    const link = this.#links.get(target);
    if (link === undefined) return;
    this.#links.delete(target);
    this.bytes -= link.entry.bytes;
    link.before.after = link.after;
    link.after.before = link.before;
    if (this.#hand === link) this.#hand = link.after === link ? undefined : link.after;
  }

  clear(): void {
    this.#links.clear();
    this.#hand = undefined;
    this.bytes = 0;
  }

  /** The next in turn; there has to be one. */
  next(): [string, Entry<T>] {
    const { target, entry, after } = this.#hand as Link<T>;
    this.#hand = after;
    return [target, entry];
  }
}
