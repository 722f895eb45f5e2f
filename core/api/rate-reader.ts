import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import {
  type BoardCopy,
  PageAbsent,
  type PageCopy,
  type Revision,
  type StaleReason,
  TIERS,
  type Tier,
  type WindowCopy,
} from "../pages/page-source.ts";
import { type Fixing, fixingsOf, type Legs, newestFixing } from "../rates/fixing.ts";
import { type Freshness, freshnessOf, type Outlook, outlookAt } from "../rates/freshness.ts";
import { lastOnOrBefore, type Page } from "../rates/page.ts";
import { firstDateOf, isPublished, lastDateOf, type Route } from "../rates/route.ts";
import { upToLastDate } from "../rates/route-outlook.ts";
import { addDays, earlier, later, NEVER, type PlainDate, yearOf, yearsBetween } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import type { ApiHost } from "./host.ts";
import { PublishedRates } from "./published-rates.ts";
import { SeenPages } from "./seen-pages.ts";

/** A daily series has 245 to 260 fixings a year; a guess on the low side reads a year too many at most. */
const FIXINGS_PER_YEAR = 240;
/** While the first history loads, data are seconds or minutes away. */
export const UNKNOWN_RETRY_SECONDS = 5;

/**
 * Reads pages for one request: finds fixings of a pair, and remembers each copy it saw, so that the answer can say
 * where it came from, whether a copy was past its freshness, and how long it may be kept.
 */
export class RateReader {
  readonly host: ApiHost;
  readonly #pages: SeenPages;
  readonly #boards = new Map<string, BoardCopy>();
  readonly #others: { tag: string; tier: Tier; freshUntilMs: number; stale?: StaleReason }[] = [];
  readonly #outlooks = new Map<Publication, Outlook>();

  constructor(host: ApiHost) {
    this.host = host;
    this.#pages = new SeenPages(host);
  }

  /** What the calendar of a route's provider says now. */
  outlookOf(route: Pick<Route, "publication" | "series">): Outlook {
    const { publication } = route;
    const known = this.#outlooks.get(publication) ?? outlookAt(publication, this.host.nowMs);
    this.#outlooks.set(publication, known);
    return upToLastDate(route, known);
  }

  /** Today's date where a route's provider is. */
  todayOf(route: Pick<Route, "publication" | "series">): PlainDate {
    return this.outlookOf(route).today;
  }

  /** The next instant at which what was read can be fresh no more without a new observation (epoch milliseconds). */
  get nextChangeMs(): number {
    return [...this.#outlooks.values()].reduce((ms, { nextChangeMs }) => Math.min(ms, nextChangeMs), Infinity);
  }

  /** The pair's fixings in [from, to], ascending. Reads only the years that can hold any. */
  async fixings(route: Route, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    const [start, end] = this.#within(route, from, to);
    if (start > end) return [];
    return fixingsOf(await this.#knownLegs(route, yearsBetween(start, end)), start, end);
  }

  /** The rates of the same period as pages have them, without a fixing of each; undefined where rates are computed. */
  async published(route: Route, from: PlainDate, to: PlainDate): Promise<PublishedRates | undefined> {
    const [series] = route.series;
    if (series === undefined || !isPublished(route)) return undefined;
    const [start, end] = this.#within(route, from, to);
    const years = start > end ? [] : yearsBetween(start, end);
    await this.#readKnown(route, years);
    return PublishedRates.within(
      years.flatMap((year) => this.#pages.find(series.id, year) ?? []),
      start,
      end,
    );
  }

  /** The fixings in [from, to], and those before it from which a rate may be carried forward into it. */
  async fixingsToCarry(route: Route, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    return this.withCarried(route, from, await this.fixings(route, from, to));
  }

  /**
   * Adds to the fixings of a period that begins at `from` those before it, unless the first is of `from`. The year before
   * is read only if its own year has none: the page before the first year may not be there.
   */
  async withCarried(route: Route, from: PlainDate, own: readonly Fixing[]): Promise<Fixing[]> {
    if (own[0]?.date === from) return [...own];
    const [start, end] = [addDays(from, -CARRY_FORWARD_DAYS), addDays(from, -1)];
    const near = await this.fixings(route, later(start, `${yearOf(from)}-01-01`), end);
    const before = near.length > 0 ? near : await this.fixings(route, start, end);
    return [...before, ...own];
  }

  /** The pair's newest fixing; undefined if nothing is stored yet. Both legs are of its date. */
  async latest(route: Route): Promise<Fixing | undefined> {
    const newest = this.#newestDateOf(route);
    const year = yearOf(newest);
    // It is nearly always of this year; in the first days of January it is of the last.
    const last = newestFixing(await this.#legs(route, [year]), newest);
    if (last) return last;
    const before = yearsBetween(firstDateOf(route), newest).filter((one) => one === year - 1);
    const older = newestFixing(await this.#legs(route, before), newest);
    // A page that is not there may hold a newer one.
    const isKnown = route.series.every(({ id }) => this.#pages.isKnown(id, year, newest));
    return isKnown ? older : undefined;
  }

  /** The newest `count` fixings on or before `to`, ascending; fewer if history is shorter. */
  async newest(route: Route, count: number, to: PlainDate): Promise<Fixing[]> {
    const first = yearOf(firstDateOf(route));
    for (let years = Math.floor(count / FIXINGS_PER_YEAR); ; years = 2 * years + 1) {
      const from = Math.max(first, yearOf(to) - years);
      const fixings = await this.fixings(route, `${from}-01-01`, to);
      if (fixings.length >= count || from === first) return fixings.slice(-count);
    }
  }

  /** Whether a fixing later than `date` is stored, as far as the pages already read tell. */
  hasLater(route: Route, date: PlainDate): boolean {
    return route.series.every(({ id }) => {
      const { observations = [] } = this.#pages.find(id, yearOf(date)) ?? {};
      const last = lastOnOrBefore(observations, this.todayOf(route));
      return last !== undefined && last[0] > date;
    });
  }

  /** How fresh a route's newest fixing is, by its date. */
  freshnessOf(route: Pick<Route, "publication" | "series">, latest: PlainDate): Freshness {
    return freshnessOf(latest, this.outlookOf(route));
  }

  /** The first date with a fixing. */
  firstDate(route: Route): PlainDate {
    return firstDateOf(route);
  }

  /** Frees the pages that were read, for requests that read more than fits into memory. What they say of freshness stays. */
  release(): void {
    this.#pages.release();
  }

  /** The boards of these providers, in this order. */
  async boards(providers: readonly string[]): Promise<BoardCopy[]> {
    const unread = providers.filter((id) => !this.#boards.has(id));
    const copies = unread.length > 0 ? await this.host.boards.readBoards(unread) : [];
    for (const copy of copies) this.#boards.set(copy.board.provider, copy);
    return providers.flatMap((id) => this.#boards.get(id) ?? []);
  }

  /** Of a past instant, each provider's values up to a date; undefined of now. */
  async windows(providers: readonly string[], date: PlainDate): Promise<WindowCopy[] | undefined> {
    const { windows } = this.host;
    const copies = windows && (await Promise.all(providers.map((id) => windows.readWindow(id, date))));
    this.#others.push(...(copies ?? []).map((copy, index) => ({ ...copy, tag: providers[index] as string })));
    return copies;
  }

  /** Every value that a series had for a date, oldest first. */
  async revisions(series: string, date: PlainDate): Promise<Revision[]> {
    const { archive, nowMs, policy } = this.host;
    const revisions = await archive.revisions(series, date);
    this.#others.push({ tag: series, tier: "origin", freshUntilMs: nowMs + policy.ISOLATE_FRESH_MS });
    return revisions.filter(({ knownFrom }) => Date.parse(knownFrom) <= nowMs);
  }

  /** When the newest value of the pages that were read was stored (RFC 3339, UTC); undefined if they have none. */
  get updatedAt(): string | undefined {
    return this.#pages.updatedAt;
  }

  /** The ids of the series that were read, for purging; a board is purged with its provider's id. */
  get tags(): string[] {
    const series = this.#pages.pages.map((page) => page.series);
    return [...new Set([...series, ...this.#boards.keys(), ...this.#others.map(({ tag }) => tag)])].sort();
  }

  /** The tier furthest from the reader that any page came from. */
  get tier(): Tier {
    return this.#seen.reduce<Tier>(
      (far, { tier }) => (TIERS.indexOf(tier) > TIERS.indexOf(far) ? tier : far),
      TIERS[0],
    );
  }

  /** Whether some page that was read is not there yet: history may still be loading. */
  get isIncomplete(): boolean {
    return this.#pages.isIncomplete;
  }

  /** Whether a value for a later date has arrived and waits for confirmation. */
  isConfirmationAwaited(latest: PlainDate): boolean {
    return this.#pages.pages.some(({ waiting }) => waiting?.some((date) => date > latest));
  }

  get staleReason(): StaleReason | undefined {
    return this.#seen.find(({ stale }) => stale !== undefined)?.stale;
  }

  get freshUntilMs(): number {
    return this.#seen.reduce((ms, { freshUntilMs }) => Math.min(ms, freshUntilMs), Infinity);
  }

  /** The pages that were read; undefined if anything else was, or if they were released. */
  get onlyPages(): readonly Page[] | undefined {
    const { held } = this.#pages;
    return held.length === this.#seen.length ? held : undefined;
  }

  get #seen(): Omit<PageCopy, "page">[] {
    return [...this.#pages.copies, ...this.#boards.values(), ...this.#others];
  }

  /** The part of a period in which a route can have fixings; its end is before its start if there is none. */
  #within(route: Route, from: PlainDate, to: PlainDate): [start: PlainDate, end: PlainDate] {
    return [later(from, firstDateOf(route)), earlier(to, this.#newestDateOf(route))];
  }

  /** The last day that a fixing can be of: today, or the day on which a series of the route has ended. */
  #newestDateOf(route: Route): PlainDate {
    return earlier(this.todayOf(route), lastDateOf(route) ?? NEVER);
  }

  /** The observations of a route's series in these years; nothing is made of a year whose page is not there. */
  async #knownLegs(route: Route, years: number[]): Promise<Legs> {
    await this.#readKnown(route, years);
    return this.#legsRead(route, years);
  }

  async #readKnown(route: Route, years: number[]): Promise<void> {
    const today = this.todayOf(route);
    const areKnown = await Promise.all(route.series.map((one) => this.#pages.readKnown(one, years, today)));
    if (areKnown.includes(false)) throw new PageAbsent(UNKNOWN_RETRY_SECONDS);
  }

  async #legs(route: Route, years: number[]): Promise<Legs> {
    await Promise.all(route.series.map(({ id }) => this.#pages.read(id, years)));
    return this.#legsRead(route, years);
  }

  /** Of years that were read. */
  #legsRead({ series }: Route, years: number[]): Legs {
    return series.map(({ id }) => this.#pages.observations(id, years));
  }
}
