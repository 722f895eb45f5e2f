import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import type { Series } from "../rates/series.ts";
import { addDays, earlier, isPlainDate, later, type PlainDate } from "../time/dates.ts";
import { dateIn } from "../time/zones.ts";
import { failed, invalid } from "./failures.ts";
import { isAbsent, ratePerUnit } from "./format/values.ts";
import type { DateRange, Parsed, ParseResult, Provider, SeriesData, SeriesFault, Want } from "./provider.ts";

/** Only windows that reach so near to today must hold all series: lists of former years had other currencies. */
const RECENT_DAYS = 14;
/** With more dates without one clear rate, something is wrong with the rest of the series too. */
const MAX_SPOILT_DATES = 3;
/** What "newest" reads: the longest holidays fit in. */
const NEWEST_DAYS = 12;

type ProviderDates = Pick<Provider, "publication" | "horizonDays" | "firstDate">;
type ProviderFacts = ProviderDates & Pick<Provider, "hasUnitsByRow">;

/** The dates that are wanted. None lies further ahead than the provider may publish. */
export function rangeOf(provider: ProviderDates, { series, span }: Want, nowMs: number): DateRange {
  const today = dateIn(provider.publication.zone, nowMs);
  const horizons = series.map(({ horizonDays = provider.horizonDays }) => horizonDays);
  const last = addDays(today, Math.max(0, ...horizons));
  if (span === "all") return { from: provider.firstDate, to: last };
  if (span === "newest") return { from: addDays(today, -NEWEST_DAYS), to: last };
  return { from: later(span.from, provider.firstDate), to: earlier(span.to, last) };
}

const MISSING = { kind: "missing", reason: "not in the response" } as const;

interface Collected {
  series: Series;
  lastDate: PlainDate;
  observations: (readonly [PlainDate, string])[];
  isSeen: boolean;
  /** The dates of its rows, those without a value among them. */
  dates?: DateRange;
  fault?: Pick<SeriesFault, "kind" | "reason">;
  /** What is wrong with single dates: their cell holds no rate, nor says that there is none. */
  spoilt: string[];
}

/**
 * What a response vouches for, if it is known to be whole. asked: it holds all there is in the dates asked for.
 * rows: in those from its first row to its last.
 */
export type Coverage = "asked" | "rows";

/** What the rows of one response say, series by series: what is wrong with one does not touch the others. */
export class SeriesCollector {
  readonly #range: DateRange;
  readonly #today: PlainDate;
  readonly #isNewest: boolean;
  readonly #isOneDay: boolean;
  readonly #hasUnitsByRow: boolean;
  readonly #collected = new Map<string, Collected>();
  #dates: DateRange | undefined;
  #checkedDate: PlainDate | undefined;
  #hasValue = false;

  constructor(provider: ProviderFacts, want: Want, nowMs: number) {
    this.#today = dateIn(provider.publication.zone, nowMs);
    const range = rangeOf(provider, want, nowMs);
    this.#isNewest = want.span === "newest";
    this.#isOneDay = typeof want.span === "object" && range.from === range.to;
    this.#hasUnitsByRow = provider.hasUnitsByRow === true;
    // The newest value of a series that has not been published for long is old.
    this.#range = this.#isNewest ? { from: provider.firstDate, to: range.to } : range;
    for (const series of want.series) {
      const lastDate = addDays(this.#today, series.horizonDays ?? provider.horizonDays);
      this.#collected.set(series.providerId, { series, lastDate, observations: [], isSeen: false, spoilt: [] });
    }
  }

  /** Whether a provider's id is one of those wanted. */
  wants(providerId: string): boolean {
    return this.#collected.has(providerId);
  }

  /** Takes one published value for `unit` units. Ids that are not wanted and dates outside the range are passed over. */
  add(providerId: string, date: PlainDate | undefined, text: string | undefined, unit = 1): void {
    const one = this.#collected.get(providerId);
    if (one === undefined) return;
    one.isSeen = true;
    if (date === undefined || !this.#isDate(date)) return void this.refuse(providerId, "a date that does not exist");
    if (date > one.lastDate) return void this.refuse(providerId, `${date} is too far ahead`);
    if (date < later(this.#range.from, one.series.since) || date > this.#lastWanted(one)) return;
    this.#dates = widened(this.#dates, date);
    one.dates = widened(one.dates, date);
    if (unit !== one.series.unit && !this.#hasUnitsByRow)
      return void this.refuse(providerId, `per ${unit} instead of ${one.series.unit}`);
    if (text !== undefined && isAbsent(text)) return;
    const value = text === undefined ? undefined : ratePerUnit(text, unit);
    if (value === undefined) return void one.spoilt.push(`no rate on ${date}`);
    one.observations.push([date, value]);
    this.#hasValue = true;
  }

  /** Gives up a series: nothing of it is taken from this response. */
  refuse(providerId: string, reason: string): void {
    const one = this.#collected.get(providerId);
    if (one === undefined) return;
    one.fault ??= { kind: "invalid", reason };
  }

  /** Says that a wanted series is not in the response. */
  miss(providerId: string): void {
    const one = this.#collected.get(providerId);
    if (one !== undefined) one.fault ??= MISSING;
  }

  /** The result: a response of which no series can be taken is itself at fault. */
  finish(coverage: Coverage, options?: { isList?: boolean }): ParseResult {
    const parsed = this.parsed(coverage, options);
    return parsed.series.length > 0 || parsed.faults.length === 0 ? parsed : allFailed(parsed.faults);
  }

  /**
   * What was read, and what is wrong: with other series, or with a few dates of these. `isList`: a series that does not occur at all is missing,
   * rather than without a value in these dates.
   */
  parsed(coverage: Coverage, { isList = true } = {}): Parsed {
    const data: SeriesData[] = [];
    const faults: SeriesFault[] = [];
    for (const one of this.#collected.values()) {
      if (isList && !one.isSeen && this.#isExpected(one)) one.fault ??= MISSING;
      const series = one.series.id;
      if (one.fault) {
        faults.push({ series, ...one.fault });
        continue;
      }
      const { observations, twice } = ascending(one.observations);
      const spoilt = [...one.spoilt, ...twice.map((date) => `two values on ${date}`)];
      const [reason] = spoilt;
      const isUsable = reason === undefined || (observations.length > 0 && spoilt.length <= MAX_SPOILT_DATES);
      if (isUsable) data.push({ series, observations, complete: this.#completeDates(one, spoilt, coverage) });
      if (reason !== undefined) faults.push({ series, kind: "invalid", reason });
    }
    return { ok: true, series: data, faults };
  }

  /**
   * A series without a value claims nothing, unless a table of one day has others' values and says that it has none. One
   * that begins later or ends earlier than the others claims no more than it has.
   */
  #completeDates({ observations, dates }: Collected, spoilt: readonly string[], coverage: Coverage): DateRange | null {
    if (!dates || !this.#dates || spoilt.length > 0) return null;
    if (observations.length === 0) return this.#isOneDay && this.#hasValue ? dates : null;
    if (coverage === "rows" || this.#isNewest) return dates;
    return {
      from: dates.from === this.#dates.from ? this.#range.from : dates.from,
      to: dates.to === this.#dates.to ? this.#range.to : dates.to,
    };
  }

  /** Rows of a table share their date, so the same one comes many times. */
  #isDate(date: string): boolean {
    if (date === this.#checkedDate) return true;
    if (!isPlainDate(date)) return false;
    this.#checkedDate = date;
    return true;
  }

  #lastWanted({ series: { until = this.#range.to } }: Collected): PlainDate {
    return earlier(this.#range.to, until);
  }

  #isExpected({ series }: Collected): boolean {
    return series.until === undefined && this.#range.to >= addDays(this.#today, -RECENT_DAYS);
  }
}

/** The result of a response that rightly holds no values. */
export function nothing(want: Want): Parsed {
  const series = want.series.map(({ id }) => ({ series: id, observations: [], complete: null }));
  return { ok: true, series, faults: [] };
}

function allFailed(faults: SeriesFault[]): ParseResult {
  const [first] = faults;
  const isMissing = faults.every(({ kind }) => kind === "missing");
  if (isMissing) return failed({ kind: "series_missing", series: faults.map(({ series }) => series) });
  return invalid(`${first?.series}: ${first?.reason}`);
}

function widened(range: DateRange | undefined, date: PlainDate): DateRange {
  if (range === undefined) return { from: date, to: date };
  return date >= range.from && date <= range.to
    ? range
    : { from: earlier(range.from, date), to: later(range.to, date) };
}

/** In order of date and without repetitions. `twice`: the dates with two values, of which neither is taken. */
function ascending(observations: Collected["observations"]) {
  const sorted = isAscending(observations) ? observations : observations.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const unique: Collected["observations"] = [];
  const twice = new Set<PlainDate>();
  for (const observation of sorted) {
    const before = unique.at(-1);
    if (before === undefined || before[0] < observation[0]) unique.push(observation);
    else if (compareDecimals(parseDecimal(before[1]), parseDecimal(observation[1])) !== 0) twice.add(observation[0]);
  }
  return { observations: unique.filter(([date]) => !twice.has(date)), twice: [...twice] };
}

function isAscending(observations: Collected["observations"]): boolean {
  return observations.every(([date], index) => index === 0 || (observations[index - 1]?.[0] ?? "") < date);
}
