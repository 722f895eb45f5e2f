import type { z } from "@hono/zod-openapi";
import { describeCurrency } from "../money/currency.ts";
import { PagesUnavailable } from "../pages/page-source.ts";
import { ATTRIBUTION, CURRENCIES, PIVOT, resolvePair, SERIES, type Series } from "../rates/series.ts";
import { earlier } from "../time/dates.ts";
import { closedWeekdays, PUBLICATION_TIME, TIME_ZONE } from "../time/mexico.ts";
import { type Answer, finish } from "./answer.ts";
import { cacheHeaders, UNCONFIRMED } from "./caching.ts";
import type * as parameters from "./parameters.ts";
import type { RateReader } from "./rate-reader.ts";

/**
 * What is served: currencies and the series behind them, with their first and latest dates. These lists are constant
 * but for the latest dates, so they are served even if no page is to be had; `latest` is then null.
 */

export async function currencies(reader: RateReader): Promise<Answer> {
  const listed = await Promise.all(SERIES.map((series) => datesOf(reader, series)));
  // The pivot is served as far as any of the others.
  const pivot = listed.reduce((all, { since, latest, isKnown }) => ({
    isKnown: all.isKnown && isKnown,
    since: earlier(all.since, since),
    latest: all.latest !== null && latest !== null && all.latest > latest ? all.latest : (latest ?? all.latest),
  }));
  const byCode = new Map(SERIES.map((series, index) => [series.base, listed[index] ?? pivot]));
  const content = {
    currencies: CURRENCIES.map((code) => {
      const { name, minorUnits } = describeCurrency(code);
      const { since, latest } = code === PIVOT ? pivot : (byCode.get(code) ?? pivot);
      return { code, name, minor_units: minorUnits, since, latest };
    }),
  };
  return finishCatalogue(reader, content, listed);
}

export async function seriesList(reader: RateReader): Promise<Answer> {
  const listed = await Promise.all(SERIES.map((series) => datesOf(reader, series)));
  const content = {
    series: SERIES.map(({ id, provider, providerId, base, quote, cadence, firstDate, note }, index) => ({
      id,
      provider,
      provider_id: providerId,
      base,
      quote,
      cadence,
      since: firstDate,
      latest: listed[index]?.latest ?? null,
      note: note ?? null,
      attribution: ATTRIBUTION,
    })),
  };
  return finishCatalogue(reader, content, listed);
}

/** The weekdays on which a provider publishes nothing, those that operators declare among them. */
export async function bankCalendar(
  reader: RateReader,
  { provider, year }: z.output<typeof parameters.calendarParams>,
): Promise<Answer> {
  const content: object = {
    provider,
    year,
    time_zone: TIME_ZONE,
    published_at: PUBLICATION_TIME,
    closed: closedWeekdays(year, reader.outlook.closures),
  };
  return finish(reader, content, "settled", reader.today);
}

interface Dates {
  since: string;
  latest: string | null;
  /** False if no host had the pages: null then does not mean that there is no rate yet. */
  isKnown: boolean;
}

async function datesOf(reader: RateReader, series: Series): Promise<Dates> {
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
function finishCatalogue(reader: RateReader, content: object, listed: readonly Dates[]): Answer {
  const answer = finish(reader, content, "now", listed.map(({ since, latest }) => latest ?? since).reduce(earlier));
  if (listed.every(({ isKnown }) => isKnown)) return answer;
  const headers = { ...answer.headers, ...cacheHeaders(UNCONFIRMED) };
  return { ...answer, headers, lifetimes: UNCONFIRMED, hotUntilMs: reader.host.nowMs };
}
