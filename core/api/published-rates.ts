import { countBefore, type Observation, type Page } from "../rates/page.ts";
import type { PlainDate } from "../time/dates.ts";
import type { ListedRate, RateList } from "./rate-list.ts";

/** The observations of a page from one index to another. */
interface Part {
  page: Page;
  start: number;
  end: number;
}

/** Each page's rates as JSON, made when they are first listed: pages are never changed, only replaced. */
const writtenPages = new WeakMap<Page, string>();

/**
 * The rates of a period exactly as a series' pages have them: a list that makes its items only when they are asked for, and
 * writes them as JSON without. A history of decades is mostly years that others asked for too.
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
  toJson(): string {
    return `[${this.#parts.map(textOf).join(",")}]`;
  }
}

function textOf({ page, start, end }: Part): string {
  const { observations } = page;
  if (start > 0 || end < observations.length) return written(observations.slice(start, end));
  const known = writtenPages.get(page) ?? written(observations);
  writtenPages.set(page, known);
  return known;
}

/** Neither dates nor decimals have anything that JSON escapes. Joined, so that what is kept is one string and not a tree of pieces. */
function written(observations: readonly Observation[]): string {
  return observations.map(([date, rate]) => `{"date":"${date}","rate":"${rate}"}`).join(",");
}
