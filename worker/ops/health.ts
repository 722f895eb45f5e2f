import {
  type DependencyState,
  type Health,
  type HealthFacts,
  healthOf,
  newestYears,
  readSeriesFacts,
  type SeriesFacts,
  unreadSeriesFacts,
} from "#core/api/health.ts";
import type { Breaker } from "#core/ops/breaker.ts";
import { isWithinHorizon } from "#core/pages/page-ttl.ts";
import { dateIn } from "#core/time/zones.ts";
import { breakerKeyOf, DEAD_LETTERS_KEY, statsKeyOf } from "#core/wire/keys.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import type { Reply } from "../clients/redis-client.ts";
import { withDeadline } from "../deadline.ts";
import type { Services } from "../services.ts";
import type { RedisFacts } from "./health-memory.ts";
import type { Scope } from "./scope.ts";
import { countersOf, performanceOf } from "./stats.ts";

/** All probes run at once and get this long, so that the response takes less than 50 ms even if all of them hang. */
const PROBE_MS = 30;
/** The current minute and the five before it. */
const MINUTES = 6;

/** The state of the platform as this isolate sees it. */
export async function gatherHealth(services: Services, scope: Scope): Promise<Health> {
  const facts = services.healthMemory.begin(scope.now())
    ? await probeAll(services, scope)
    : rememberedFacts(services, scope.now());
  return healthOf(facts, services.env.catalogue.main.publication, scope.now(), services.env.policy);
}

async function probeAll(services: Services, scope: Scope): Promise<HealthFacts> {
  const [database, fromRedis, ...series] = await Promise.all([
    inTime(probeDatabase(services, scope), scope, () => databaseUnseen(services, scope.now())),
    inTime(probeRedis(services, scope), scope, () => redisUnseen(services, scope.now())),
    ...services.env.catalogue.main.series.map(({ id }) =>
      inTime(probeSeries(services, scope, id), scope, () => seriesUnseen(services, id, scope.now())),
    ),
  ]);
  return { database, ...fromRedis, series };
}

/** What is known without a probe. */
function rememberedFacts(services: Services, nowMs: number): HealthFacts {
  return {
    database: databaseUnseen(services, nowMs),
    ...redisUnseen(services, nowMs),
    series: services.env.catalogue.main.series.map(({ id }) => seriesUnseen(services, id, nowMs)),
  };
}

/** The probe's result, or what is known without it; a late probe continues for the next request. */
async function inTime<T>(probe: Promise<T>, scope: Scope, otherwise: () => T): Promise<T> {
  scope.waitUntil(probe.catch(() => undefined));
  try {
    return await withDeadline(probe, PROBE_MS, "probe");
  } catch {
    return otherwise();
  }
}

async function probeSeries({ pages, healthMemory, env }: Services, scope: Scope, id: string): Promise<SeriesFacts> {
  try {
    const facts = await readSeriesFacts(pages(scope), id, dateIn(env.catalogue.main.publication.zone, scope.now()));
    healthMemory.keepSeries(id, facts, scope.now());
    return facts;
  } catch (error) {
    healthMemory.keepSeries(id, null, scope.now());
    throw error;
  }
}

/** 30 ms are short for an isolate's first connection, so only a finished lookup proves that there is no page. */
function seriesUnseen({ isolate, env, healthMemory }: Services, id: string, nowMs: number): SeriesFacts {
  const known = healthMemory.series(id, nowMs);
  if (known) return known;
  const today = dateIn(env.catalogue.main.publication.zone, nowMs);
  const entries = newestYears(today)
    .map((year) => isolate.peek(id, year))
    .filter((entry) => entry !== undefined)
    .filter((entry) => isWithinHorizon(entry, nowMs, env.policy));
  return unreadSeriesFacts(id, entries, today, known === null);
}

async function probeDatabase(services: Services, scope: Scope): Promise<DependencyState> {
  const { origin, originGuard, healthMemory } = services;
  if (originGuard.closedForMs(scope.now()) > 0) return "unhealthy";
  const isReady = originGuard.state === "closed" ? await origin.isReady() : await probeOrigin(services, scope);
  const state = isReady ? "healthy" : "unhealthy";
  healthMemory.keepDatabase(state, scope.now());
  return state;
}

function databaseUnseen({ originGuard, healthMemory }: Services, nowMs: number): DependencyState {
  return originGuard.closedForMs(nowMs) > 0 ? "unhealthy" : healthMemory.database(nowMs);
}

/** While Redis serves all reads the origin is not called, and its breaker would stay open: this is its probe. */
async function probeOrigin({ origin, originGuard }: Services, scope: Scope): Promise<boolean> {
  const probe = originGuard.run(scope, async () => {
    if (!(await origin.isReady())) throw new OriginFailure("status", "health", 503);
  });
  return probe.then(
    () => true,
    () => false,
  );
}

async function probeRedis({ redisReader, redisGuard, healthMemory }: Services, scope: Scope): Promise<RedisFacts> {
  const nowMs = scope.now();
  const minutes = Array.from({ length: MINUTES }, (_, ago) => statsKeyOf(nowMs - ago * 60_000));
  const [breaker, deadLetters, ...stats] = await redisGuard.run(scope, () =>
    redisReader.pipeline([
      ["GET", breakerKeyOf("banxico")],
      ["HLEN", DEAD_LETTERS_KEY],
      ...minutes.map((key) => ["HGETALL", key] as const),
    ]),
  );
  const state = breakerState(breaker);
  const facts: RedisFacts = {
    ...performanceOf(stats.map(countersOf)),
    redis: "healthy",
    banxicoApi: state === "unknown" ? "unknown" : state === "closed" ? "healthy" : "unhealthy",
    circuitBreaker: state,
    deadLetters: typeof deadLetters === "number" ? deadLetters : null,
  };
  healthMemory.keepRedis(facts, scope.now());
  return facts;
}

/** The last facts from Redis, unless its calls fail. */
function redisUnseen({ healthMemory, redisGuard }: Services, nowMs: number): RedisFacts {
  const facts = healthMemory.redis(nowMs);
  return redisGuard.isAway ? { ...facts, redis: "unhealthy" } : facts;
}

/** Nothing stored means that the breaker never opened. */
function breakerState(stored: Reply | undefined): Breaker["state"] | "unknown" {
  if (stored === null) return "closed";
  try {
    const { state } = JSON.parse(String(stored)) as Breaker;
    return state === "closed" || state === "open" || state === "half_open" ? state : "unknown";
  } catch {
    return "unknown";
  }
}
