import type { Tier } from "#core/pages/page-source.ts";
import { type CachedPage, freshUntilMs } from "#core/pages/page-ttl.ts";
import { type PageStamp, stampOf } from "#core/rates/page-stamp.ts";
import type { IsolateTier } from "./isolate-tier.ts";
import type { TiersSettings } from "./tiered-pages.ts";

type Settings = Pick<TiersSettings, "policy" | "conditions" | "announcements">;

/** Until when an entry in a tier is fresh; results of Redis and the origin do not age. */
export function entryFreshUntilMs(settings: Settings, entry: CachedPage, tier: Tier, nowMs: number): number {
  if (tier !== "isolate" && tier !== "colo") return Number.POSITIVE_INFINITY;
  const { policy, conditions, announcements } = settings;
  const { series, observations } = entry.page;
  const awaitedSinceMs = announcements.awaitedSinceMs(series, observations.at(-1)?.[0], nowMs);
  return freshUntilMs(entry, tier, nowMs, conditions(nowMs), policy, awaitedSinceMs);
}

/** Until when this isolate may use a page without reading it again; undefined if it holds no such one, or not a fresh one. */
export function heldUntilMs(
  settings: Settings,
  isolate: IsolateTier,
  { series, year, stamp }: PageStamp,
  nowMs: number,
): number | undefined {
  const entry = isolate.peek(series, year);
  if (entry === undefined || stampOf(entry.page).stamp !== stamp) return undefined;
  const untilMs = entryFreshUntilMs(settings, entry, "isolate", nowMs);
  return nowMs < untilMs ? untilMs : undefined;
}
