import { PagesUnavailable } from "../pages/page-source.ts";
import { resolvePair, SERIES, type Series } from "../rates/series.ts";
import { earlier } from "../time/dates.ts";
import type { EndpointResult } from "./endpoint.ts";
import type { RateReader } from "./rate-reader.ts";

/**
 * The first and latest date of every series. Lists of what is served are constant but for these, so they are served even
 * if no page is to be had; `latest` is then null.
 */

export interface SeriesDates {
  since: string;
  latest: string | null;
  /** False if no host had the pages: null then does not mean that there is no rate yet. */
  isKnown: boolean;
}

/** The dates of each series, in the order of `SERIES`. */
export async function readSeriesDates(reader: RateReader): Promise<SeriesDates[]> {
  return Promise.all(SERIES.map((series) => datesOf(reader, series)));
}

async function datesOf(reader: RateReader, series: Series): Promise<SeriesDates> {
  const pair = resolvePair(series.base, series.quote);
  try {
    const latest = pair && (await reader.latest(pair));
    return { since: series.firstDate, latest: latest?.date ?? null, isKnown: true };
  } catch (error) {
    if (!(error instanceof PagesUnavailable)) throw error;
    return { since: series.firstDate, latest: null, isKnown: false };
  }
}

/** Kept no longer than the series that is furthest behind allows: one without data yet may have some at any moment. */
export function listResult<Content>(content: Content, listed: readonly SeriesDates[]): EndpointResult<Content> {
  return {
    content,
    kind: "now",
    latest: listed.map(({ since, latest }) => latest ?? since).reduce(earlier),
    isIncomplete: listed.some(({ isKnown }) => !isKnown),
  };
}
