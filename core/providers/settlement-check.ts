import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import { settlementDays } from "../rates/views.ts";
import { isPlainDate, type PlainDate } from "../time/dates.ts";
import type { Provider, SeriesData, SettlementRates } from "./provider.ts";

/**
 * Banxico publishes the FIX by settlement date as a series of its own. We derive these rates from the FIX and serve what
 * we derive; the series is read to check it, and a difference is for operators to look into.
 */

/** As reports name it. */
export const SETTLEMENT_SERIES = "banxico.SF60653";

/** missing: the response lacks the series, or it can't be read. */
export type SettlementCheck =
  | { state: "agrees"; from: PlainDate }
  | { state: "differs"; date: PlainDate; detail: string }
  | { state: "missing"; detail: string };

/** Compares published settlement rates with those derived from the FIX of the same response; undefined if there are none. */
export function checkSettlement(
  { series, publication: { calendar } }: Pick<Provider, "series" | "publication">,
  data: readonly SeriesData[],
  published: SettlementRates,
): SettlementCheck | undefined {
  if (typeof published === "string") return { state: "missing", detail: published };
  const fix = series.find(({ isPrintedInDof }) => isPrintedInDof);
  const { observations = [] } = data.find((one) => one.series === fix?.id) ?? {};
  const fixings = observations.map(([date, value]) => ({ date, values: [value] }));
  const [from, to] = [published[0]?.[0], published.at(-1)?.[0]];
  if (from === undefined || to === undefined) return undefined;
  const days = settlementDays(calendar, fixings, from, to);
  const derived = new Map(days.map(({ date, fixing: { values } }) => [date, values[0] ?? ""]));
  const compared = published.filter(([date]) => derived.has(date));
  const differing = compared.filter(([date, value]) => !isEqual(value, derived.get(date) ?? ""));
  const [first, last] = [compared[0], differing.at(-1)];
  if (last === undefined) return first && { state: "agrees", from: first[0] };
  const [date, value] = last;
  const detail = `published ${value} on ${date}, derived ${derived.get(date)}; dates that differ: ${differing.length}`;
  return { state: "differs", date, detail };
}

/** What is remembered of checks: a difference until its date is compared again. */
export function rememberedCheck(before: string | undefined, check: SettlementCheck): string {
  if (check.state === "differs") return `differs ${check.date}`;
  const date = differingDate(before);
  return date === undefined || (check.state === "agrees" && check.from <= date) ? check.state : `differs ${date}`;
}

/** What health says of checks, from what is remembered of them. */
export type CheckHealth = SettlementCheck["state"] | "unknown";

/** The state that a remembered check stands for. */
export function checkHealthOf(remembered: string | undefined): CheckHealth {
  if (differingDate(remembered) !== undefined) return "differs";
  return remembered === "agrees" || remembered === "missing" ? remembered : "unknown";
}

function differingDate(remembered = ""): PlainDate | undefined {
  const [state, date = ""] = remembered.split(" ");
  return state === "differs" && isPlainDate(date) ? date : undefined;
}

function isEqual(a: string, b: string): boolean {
  return compareDecimals(parseDecimal(a), parseDecimal(b)) === 0;
}
