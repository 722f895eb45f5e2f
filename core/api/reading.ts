import { addDays, earlier, later, type PlainDate, yearOf, yearsBetween } from "../dates.ts";
import { type Fixing, fixingsOf, type Legs, newestFixing } from "../fixing.ts";
import { type Outlook, outlookAt } from "../freshness.ts";
import { lastOnOrBefore, type Observation } from "../page.ts";
import { type PageCopy, type StaleReason, TIERS, type Tier } from "../pages.ts";
import { CARRY_FORWARD_DAYS } from "../policy.ts";
import { firstDateOf, type Pair, type Series } from "../series.ts";
import type { ApiHost } from "./host.ts";

/** Banxico publishes some 245 fixings a year; a guess on the low side reads a year too many at most. */
const FIXINGS_A_YEAR = 240;

/**
 * One request's reading of pages: finds fixings of a pair, and remembers each copy it saw, so that the answer can say
 * where it came from, whether a copy was past its freshness, and how long it may be kept.
 */
export class Reading {
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
    return fixingsOf(await this.#legs(pair, yearsBetween(start, end)), start, end);
  }

  /** The fixings in [from, to] and those shortly before, from which a rate may be carried forward into it. */
  fixingsToCarry(pair: Pair, from: PlainDate, to: PlainDate): Promise<Fixing[]> {
    return this.fixings(pair, addDays(from, -CARRY_FORWARD_DAYS), to);
  }

  /** The pair's newest fixing; undefined where nothing is stored yet. Both legs are of its date. */
  async latest(pair: Pair): Promise<Fixing | undefined> {
    const years = yearsBetween(firstDateOf(pair), this.today);
    // It is nearly always of this year or, in the first days of January, of the last; else all others are read at once.
    for (const some of [years.slice(-1), years.slice(-2, -1), years.slice(0, -2)]) {
      const last = newestFixing(await this.#legs(pair, some), this.today);
      if (last) return last;
    }
    return undefined;
  }

  /** The newest `count` fixings on or before `to`, ascending; fewer where history is shorter. */
  async newest(pair: Pair, count: number, to: PlainDate): Promise<Fixing[]> {
    const first = yearOf(firstDateOf(pair));
    for (let years = Math.ceil(count / FIXINGS_A_YEAR); ; years *= 2) {
      const from = Math.max(first, yearOf(to) - years);
      const fixings = await this.fixings(pair, `${from}-01-01`, to);
      if (fixings.length >= count || from === first) return fixings.slice(-count);
    }
  }

  /** Whether a fixing later than `date` is stored, as far as the pages already read tell. */
  hasLater(pair: Pair, date: PlainDate): boolean {
    const copy = (series: Series | undefined) => series && this.#copies.get(`${series.id}:${yearOf(date)}`);
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

  /** Whether a year that is over has no page yet: history may still be loading. */
  get isIncomplete(): boolean {
    const year = yearOf(this.today);
    for (const { page } of this.#copies.values()) if (page.version === 0 && page.year < year) return true;
    return false;
  }

  get staleReason(): StaleReason | undefined {
    for (const { stale } of this.#copies.values()) if (stale) return stale;
    return undefined;
  }

  get freshUntilMs(): number {
    return Math.min(...Array.from(this.#copies.values(), ({ freshUntilMs }) => freshUntilMs));
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
    const key = (year: number) => `${series.id}:${year}`;
    const unread = years.filter((year) => !this.#copies.has(key(year)));
    const copies = unread.length > 0 ? await this.host.pages.read(series.id, unread) : [];
    for (const copy of copies) this.#copies.set(key(copy.page.year), copy);
    const pages = years.map((year) => this.#copies.get(key(year))?.page.observations ?? []);
    return pages.length === 1 ? (pages[0] as readonly Observation[]) : pages.flat();
  }
}
