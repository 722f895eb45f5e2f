import type { TickState } from "../ingest/ticks.ts";
import { rateOf } from "../rates/fixing.ts";
import type { Route } from "../rates/route.ts";
import { dateOfInstant, historyOf, type Instant, instantAt, type TickHead, tickAt } from "../rates/ticks.ts";
import { earlier, later, type PlainDate } from "../time/dates.ts";
import { ApiFailure } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import type { RateReader } from "./rate-reader.ts";

/** Rates made of ticks: of a provider that is polled during the day, each leg's value in force at the same instant. */

type TickHost = Pick<ApiHost, "ticks" | "catalogue" | "nowMs">;

export interface TickRate {
  rate: string;
  /** Since when it holds. */
  at: Instant;
}

/** The rate in force. */
export interface CurrentTick extends TickRate {
  /** When the provider last gave it. */
  checkedAt: Instant;
}

export interface NewestTick extends CurrentTick, TickStaleness {
  date: PlainDate;
}

export interface TickStaleness {
  stale: boolean;
  /** When the next tick is due; in the past while it is overdue. */
  nextUpdate: Instant;
}

/** A poll may come so much later than it is due. */
const GRACE_MS = 60_000;
/** Of older values the daily ones take the place. */
const MAX_AGE_MS = 86_400_000;

/** The newest rate of a pair; undefined if its provider is not polled, or was not for a day. */
export async function newestTick(host: TickHost, route: Route): Promise<NewestTick | undefined> {
  if (!canHaveTicks(host, route)) return undefined;
  const state = await host.ticks?.state(route.provider);
  const tick = state && currentTick(state, route);
  if (state === undefined || tick === undefined || tick.checkedAt < oldestCurrent(host.nowMs)) return undefined;
  const date = dateOfInstant(tick.checkedAt, route.publication.zone);
  return { ...tick, date, ...staleness(state, tick.checkedAt, host.nowMs) };
}

/** What was given before this instant is no news of the day any more. */
export function oldestCurrent(nowMs: number): Instant {
  return instantAt(nowMs - MAX_AGE_MS);
}

/** The rate of a pair in force, by what is known of its provider; undefined if a leg has no value. */
export function currentTick(state: TickState, route: Route): CurrentTick | undefined {
  const heads: TickHead[] = route.legs.flatMap(({ series }) => state.heads[series.id] ?? []);
  if (heads.length === 0 || heads.length < route.legs.length) return undefined;
  return {
    rate: rateOf({ date: "", values: heads.map(({ value }) => value) }, route),
    at: heads.map(({ from }) => from).reduce(later),
    checkedAt: heads.map(({ seen }) => seen).reduce(earlier),
  };
}

/** The rates of a pair from one instant to another: one for each change of a leg, begun by the one in force. */
export async function ticksBetween(host: TickHost, route: Route, from: Instant, to: Instant): Promise<TickRate[]> {
  const legs = await Promise.all(route.legs.map(({ series }) => legHistory(host, series.id, from)));
  const known = legs.every((history) => history.length > 0);
  if (!known || legs.length === 0) return [];
  const changes = legs.flatMap((history) => history.map(([at]) => at)).filter((at) => at > from && at <= to);
  const rates: TickRate[] = [];
  for (const instant of [from, ...new Set(changes)].sort()) {
    const inForce = legs.flatMap((history) => [tickAt(history, instant) ?? []]).filter((tick) => tick.length > 0);
    if (inForce.length < legs.length) continue;
    const values = inForce.map(([, value]) => value as string);
    const at = instant === from ? inForce.map(([since]) => since as string).reduce(later) : instant;
    const rate = rateOf({ date: "", values }, route);
    if (rates.at(-1)?.rate !== rate) rates.push({ rate, at });
  }
  return rates;
}

/** What is known of a route's provider; throws if it is not polled, or if the ticks of a leg are not kept. */
export async function tickStateOf({ host }: RateReader, route: Route): Promise<TickState> {
  const state = canHaveTicks(host, route) ? await host.ticks?.state(route.provider) : undefined;
  if (state === undefined) throw noTicks(`${route.provider} has no rates of the day.`);
  const lacking = route.legs.find(({ series }) => !state.tracked.includes(series.id));
  if (lacking === undefined && route.legs.length > 0) return state;
  const kept = state.tracked.map((id) => id.slice(route.provider.length + 1)).join(", ");
  throw noTicks(
    `Ticks of ${lacking?.series.id ?? `${route.base}/${route.quote}`} are not kept; those kept are of ${kept}.`,
  );
}

/** Whether newer ticks are overdue, by the provider's cadence and by what it announced itself. */
export function staleness(state: TickState, checkedAt: Instant, nowMs: number): TickStaleness {
  const cadenceMs = state.everySeconds * 1_000;
  const dueMs = Math.max(Date.parse(checkedAt) + cadenceMs, Date.parse(state.nextUpdate ?? checkedAt));
  return { stale: nowMs > dueMs + cadenceMs + GRACE_MS, nextUpdate: instantAt(dueMs) };
}

/** The ticks of a series from an instant on, begun by the one in force. */
async function legHistory(host: TickHost, series: string, from: Instant) {
  const pages = (await host.ticks?.pages(series, from)) ?? [];
  const head = (await host.ticks?.state(series.split(".", 1)[0] ?? ""))?.heads[series];
  const history = historyOf(pages);
  if (history.length > 0 || head === undefined) return history;
  return [[head.from, head.value] as const];
}

function canHaveTicks({ catalogue }: TickHost, route: Route): boolean {
  return catalogue.providerOf(route).everySeconds !== undefined && route.parities.length === 0;
}

function noTicks(detail: string): ApiFailure {
  return new ApiFailure({ code: "no_data", detail });
}
