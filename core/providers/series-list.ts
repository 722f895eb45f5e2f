import type { PlainDate } from "../dates.ts";
import type { Series } from "./provider.ts";

interface Defaults {
  provider: string;
  pivot: string;
  /** pivot_base: foreign currency per one of the pivot. pivot_quote: pivot per one of the foreign currency. */
  direction: "pivot_base" | "pivot_quote";
  since: PlainDate;
}

/**
 * Series from a compact list: "USD HUF*100 TRL@1999-01-04..2004-12-31 CHF~0.2" has a unit of 100, a first and a last date
 * and a guard of its own. Hundreds of object literals would slow the start of each isolate.
 */
export function seriesList(list: string, defaults: Defaults, more: Partial<Series> = {}): Series[] {
  return list
    .trim()
    .split(/\s+/)
    .map((entry) => seriesOf(entry, defaults, more));
}

function seriesOf(entry: string, { provider, pivot, direction, since }: Defaults, more: Partial<Series>): Series {
  const code = entry.slice(0, 3);
  const [first, until] = (/@([^*~]+)/.exec(entry)?.[1] ?? "").split("..");
  const maxMove = /~([\d.]+)/.exec(entry)?.[1];
  return {
    id: `${provider}.${code}`,
    provider,
    providerId: code,
    base: direction === "pivot_base" ? pivot : code,
    quote: direction === "pivot_base" ? code : pivot,
    unit: Number(/\*(\d+)/.exec(entry)?.[1] ?? 1),
    since: first || since,
    ...(until !== undefined && { until }),
    ...(maxMove !== undefined && { maxMove: Number(maxMove) }),
    ...more,
  };
}
