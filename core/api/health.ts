import type { Policy } from "../ops/policy.ts";
import type { PageCopy, Pages } from "../pages/page-source.ts";
import { DEFAULT_PROVIDER } from "../providers/catalogue.ts";
import type { CheckHealth } from "../providers/settlement-check.ts";
import { freshnessOf, type Outlook, outlookAt } from "../rates/freshness.ts";
import { lastOnOrBefore } from "../rates/page.ts";
import { type PlainDate, yearOf } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { DATA_HEADERS } from "./headers.ts";
import {
  type BreakerState,
  type FreshnessState,
  type ProviderFacts,
  type ProviderHealth,
  providerHealthOf,
} from "./provider-health.ts";

/** unknown: this host does not see it, or could not tell in time. */
export type DependencyState = "healthy" | "unhealthy" | "unknown";

/** What a host knows of one series. */
export interface SeriesFacts {
  id: string;
  /** The newest date that this host can serve; null if it has none. */
  latest: PlainDate | null;
  /** How many of its values wait for confirmation, or for a person. */
  waiting: number;
  /** Whether that comes from a copy past its freshness. */
  unconfirmed: boolean;
  /** Set if this year's page could not be read in time: then a `latest` of null does not mean that there is no value. */
  undetermined?: boolean;
}

/** Shares of the edge's responses and page reads over the last five minutes, 0 to 1; null if nothing was counted. */
export interface Traffic {
  error_ratio: number | null;
  /** Slower than the latency objective. */
  slow_ratio: number | null;
  /** Of page reads, by the tier that had the page. */
  tiers: Readonly<Record<string, number | null>>;
}

/** What a host found out about itself and what it stands on. */
export interface HealthFacts {
  /** What the host runs; undefined if the release has no name. */
  release?: string | undefined;
  database: DependencyState;
  redis: DependencyState;
  /** Over the last five minutes; null if nothing was counted. */
  responseTimeP95Ms: number | null;
  /** Share of page reads served without the origin, 0 to 1; null if nothing was counted. */
  cacheHitRatio: number | null;
  /** Set at the edge, which counts them. */
  traffic?: Traffic;
  /** Batches that could not be stored and wait to be replayed; null if this host can't tell. */
  deadLetters: number | null;
  /** What came of comparing Banxico's settlement rates with ours. */
  settlementCheck: CheckHealth;
  /** Every series of the default provider. */
  series: readonly SeriesFacts[];
  /** Every provider of the deployment, the default one first. */
  providers: readonly ProviderFacts[];
}

/**
 * healthy: all is as it should be. degraded: rates are served, with a warning. limited: a series of the default provider
 * has no value, or has missed too many publications to be called current; history is served. critical: there is no rate
 * of the default provider to serve.
 */
export type Level = "healthy" | "degraded" | "limited" | "critical";

export interface SeriesHealth {
  id: string;
  state: FreshnessState;
  latest: PlainDate | null;
  publishes_missed: number | null;
  waiting: number;
}

export interface Health {
  /** What the host runs; absent if the release has no name. */
  release?: string;
  status: "healthy" | "degraded" | "unhealthy";
  level: Level;
  dependencies: {
    database: DependencyState;
    redis: DependencyState;
    /** Whether the default provider's circuit breaker lets requests pass. */
    banxico_api: DependencyState;
    /** The default provider's. */
    circuit_breaker: BreakerState;
  };
  performance: { response_time_p95: number | null; cache_hit_ratio: number | null } & Partial<Traffic>;
  /** Of the default provider's series that is furthest behind. */
  freshness: { latest: PlainDate | null; expected: PlainDate; publishes_missed: number | null };
  dead_letters: number | null;
  settlement_check: CheckHealth;
  /** Of the default provider. */
  series: SeriesHealth[];
  providers: ProviderHealth[];
}

/** The pages that hold a series' newest value: this year's, and last year's for the first days of January. */
export function newestYears(today: PlainDate): [lastYear: number, thisYear: number] {
  const year = yearOf(today);
  return [year - 1, year];
}

/** Reads what there is to know of a series: last year's page only while this year's is empty. */
export async function readSeriesFacts(pages: Pages, id: string, today: PlainDate): Promise<SeriesFacts> {
  const [lastYear, thisYear] = newestYears(today);
  const copies = await pages.read(id, [thisYear]);
  const facts = seriesFactsOf(id, copies, today);
  if (facts.latest !== null) return facts;
  return seriesFactsOf(id, [...(await pages.read(id, [lastYear])), ...copies], today);
}

/** What copies of these pages, in the order of their years, say of a series. */
export function seriesFactsOf(
  id: string,
  copies: readonly Pick<PageCopy, "page" | "stale">[],
  today: PlainDate,
): SeriesFacts {
  const observations = copies.flatMap(({ page }) => page.observations);
  return {
    id,
    latest: lastOnOrBefore(observations, today)?.[0] ?? null,
    waiting: copies.reduce((count, { page }) => count + (page.waiting?.length ?? 0), 0),
    unconfirmed: copies.some(({ stale }) => stale !== undefined),
  };
}

/**
 * What the copies at hand say of a series that could not be read. Without this year's they say nothing of today: last
 * year's alone would look like months of missed publications. `hasFailed`: a lookup came to its end and found no page.
 */
export function unreadSeriesFacts(
  id: string,
  copies: readonly Pick<PageCopy, "page">[],
  today: PlainDate,
  hasFailed: boolean,
): SeriesFacts {
  const facts = { ...seriesFactsOf(id, copies, today), unconfirmed: true };
  const hasThisYear = copies.some(({ page }) => page.year === yearOf(today));
  if (hasThisYear && facts.latest !== null) return facts;
  return { ...facts, latest: null, undetermined: !hasFailed || facts.latest !== null };
}

/** The state of the platform as a host sees it. */
export function healthOf(facts: HealthFacts, publication: Publication, nowMs: number, policy: Policy): Health {
  const outlook = outlookAt(publication, nowMs);
  const series = facts.series.map((each) => seriesHealthOf(each, outlook));
  const providers = facts.providers.map((each) => providerHealthOf(each, nowMs));
  const level = levelOf(facts, series, providers, policy);
  const breaker = facts.providers.find(({ provider }) => provider.id === DEFAULT_PROVIDER)?.breaker ?? "unknown";
  return {
    status: level === "critical" ? "unhealthy" : level === "healthy" ? "healthy" : "degraded",
    level,
    ...(facts.release !== undefined && { release: facts.release }),
    dependencies: {
      database: facts.database,
      redis: facts.redis,
      banxico_api: breaker === "unknown" ? breaker : breaker === "closed" ? "healthy" : "unhealthy",
      circuit_breaker: breaker,
    },
    performance: { response_time_p95: facts.responseTimeP95Ms, cache_hit_ratio: facts.cacheHitRatio, ...facts.traffic },
    freshness: {
      latest: series.reduce<PlainDate | null>((oldest, { latest }) => earliest(oldest, latest), null),
      expected: outlook.expected,
      publishes_missed: mostMissed(series),
    },
    dead_letters: facts.deadLetters,
    settlement_check: facts.settlementCheck,
    series,
    providers,
  };
}

/** 503 only if there is nothing to serve: a host that still serves must not be taken out of service. */
export function healthResponse(health: Health): Response {
  return new Response(JSON.stringify(health), {
    status: health.status === "unhealthy" ? 503 : 200,
    headers: {
      ...DATA_HEADERS,
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      ...(health.status === "unhealthy" && { "Retry-After": "30" }),
    },
  });
}

function seriesHealthOf({ id, latest, waiting, undetermined }: SeriesFacts, outlook: Outlook): SeriesHealth {
  if (latest === null)
    return { id, state: undetermined ? "unknown" : "missing", latest, publishes_missed: null, waiting };
  const { publicationsMissed } = freshnessOf(latest, outlook);
  return {
    id,
    state: publicationsMissed > 0 ? "behind" : "current",
    latest,
    publishes_missed: publicationsMissed,
    waiting,
  };
}

function levelOf(
  facts: HealthFacts,
  series: readonly SeriesHealth[],
  providers: readonly ProviderHealth[],
  policy: Policy,
): Level {
  if (series.every(({ latest }) => latest === null))
    return series.some(({ state }) => state === "unknown") ? "degraded" : "critical";
  const isMissing = series.some(({ state }) => state === "missing");
  if (isMissing || (mostMissed(series) ?? 0) > policy.MAX_PUBLICATIONS_MISSED) return "limited";
  const isTroubled =
    facts.series.some(({ unconfirmed, waiting }) => unconfirmed || waiting > 0) ||
    series.some(({ state }) => state !== "current") ||
    [facts.database, facts.redis].includes("unhealthy") ||
    providers.some(isTroubledProvider) ||
    facts.settlementCheck === "differs" ||
    (facts.deadLetters ?? 0) > 0;
  return isTroubled ? "degraded" : "healthy";
}

/** What is unknown may be well: a host that sees no breakers, or an isolate that begins, raises no alarm. */
function isTroubledProvider({ state, series_missing, circuit_breaker }: ProviderHealth): boolean {
  const isOut = circuit_breaker === "open" || circuit_breaker === "half_open";
  return isOut || state === "behind" || state === "missing" || series_missing > 0;
}

function mostMissed(series: readonly SeriesHealth[]): number | null {
  const missed = series.flatMap(({ publishes_missed }) => publishes_missed ?? []);
  return missed.length === 0 ? null : Math.max(...missed);
}

function earliest(a: PlainDate | null, b: PlainDate | null): PlainDate | null {
  return a === null || (b !== null && b < a) ? b : a;
}
