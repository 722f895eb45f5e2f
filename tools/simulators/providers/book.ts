import type { DateRange, Moment, Provider } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import { isBusinessDay } from "#core/time/calendars.ts";
import { addDays, later, type PlainDate, weekdayOf } from "#core/time/dates.ts";
import { announcedAtMs, type Publication } from "#core/time/publication.ts";
import { dateIn } from "#core/time/zones.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";
import { priceOn } from "./world.ts";

/** Published texts by series and moment, as a provider's file has them. */
export type Feed = ReadonlyMap<string, ReadonlyMap<Moment, string>>;

/** Before so many days every announcement of a date has been made. */
const SETTLED_DAYS = 40;
const DATE_LENGTH = 10;

/** All that a provider ever publishes: made up, or what a file says. */
export class Book {
  readonly simulated: SimulatedProvider;
  readonly feed: Feed | undefined;
  readonly #firstDate: PlainDate;
  readonly #maxScales = new Map<Series, number>();
  readonly #fedMoments = new Map<Publication, Moment[]>();

  constructor(simulated: SimulatedProvider, feed: Feed | undefined, startMs: number) {
    this.simulated = simulated;
    this.feed = feed;
    const { provider, historyDays } = simulated;
    const shortened =
      historyDays === undefined ? "" : addDays(dateIn(provider.publication.zone, startMs), -historyDays);
    this.#firstDate = later(provider.firstDate, shortened);
  }

  get provider(): Provider {
    return this.simulated.provider;
  }

  /** When a series has values in a range, as far as they are out; ascending. */
  moments(series: Series, range: DateRange, nowMs: number): Moment[] {
    const publication = series.publication ?? this.provider.publication;
    if (this.feed) return this.#momentsOfFeed(publication, range, nowMs);
    const from = later(range.from, this.#firstDate);
    const own = this.simulated.moments?.(series, { from, to: range.to }, nowMs);
    return own ?? publishedDates(publication, { from, to: range.to }, nowMs);
  }

  /** A published value for the series' unit, with all its zeros; undefined if there is none at that moment. */
  text(series: Series, moment: Moment): string | undefined {
    if (this.feed) return this.feed.get(series.id)?.get(moment);
    const date = moment.slice(0, DATE_LENGTH);
    if (date < series.since || (series.until !== undefined && date > series.until)) return undefined;
    const price = this.simulated.price?.(series, moment) ?? priceOn(series.base, series.quote, date);
    const value = price * series.unit;
    return value.toFixed(Math.max(this.simulated.decimals(series, value), minDecimals(value)));
  }

  /** The most decimals that a file has of a series. */
  maxScale(series: Series): number {
    const known = this.#maxScales.get(series);
    if (known !== undefined) return known;
    let max = 0;
    for (const text of this.feed?.get(series.id)?.values() ?? []) max = Math.max(max, text.split(".")[1]?.length ?? 0);
    this.#maxScales.set(series, max);
    return max;
  }

  /** Those of all series with the same schedule: a table is of one date. */
  #momentsOfFeed(publication: Publication, { from, to }: DateRange, nowMs: number): Moment[] {
    let all = this.#fedMoments.get(publication);
    if (all === undefined) {
      const { series, publication: common } = this.provider;
      const alike = series.filter((one) => (one.publication ?? common) === publication);
      all = [...new Set(alike.flatMap(({ id }) => [...(this.feed?.get(id)?.keys() ?? [])]))].sort();
      this.#fedMoments.set(publication, all);
    }
    const isOut = (moment: Moment) =>
      moment.length > DATE_LENGTH ? Date.parse(moment) <= nowMs : announcedAtMs(publication, moment) <= nowMs;
    return all.filter((moment) => {
      const date = moment.slice(0, DATE_LENGTH);
      return date >= from && date <= to && isOut(moment);
    });
  }
}

/** The dates of a range whose values have been announced. */
export function publishedDates(publication: Publication, { from, to }: DateRange, nowMs: number): PlainDate[] {
  const settled = addDays(dateIn(publication.zone, nowMs), -SETTLED_DAYS);
  const end = addDays(settled, 2 * SETTLED_DAYS);
  const dates: PlainDate[] = [];
  for (let date = from; date <= to && date <= end; date = addDays(date, 1)) {
    const isOut = date <= settled || announcedAtMs(publication, date) <= nowMs;
    if (isOut && hasValue(publication, date)) dates.push(date);
  }
  return dates;
}

/** Whether an announcement carries this date. */
function hasValue({ dated, calendar, weekday }: Publication, date: PlainDate): boolean {
  if (dated === "next_business_day") return isBusinessDay(calendar, date);
  const day = dated === "next_day" ? addDays(date, -1) : date;
  return weekday === undefined ? isBusinessDay(calendar, day) : weekdayOf(day) === weekday;
}

/** So many that a value keeps two digits: a rate of zero is none. */
function minDecimals(value: number): number {
  return Math.max(0, 1 - Math.floor(Math.log10(value)));
}
