import { matchesEtag } from "#core/api/etag.ts";

interface Entry {
  body: string;
  headers: Record<string, string>;
  untilMs: number;
}

export interface AnswersLimits {
  mostEntries: number;
  /** Of all bodies together, in UTF-16 units. */
  mostLength: number;
}

const LIMITS: AnswersLimits = { mostEntries: 1_000, mostLength: 4_000_000 };

/**
 * Finished answers by URL, given again for the moment in which the pages that they were made from are. What fills up is
 * emptied as a whole: no answer would have been kept for longer than a second or so.
 */
export class HotAnswers {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: AnswersLimits;
  #length = 0;
  #generation = 0;

  constructor(limits: AnswersLimits = LIMITS) {
    this.#limits = limits;
  }

  /** The answer, or 304 where the client has it; undefined where it is not at hand or no longer holds. */
  give(url: string, ifNoneMatch: string | undefined, nowMs: number): Response | undefined {
    const entry = this.#entries.get(url);
    if (entry === undefined || nowMs >= entry.untilMs) return undefined;
    const { body, headers } = entry;
    if (ifNoneMatch === undefined || !matchesEtag(ifNoneMatch, headers.etag ?? ""))
      return new Response(body, { headers });
    const { "content-type": _, ...kept } = headers;
    return new Response(null, { status: 304, headers: kept });
  }

  /** Counts how often everything was forgotten: an answer begun before that is out of date when it is finished. */
  get generation(): number {
    return this.#generation;
  }

  /** `generation`: as it was when the making of the answer began. Header names in lower case. */
  keep(url: string, body: string, headers: Record<string, string>, untilMs: number, generation: number): void {
    if (generation !== this.#generation || body.length > this.#limits.mostLength) return;
    this.#length += body.length - (this.#entries.get(url)?.body.length ?? 0);
    this.#entries.set(url, { body, headers, untilMs });
    if (this.#entries.size <= this.#limits.mostEntries && this.#length <= this.#limits.mostLength) return;
    this.clear();
  }

  /** Forgets everything: what it was made from has changed. */
  clear(): void {
    this.#entries.clear();
    this.#length = 0;
    this.#generation++;
  }

  get size(): { entries: number; length: number } {
    return { entries: this.#entries.size, length: this.#length };
  }
}
