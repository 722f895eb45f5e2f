import { type BoardCopy, PagesUnavailable } from "../pages/page-source.ts";
import type { Provider } from "../providers/provider.ts";
import type { Series } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";
import type { EndpointResult } from "./endpoint.ts";
import type { RateReader } from "./rate-reader.ts";
import { oldestOf } from "./table.ts";

/**
 * The newest date of every series. Lists of what is served are constant but for these, so they are served even if no board
 * is to be had; `latest` is then null.
 */
export interface SeriesDates {
  series: Series;
  provider: Provider;
  latest: PlainDate | null;
}

/** Of some series a bank publishes nothing for years; if more of them have no value, history is loading. */
const MAX_SHARE_WITHOUT_VALUE = 0.1;

export interface ListedSeries {
  series: SeriesDates[];
  /** False if a board could not be read, or history is still loading: null then does not mean that there is no rate. */
  isKnown: boolean;
}

/** The dates of every series that is served, provider by provider. */
export async function readSeriesDates(reader: RateReader): Promise<ListedSeries> {
  const providers = reader.host.catalogue.providers.filter(({ isPrivate }) => !isPrivate);
  const boards = await Promise.all(providers.map((provider) => readBoard(reader, provider)));
  const series = providers.flatMap((provider, index) =>
    provider.series.map((one) => ({
      series: one,
      provider,
      latest: boards[index]?.board.values[one.id]?.[0] ?? null,
    })),
  );
  const isLoading = providers.some((provider) => {
    const inUse = series.filter((one) => one.provider === provider && one.series.until === undefined);
    return inUse.filter(({ latest }) => latest === null).length > inUse.length * MAX_SHARE_WITHOUT_VALUE;
  });
  return { series, isKnown: !boards.includes(undefined) && !isLoading };
}

async function readBoard(reader: RateReader, { id }: Provider): Promise<BoardCopy | undefined> {
  try {
    const [copy] = await reader.boards([id]);
    return copy;
  } catch (error) {
    if (!(error instanceof PagesUnavailable)) throw error;
    return undefined;
  }
}

/** Kept no longer than the series that is furthest behind allows: one without data yet may have some at any moment. */
export function listResult<Content>(content: Content, { series, isKnown }: ListedSeries): EndpointResult<Content> {
  const inUse = series.filter(({ series: { until } }) => until === undefined);
  const dates = inUse.map(({ series: one, provider, latest }) => {
    const route = { publication: one.publication ?? provider.publication, series: [one] };
    return [provider.id, { route, date: latest ?? one.since }] as const;
  });
  return { content, kind: "now", latest: oldestOf(dates), isIncomplete: !isKnown };
}
