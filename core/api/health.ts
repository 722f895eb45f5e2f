import type { Breaker } from "../breaker.ts";
import type { PlainDate } from "../dates.ts";
import { freshnessOf, outlookAt } from "../freshness.ts";
import type { Policy } from "../policy.ts";
import { DATA_HEADERS } from "../problem.ts";

/** unknown: this host does not see it, or could not tell in time. */
export type DependencyState = "healthy" | "unhealthy" | "unknown";

/** What a host found out about itself and what it stands on. */
export interface HealthFacts {
  database: DependencyState;
  redis: DependencyState;
  banxicoApi: DependencyState;
  /** Banxico's, which is the one that all hosts share. */
  circuitBreaker: Breaker["state"] | "unknown";
  /** Over the last five minutes; null where nothing was counted. */
  responseTimeP95Ms: number | null;
  /** Share of page reads answered without the origin, 0 to 1; null where nothing was counted. */
  cacheHitRatio: number | null;
  /** Batches that could not be stored and wait to be replayed; null where this host can't tell. */
  deadLetters: number | null;
  /** The newest USD FIX that this host can serve; null where it has none. */
  latest: PlainDate | null;
  /** Whether that FIX comes from a copy past its freshness. */
  unconfirmed: boolean;
  /** Set where none could be read in time, which does not mean that there is none. */
  undetermined?: boolean;
}

/**
 * healthy: all is as it should be. degraded: rates are served, with a warning. limited: too many publications were
 * missed to call anything current, history is served. critical: there is no rate to serve.
 */
export type Level = "healthy" | "degraded" | "limited" | "critical";

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
  freshness: { latest: PlainDate | null; expected: PlainDate; publishes_missed: number | null };
  dead_letters: number | null;
}

export function healthOf(facts: HealthFacts, nowMs: number, policy: Policy): Health {
  const level = levelOf(facts, nowMs, policy);
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
      latest: facts.latest,
      expected: outlookAt(nowMs, policy).expected,
      publishes_missed:
        facts.latest === null ? null : freshnessOf(facts.latest, outlookAt(nowMs, policy)).publicationsMissed,
    },
    dead_letters: facts.deadLetters,
  };
}

/** 503 only where there is nothing to serve: a host that still answers must not be taken out of service. */
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

function levelOf(facts: HealthFacts, nowMs: number, policy: Policy): Level {
  if (facts.latest === null) return facts.undetermined ? "degraded" : "critical";
  const { publicationsMissed } = freshnessOf(facts.latest, outlookAt(nowMs, policy));
  if (publicationsMissed > policy.MOST_PUBLICATIONS_MISSED) return "limited";
  const trouble =
    facts.unconfirmed ||
    publicationsMissed > 0 ||
    [facts.database, facts.redis, facts.banxicoApi].includes("unhealthy") ||
    facts.circuitBreaker === "open" ||
    (facts.deadLetters ?? 0) > 0;
  return trouble ? "degraded" : "healthy";
}
