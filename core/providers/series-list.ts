import type { Series } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";

interface Defaults {
  provider: string;
  pivot: string;
  /** pivot_base: foreign currency per one of the pivot. pivot_quote: pivot per one of the foreign currency. */
  direction: "pivot_base" | "pivot_quote";
  since: PlainDate;
}

const ENTRY = /^[A-Z]{3}(?:\*(\d+))?(?:@([\d-]*)(?:\.\.([\d-]+))?)?(?:~([\d.]+))?(?:!(\d{4})-(\d{4}))?$/;

/**
 * Series from a compact list: "USD HUF*100 TRL@1999-01-04..2004-12-31 CHF~0.2" has a unit of 100, a first and a last date
 * and a guard of its own; "ISK!2009-2017" has no value in those years. Hundreds of object literals would slow the start of each isolate.
 */
export function seriesList(list: string, defaults: Defaults, more?: Partial<Series>): Series[] {
  const entries = list.trim().split(/\s+/);
  return entries.map((entry) => Object.assign(plainSeries(entry.slice(0, 3), defaults), detailsOf(entry), more));
}

function plainSeries(code: string, { provider, pivot, direction, since }: Defaults): Series {
  const isBase = direction === "pivot_base";
  return {
    id: `${provider}.${code}`,
    provider,
    providerId: code,
    base: isBase ? pivot : code,
    quote: isBase ? code : pivot,
    unit: 1,
    since,
  };
}

/** What an entry says beside its code; most say nothing. */
function detailsOf(entry: string): Partial<Series> | undefined {
  if (entry.length === 3) return undefined;
  const parts = ENTRY.exec(entry);
  if (parts === null) throw new RangeError(`not an entry of a list of series: ${entry}`);
  const [, unit, since, until, maxMove, fromYear, toYear] = parts;
  return {
    ...(unit && { unit: Number(unit) }),
    ...(since && { since }),
    ...(until && { until }),
    ...(maxMove && { maxMove: Number(maxMove) }),
    ...(fromYear && { gap: { fromYear: Number(fromYear), toYear: Number(toYear) } }),
  };
}
