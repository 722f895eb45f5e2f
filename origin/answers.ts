import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsGzip } from "#core/api/accept.ts";
import { conditional, matchesEtag } from "#core/api/etag.ts";

/** What of a request decides in which form it is answered. */
export interface Conditions {
  ifNoneMatch: string | undefined;
  acceptEncoding: string | undefined;
}

/** Shorter answers fit into one packet as they are. */
const SHORTEST_PACKED = 1_024;

/** A third of the default level's time, for a twentieth more bytes. */
const GZIP_LEVEL = 4;

const pack = promisify(gzip);

/** A finished answer, in every form in which it can be asked for. */
export class FinishedAnswer {
  readonly body: string;
  readonly #headers: Record<string, string>;
  #packed: Promise<Uint8Array> | undefined;

  constructor(body: string, headers: Record<string, string>) {
    this.body = body;
    this.#headers = body.length < SHORTEST_PACKED ? headers : { ...headers, Vary: "Accept-Encoding" };
  }

  /** The answer; packed for a client that takes that, where it is long; or 304 where the client has it. */
  respond({ ifNoneMatch, acceptEncoding }: Conditions): Response | Promise<Response> {
    const isPacked =
      this.body.length >= SHORTEST_PACKED &&
      acceptsGzip(acceptEncoding) &&
      !matchesEtag(ifNoneMatch, this.#headers.ETag ?? "");
    return isPacked ? this.#respondPacked() : conditional(ifNoneMatch, this.body, this.#headers);
  }

  /** Packed once, whoever asks. The tag is weak: the same rates, in other bytes. */
  async #respondPacked(): Promise<Response> {
    this.#packed ??= pack(this.body, { level: GZIP_LEVEL });
    const headers = { ...this.#headers, ETag: `W/${this.#headers.ETag}`, "Content-Encoding": "gzip" };
    return new Response(await this.#packed, { headers });
  }

  /** The same for later readers, who are given it without work. */
  asGivenAgain(): FinishedAnswer {
    const again = new FinishedAnswer(this.body, { ...this.#headers, "Server-Timing": "origin;dur=0" });
    again.#packed = this.#packed;
    return again;
  }
}

interface Entry {
  answer: FinishedAnswer;
  untilMs: number;
}

export interface AnswersLimits {
  mostEntries: number;
  /** Of all bodies together, in UTF-16 units; packed they take up to a fifth more. */
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

  /** The answer; undefined where it is not at hand or no longer holds. */
  find(url: string, nowMs: number): FinishedAnswer | undefined {
    const entry = this.#entries.get(url);
    return entry !== undefined && nowMs < entry.untilMs ? entry.answer : undefined;
  }

  /** Counts how often everything was forgotten: an answer begun before that is out of date when it is finished. */
  get generation(): number {
    return this.#generation;
  }

  /** `generation`: as it was when the making of the answer began. */
  keep(url: string, answer: FinishedAnswer, untilMs: number, generation: number): void {
    const { length } = answer.body;
    if (generation !== this.#generation || length > this.#limits.mostLength) return;
    this.#length += length - (this.#entries.get(url)?.answer.body.length ?? 0);
    this.#entries.set(url, { answer, untilMs });
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
