import type { Breaker } from "../ops/breaker.ts";
import type { Policy } from "../ops/policy.ts";
import type { PageCopy, Pages } from "../pages/page-source.ts";
import { freshnessOf, type Outlook, outlookAt } from "../rates/freshness.ts";
import { lastOnOrBefore } from "../rates/page.ts";
import { type PlainDate, yearOf } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { DATA_HEADERS } from "./problem.ts";

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

/** What a host found out about itself and what it stands on. */
export interface HealthFacts {
  database: DependencyState;
  redis: DependencyState;
  banxicoApi: DependencyState;
  /** Banxico's, which is the one that all hosts share. */
  circuitBreaker: Breaker["state"] | "unknown";
  /** Over the last five minutes; null if nothing was counted. */
  responseTimeP95Ms: number | null;
  /** Share of page reads served without the origin, 0 to 1; null if nothing was counted. */
  cacheHitRatio: number | null;
  /** Batches that could not be stored and wait to be replayed; null if this host can't tell. */
  deadLetters: number | null;
  /** Every series that is served. */
  series: readonly SeriesFacts[];
}

/**
 * healthy: all is as it should be. degraded: rates are served, with a warning. limited: a series has no value, or has
 * missed too many publications to be called current; history is served. critical: there is no rate to serve.
 */
export type Level = "healthy" | "degraded" | "limited" | "critical";

/** missing: the series has no value. behind: a publication was missed. unknown: it could not be read in time. */
export type SeriesState = "current" | "behind" | "missing" | "unknown";

export interface SeriesHealth {
  id: string;
  state: SeriesState;
  latest: PlainDate | null;
  publishes_missed: number | null;
  waiting: number;
}

export interface Health {
  status: "healthy" | "degraded" | "unhealthy";
  level: Level;
  dependencies: {
    database: DependencyState;
    redis: DependencyState;
    banxico_api: DependencyState;
    circuit_breaker: HealthFacts["circuitBreaker"];
  };
  performance: { response_time_p95: number | null; cache_hit_ratio: number | null };
  /** Of the series that is furthest behind. */
  freshness: { latest: PlainDate | null; expected: PlainDate; publishes_missed: number | null };
  dead_letters: number | null;
  series: SeriesHealth[];
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
  const level = levelOf(facts, series, policy);
  return {
    status: level === "critical" ? "unhealthy" : level === "healthy" ? "healthy" : "degraded",
    level,
    dependencies: {
      database: facts.database,
      redis: facts.redis,
      banxico_api: facts.banxicoApi,
      circuit_breaker: facts.circuitBreaker,
    },
    performance: { response_time_p95: facts.responseTimeP95Ms, cache_hit_ratio: facts.cacheHitRatio },
    freshness: {
      latest: series.reduce<PlainDate | null>((oldest, { latest }) => earliest(oldest, latest), null),
      expected: outlook.expected,
      publishes_missed: mostMissed(series),
    },
    dead_letters: facts.deadLetters,
    series,
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

function levelOf(facts: HealthFacts, series: readonly SeriesHealth[], policy: Policy): Level {
  if (series.every(({ latest }) => latest === null))
    return series.some(({ state }) => state === "unknown") ? "degraded" : "critical";
  const isMissing = series.some(({ state }) => state === "missing");
  if (isMissing || (mostMissed(series) ?? 0) > policy.MAX_PUBLICATIONS_MISSED) return "limited";
  const isTroubled =
    facts.series.some(({ unconfirmed, waiting }) => unconfirmed || waiting > 0) ||
    series.some(({ state }) => state !== "current") ||
    [facts.database, facts.redis, facts.banxicoApi].includes("unhealthy") ||
    facts.circuitBreaker === "open" ||
    (facts.deadLetters ?? 0) > 0;
  return isTroubled ? "degraded" : "healthy";
}

function mostMissed(series: readonly SeriesHealth[]): number | null {
  const missed = series.flatMap(({ publishes_missed }) => publishes_missed ?? []);
  return missed.length === 0 ? null : Math.max(...missed);
}

function earliest(a: PlainDate | null, b: PlainDate | null): PlainDate | null {
  return a === null || (b !== null && b < a) ? b : a;
}
