import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import { type PageCopy, PagesUnavailable, type StaleReason, TIERS, type Tier } from "../pages/page-source.ts";
import { type Fixing, fixingsOf, type Legs, newestFixing } from "../rates/fixing.ts";
import { type Outlook, outlookAt } from "../rates/freshness.ts";
import { isEmptyPage, lastOnOrBefore, type Observation } from "../rates/page.ts";
import { firstDateOf, legsOf, type Pair, type Series } from "../rates/series.ts";
import { addDays, earlier, later, type PlainDate, yearOf, yearsBetween } from "../time/dates.ts";
import type { ApiHost } from "./host.ts";

/** Banxico publishes some 245 fixings a year; a guess on the low side reads a year too many at most. */
const FIXINGS_PER_YEAR = 240;
/** While the first history loads, data are seconds or minutes away. */
export const UNKNOWN_RETRY_SECONDS = 5;

/**
 * Reads pages for one request: finds fixings of a pair, and remembers each copy it saw, so that the answer can say
 * where it came from, whether a copy was past its freshness, and how long it may be kept.
 */
export class RateReader {
  readonly host: ApiHost;
  readonly outlook: Outlook;
  readonly #copies = new Map<string, PageCopy>();

  constructor(host: ApiHost) {
    this.host = host;
    this.outlook = outlookAt(host.nowMs, host.policy);
  }

  get today(): PlainDate {
    return this.outlook.today;
  }

  /** The pair's fixings in [from, to], ascending. Reads only the years that can hold any. */
  async fixings(pair: Pair, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    const start = later(from, firstDateOf(pair));
    const end = earlier(to, this.today);
    if (start > end) return [];
    return fixingsOf(await this.#knownLegs(pair, yearsBetween(start, end)), start, end);
  }

  /** The fixings in [from, to], and those before it from which a rate may be carried forward into it. */
  async fixingsToCarry(pair: Pair, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    return this.withCarried(pair, from, await this.fixings(pair, from, to));
  }

  /**
   * Adds to the fixings of a period that begins at `from` those before it, unless the first is of `from`. The year before
   * is read only if its own year has none: the page before the first year may not be there.
   */
  async withCarried(pair: Pair, from: PlainDate, own: readonly Fixing[]): Promise<Fixing[]> {
    if (own[0]?.date === from) return [...own];
    const [start, end] = [addDays(from, -CARRY_FORWARD_DAYS), addDays(from, -1)];
    const near = await this.fixings(pair, later(start, `${yearOf(from)}-01-01`), end);
    const before = near.length > 0 ? near : await this.fixings(pair, start, end);
    return [...before, ...own];
  }

  /** The pair's newest fixing; undefined if nothing is stored yet. Both legs are of its date. */
  async latest(pair: Pair): Promise<Fixing | undefined> {
    const year = yearOf(this.today);
    // It is nearly always of this year; in the first days of January it is of the last.
    const last = newestFixing(await this.#legs(pair, [year]), this.today);
    if (last) return last;
    const before = yearsBetween(firstDateOf(pair), this.today).filter((one) => one === year - 1);
    const older = newestFixing(await this.#legs(pair, before), this.today);
    // A page that is not there may hold a newer one.
    const isKnown = legsOf(pair).every(({ id }) => this.#isKnown(id, year));
    return isKnown ? older : undefined;
  }

  /** The newest `count` fixings on or before `to`, ascending; fewer if history is shorter. */
  async newest(pair: Pair, count: number, to: PlainDate): Promise<Fixing[]> {
    const first = yearOf(firstDateOf(pair));
    for (let years = Math.floor(count / FIXINGS_PER_YEAR); ; years = 2 * years + 1) {
      const from = Math.max(first, yearOf(to) - years);
      const fixings = await this.fixings(pair, `${from}-01-01`, to);
      if (fixings.length >= count || from === first) return fixings.slice(-count);
    }
  }

  /** Whether a fixing later than `date` is stored, as far as the pages already read tell. */
  hasLater(pair: Pair, date: PlainDate): boolean {
    const copy = (series: Series | undefined) => series && this.#copies.get(keyOf(series.id, yearOf(date)));
    return [pair.numerator, pair.denominator].every((series) => {
      const last = lastOnOrBefore(copy(series)?.page.observations ?? [], this.today);
      return series === undefined || (last !== undefined && last[0] > date);
    });
  }

  /** The ids of the series that were read. */
  get series(): string[] {
    return [...new Set(Array.from(this.#copies.values(), ({ page }) => page.series))].sort();
  }

  /** The tier furthest from the reader that any page came from. */
  get tier(): Tier {
    return [...this.#copies.values()].reduce<Tier>(
      (far, { tier }) => (TIERS.indexOf(tier) > TIERS.indexOf(far) ? tier : far),
      TIERS[0],
    );
  }

  /** Whether some page that was read is not there yet: history may still be loading. */
  get isIncomplete(): boolean {
    for (const { page } of this.#copies.values()) if (!this.#isKnown(page.series, page.year)) return true;
    return false;
  }

  /** Whether a value for a later date has arrived and waits for confirmation. */
  isConfirmationAwaited(latest: PlainDate): boolean {
    for (const { page } of this.#copies.values()) if (page.waiting?.some((date) => date > latest)) return true;
    return false;
  }

  get staleReason(): StaleReason | undefined {
    for (const { stale } of this.#copies.values()) if (stale) return stale;
    return undefined;
  }

  get freshUntilMs(): number {
    return Math.min(...Array.from(this.#copies.values(), ({ freshUntilMs }) => freshUntilMs));
  }

  /** The observations of a pair's legs in these years; nothing is made of a year whose page is not there. */
  async #knownLegs(pair: Pair, years: number[]): Promise<Legs> {
    const legs = await this.#legs(pair, years);
    for (const series of legsOf(pair)) {
      for (const year of years) {
        if (!this.#isEmpty(series.id, year)) continue;
        // The first days of a year are told from an absent page by the year before.
        if (year === yearOf(this.today)) await this.#observations(series, [year - 1]);
        if (!this.#isKnown(series.id, year)) throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
      }
    }
    return legs;
  }

  /** Whether the page is there, or its year has just begun: then the year before goes on up to the last days. */
  #isKnown(series: string, year: number): boolean {
    if (!this.#isEmpty(series, year)) return true;
    const [last] = this.#copies.get(keyOf(series, year - 1))?.page.observations.at(-1) ?? [];
    return year === yearOf(this.today) && last !== undefined && last >= addDays(this.today, -CARRY_FORWARD_DAYS);
  }

  #isEmpty(series: string, year: number): boolean {
    const copy = this.#copies.get(keyOf(series, year));
    return copy === undefined || isEmptyPage(copy.page);
  }

  async #legs(pair: Pair, years: number[]): Promise<Legs> {
    const { numerator, denominator } = pair;
    const [above, below] = await Promise.all([
      numerator && this.#observations(numerator, years),
      denominator && denominator !== numerator ? this.#observations(denominator, years) : undefined,
    ]);
    const divisor = denominator === numerator ? above : below;
    return { ...(above && { numerator: above }), ...(divisor && { denominator: divisor }) };
  }

  async #observations(series: Series, years: number[]): Promise<readonly Observation[]> {
    const unread = years.filter((year) => !this.#copies.has(keyOf(series.id, year)));
    const copies = unread.length > 0 ? await this.host.pages.read(series.id, unread) : [];
    for (const copy of copies) this.#copies.set(keyOf(series.id, copy.page.year), copy);
    const pages = years.map((year) => this.#copies.get(keyOf(series.id, year))?.page.observations ?? []);
    return pages.length === 1 ? (pages[0] as readonly Observation[]) : pages.flat();
  }
}

function keyOf(series: string, year: number): string {
  return `${series}:${year}`;
}
