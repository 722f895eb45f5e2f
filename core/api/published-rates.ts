import { countBefore, type Observation, type Page } from "../rates/page.ts";
import type { PlainDate } from "../time/dates.ts";
import { digestOf, type KeptPart, type Segment } from "./formats/segments.ts";
import type { ListedRate, RateList } from "./rate-list.ts";

/** The observations of a page from one index to another. */
interface Part {
  page: Page;
  start: number;
  end: number;
}

/** Made when a long part of a page is first listed: pages are never changed, only replaced. */
const writtenPages = new WeakMap<Page, WrittenPage>();
/** Shorter parts are as fast as text. */
const MIN_KEPT_ROWS = 60;
/** Characters of a row's digest. */
const DIGEST_LENGTH = digestOf("").length;

const encoder = new TextEncoder();

/**
 * The rates of a period exactly as a series' pages have them: a list that makes its items only when they are asked for, and
 * writes them as JSON without. A history of decades is mostly years that others asked for too, which are bytes already.
 */
export class PublishedRates implements RateList {
  readonly #parts: readonly Part[];
  readonly length: number;

  private constructor(parts: readonly Part[]) {
    this.#parts = parts.filter(({ start, end }) => start < end);
    this.length = this.#parts.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** The rates in [from, to]. `pages`: of one series, ascending. */
  static within(pages: readonly Page[], from: PlainDate, to: PlainDate): PublishedRates {
    const partOf = (page: Page) => ({
      page,
      start: countBefore(page.observations, from, false),
      end: countBefore(page.observations, to, true),
    });
    return new PublishedRates(pages.map(partOf));
  }

  /** The newest `count` of them. */
  newest(count: number): PublishedRates {
    let left = count;
    const parts = this.#parts.toReversed().map((part) => {
      const start = Math.max(part.start, part.end - left);
      left -= part.end - start;
      return { ...part, start };
    });
    return new PublishedRates(parts.reverse());
  }

  get firstDate(): PlainDate | undefined {
    const [first] = this.#parts;
    return first?.page.observations[first.start]?.[0];
  }

  rows(): ListedRate[] {
    const observations = this.#parts.flatMap(({ page, start, end }) => page.observations.slice(start, end));
    return observations.map(([date, rate]) => ({ date, rate }));
  }

  /** The rows as JSON. */
  toJson(): readonly Segment[] {
    const rows = this.#parts.flatMap((part, index) => (index === 0 ? [segmentOf(part)] : [",", segmentOf(part)]));
    return ["[", ...rows, "]"];
  }
}

function segmentOf({ page, start, end }: Part): Segment {
  if (end - start < MIN_KEPT_ROWS) return page.observations.slice(start, end).map(rowOf).join(",");
  const known = writtenPages.get(page) ?? new WrittenPage(page.observations);
  writtenPages.set(page, known);
  return known.part(start, end);
}

/** The rates of a page as rows of JSON with commas between them, of which any part can be taken. */
class WrittenPage {
  readonly #bytes: Uint8Array;
  /** Where each row begins, and where one after the last would. */
  readonly #starts: Uint32Array;
  /** The rows' digests, one after another. */
  readonly #digests: string;
  readonly #whole: KeptPart;

  constructor(observations: readonly Observation[]) {
    const rows = observations.map(rowOf);
    this.#bytes = encoder.encode(rows.join(","));
    this.#starts = new Uint32Array(rows.length + 1);
    for (const [index, row] of rows.entries())
      this.#starts[index + 1] = (this.#starts[index] as number) + row.length + 1;
    this.#digests = rows.map(digestOf).join("");
    this.#whole = { bytes: this.#bytes, digest: digestOf(this.#digests) };
  }

  /** The rows from one index to another, of which there is at least one. */
  part(start: number, end: number): KeptPart {
    if (end - start === this.#starts.length - 1) return this.#whole;
    return {
      bytes: this.#bytes.subarray(this.#starts[start], (this.#starts[end] as number) - 1),
      digest: digestOf(this.#digests.slice(start * DIGEST_LENGTH, end * DIGEST_LENGTH)),
    };
  }
}

/** Neither dates nor decimals have anything that JSON escapes, or that takes more than a byte. */
function rowOf([date, rate]: Observation): string {
  return `{"date":"${date}","rate":"${rate}"}`;
}
