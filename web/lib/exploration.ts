import { computed, effect, signal } from "@preact/signals-core";
import {
  apiPath,
  type BankCalendar,
  type Bars,
  type ChangeOverPeriod,
  type Comparison,
  type Currencies,
  type History,
  type Providers,
  type RateEvents,
  type Received,
  read,
  type Statistics,
  type Volatility,
} from "./api.ts";
import { Feed } from "./feed.ts";
import { keepCurrent, wakeAfterNews } from "./feeds.ts";
import { withRate } from "./line.ts";
import type { RateEvent } from "./live.ts";
import { choice, isCode } from "./url-state.ts";

/** What the explorer shows: the choices in the URL, and what is read for them. */

export const RANGES: Record<string, number> = {
  "1m": 31,
  "3m": 92,
  "6m": 183,
  "1y": 366,
  "2y": 731,
  "5y": 1_827,
  "10y": 3_653,
  max: 18_262,
};
export const AVERAGES = ["0", "5", "20", "50", "200"];
export const INTERVALS = ["week", "month", "quarter", "year"];
/** Closed days are too narrow to be seen in longer periods. */
const MAX_DAYS_WITH_CLOSURES = 190;

const isId = (text: string) => /^[a-z][a-z-]{0,39}$/.test(text);
export const base = choice("base", "USD", isCode);
export const quote = choice("quote", "MXN", isCode);
export const provider = choice("provider", "", isId);
export const other = choice("with", "", isId);
export const range = choice("range", "1y", (text) => text in RANGES);
export const average = choice("average", "0", (text) => AVERAGES.includes(text));
export const interval = choice("bars", "month", (text) => INTERVALS.includes(text));
export const view = choice("view", "chart", (text) => text === "table" || text === "chart");

export const currencies = new Feed<Currencies>(apiPath("/currencies"));
export const providers = new Feed<Providers>(apiPath("/providers"));

const pair = computed(() => ({
  base: base.value,
  quote: quote.value,
  provider: provider.value || undefined,
}));
const days = computed(() => RANGES[range.value] ?? 366);

/** A cache may have what was before some news. */
const isOlder = (next: History, shown: History) =>
  (next.observations.at(-1)?.date ?? "") < (shown.observations.at(-1)?.date ?? "");

/** The path of the history, which is its CSV's too. */
export const historyParameters = computed(() => ({ ...pair.value, days: days.value }));
export const history = computed(
  () => new Feed<History>(apiPath("/rates/historical", historyParameters.value), { isOlder }),
);
export const otherHistory = computed(() =>
  other.value
    ? new Feed<History>(apiPath("/rates/historical", { ...pair.value, provider: other.value, days: days.value }))
    : undefined,
);
export const comparison = computed(
  () => new Feed<Comparison>(apiPath("/rates/compare", { base: base.value, quote: quote.value })),
);

/** As text, so that a history that was read again without a change leads to nothing. */
const bounds = computed(() => {
  const { data } = history.value;
  return data ? `${data.from} ${data.to}` : "";
});
const analysed = computed(() => {
  const [from, to] = bounds.value.split(" ");
  return from && to ? { ...pair.value, from, to } : undefined;
});
const analysis = <T>(path: string) => computed(() => analysed.value && new Feed<T>(apiPath(path, analysed.value)));

export const statistics = analysis<Statistics>("/rates/statistics");
export const change = analysis<ChangeOverPeriod>("/rates/change");
export const volatility = analysis<Volatility>("/rates/volatility");
export const bars = computed(
  () => analysed.value && new Feed<Bars>(apiPath("/rates/bars", { ...analysed.value, interval: interval.value })),
);

/** The newest corrections, as many as a page keeps. */
const MAX_REVISIONS = 5_000;
/** As many as count no more against the limit of heavy requests than a page of the log with none of them. */
const REVISIONS_PER_RESPONSE = 200;

/** The series of the rates that are shown, as text, so that a history that was read again leads to nothing. */
const shownSeries = computed(() => {
  const source = history.value.data?.source;
  return source?.series.map((id) => `${source.provider}.${id}`).join() ?? "";
});
const corrections = computed(() => (shownSeries.value === "" ? undefined : revisionFeed(shownSeries.value)));

/** What was in force before, by date, of the shown rates that were corrected; null where it is of one part of a cross. */
export const revised = computed<ReadonlyMap<string, string | null>>(() => {
  const found = corrections.value?.data ?? [];
  const isShown = (event: { base: string; quote: string }) => event.base === base.value && event.quote === quote.value;
  return new Map(found.map(({ data }) => [data.date, isShown(data) ? data.previous : null]));
});

/** The corrections of some series, oldest first. What was read once of the log is not read again. */
function revisionFeed(series: string): Feed<RateEvents["events"]> {
  let events: RateEvents["events"] = [];
  let after = 0;
  const load = async (): Promise<Received<RateEvents["events"]>> => {
    for (;;) {
      const parameters = { types: "rate.revised", series, after, limit: REVISIONS_PER_RESPONSE };
      const { data, ...rest } = await read<RateEvents>(apiPath("/events", parameters));
      // Two reads may have met.
      const newest = events.at(-1)?.seq ?? 0;
      events = [...events, ...data.events.filter(({ seq }) => seq > newest)].slice(-MAX_REVISIONS);
      after = Math.max(after, data.next);
      // A response looks at a part of the log: that it has few events, or none, does not make it the last.
      if (data.next >= data.latest) return { ...rest, data: events };
    }
  };
  return new Feed(apiPath("/events"), { load });
}

/** The weekdays of the period on which the provider publishes nothing. */
export const closedDays = signal<ReadonlySet<string>>(new Set());
const calendars = computed(() => {
  const [from, id] = [analysed.value?.from, history.value.data?.source.provider];
  if (!from || !id || days.value > MAX_DAYS_WITH_CLOSURES) return [];
  const years = [...new Set([from.slice(0, 4), analysed.value?.to.slice(0, 4) ?? ""])];
  return years.map((year) => new Feed<BankCalendar>(apiPath(`/calendar/${id}/${year}`)));
});

/** Reads what the choices name, again whenever they change. */
export function follow(): void {
  effect(() => {
    const kept = [history.value, otherHistory.value, comparison.value, currencies, providers];
    const analyses = [statistics.value, change.value, volatility.value, bars.value, corrections.value];
    const feeds = [...kept, ...analyses].filter((feed) => feed !== undefined) as Feed<unknown>[];
    keepCurrent(feeds, () => {
      const next = history.peek().received.peek()?.data.next_update;
      return next ? Date.parse(next) : undefined;
    });
  });
  effect(() => {
    for (const feed of calendars.value) void feed.refresh();
  });
  effect(() => {
    closedDays.value = new Set(calendars.value.flatMap((feed) => feed.data?.closed ?? []));
  });
}

/** Shows a rate of the pair as soon as its provider has published it. */
export function onRate({ series, base: from, quote: to, date, rate }: RateEvent): void {
  const shown = history.peek();
  const isShown = from === base.peek() && to === quote.peek() && series.startsWith(`${shown.data?.source.provider}.`);
  if (isShown)
    shown.replace((data) => {
      const observations = withRate(data.observations, { date, rate });
      return { ...data, observations, stale: data.stale && observations.at(-1)?.date !== date };
    });
  wakeAfterNews();
}
