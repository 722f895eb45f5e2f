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
import { withDeadline } from "#core/ops/deadline.ts";
import { breakerPolicy } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import { isWithinHorizon } from "#core/pages/page-ttl.ts";
import { checkHealthOf } from "#core/providers/settlement-check.ts";
import { dateIn } from "#core/time/zones.ts";
import { breakerKeyOf, DEAD_LETTERS_KEY, ingestKeyOf, statsKeyOf } from "#core/wire/keys.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import type { Reply } from "../clients/redis-client.ts";
import { decodeBreaker } from "../ingest/breaker.ts";
import { CHECK_FIELD } from "../ingest/state.ts";
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
  const { catalogue } = services.env;
  const [database, fromRedis, series, boards] = await Promise.all([
    inTime(probeDatabase(services, scope), scope, () => databaseUnseen(services, scope.now())),
    inTime(probeRedis(services, scope), scope, () => redisUnseen(services, scope.now())),
    Promise.all(
      catalogue.main.series.map(({ id }) =>
        inTime(probeSeries(services, scope, id), scope, () => seriesUnseen(services, id, scope.now())),
      ),
    ),
    Promise.all(
      catalogue.providers.map(({ id }) =>
        inTime(probeBoard(services, scope, id), scope, () => services.healthMemory.board(id, scope.now())),
      ),
    ),
  ]);
  return factsOf(services, database, fromRedis, series, boards);
}

/** What is known without a probe. */
function rememberedFacts(services: Services, nowMs: number): HealthFacts {
  const { catalogue } = services.env;
  return factsOf(
    services,
    databaseUnseen(services, nowMs),
    redisUnseen(services, nowMs),
    catalogue.main.series.map(({ id }) => seriesUnseen(services, id, nowMs)),
    catalogue.providers.map(({ id }) => services.healthMemory.board(id, nowMs)),
  );
}

/** `boards`: in the order of the catalogue's providers. */
function factsOf(
  { env }: Services,
  database: DependencyState,
  { breakers, ...fromRedis }: RedisFacts,
  series: readonly SeriesFacts[],
  boards: readonly (Board | undefined)[],
): HealthFacts {
  const providers = env.catalogue.providers.map((provider, index) => ({
    provider,
    board: boards[index],
    breaker: breakers[provider.id] ?? "unknown",
  }));
  const [mainBoard] = boards;
  return {
    release: env.release,
    database,
    ...fromRedis,
    series: series.map((facts) => withBoard(facts, mainBoard)),
    providers,
  };
}

/** A page may take longer than a probe waits; the board, which one read brings for all series, has the newest date too. */
function withBoard(facts: SeriesFacts, board: Board | undefined): SeriesFacts {
  const date = facts.undetermined ? board?.values[facts.id]?.[0].slice(0, 10) : undefined;
  return date === undefined ? facts : { ...facts, latest: date, unconfirmed: false, undetermined: false };
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

/** One by one, since what one provider lacks says nothing of another. A copy that nothing confirms says nothing of today. */
async function probeBoard({ boards, healthMemory }: Services, scope: Scope, id: string): Promise<Board | undefined> {
  const [copy] = await boards(scope).readBoards([id]);
  if (copy === undefined || copy.stale !== undefined) return undefined;
  healthMemory.keepBoard(copy.board, scope.now());
  return copy.board;
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

async function probeRedis(services: Services, scope: Scope): Promise<RedisFacts> {
  const { redisReader, redisGuard, healthMemory, env } = services;
  const nowMs = scope.now();
  const ids = env.catalogue.providers.map(({ id }) => id);
  const minutes = Array.from({ length: MINUTES }, (_, ago) => statsKeyOf(nowMs - ago * 60_000));
  const [breakers, deadLetters, check, ...stats] = await redisGuard.run(scope, () =>
    redisReader.pipeline([
      ["MGET", ...ids.map(breakerKeyOf)],
      ["HLEN", DEAD_LETTERS_KEY],
      ["HGET", ingestKeyOf(env.catalogue.main.id), CHECK_FIELD],
      ...minutes.map((key) => ["HGETALL", key] as const),
    ]),
  );
  const stateOf = (text: Reply | undefined) => decodeBreaker(text, nowMs, breakerPolicy(env.policy)).state;
  const facts: RedisFacts = {
    ...performanceOf(stats.map(countersOf)),
    redis: "healthy",
    breakers: Array.isArray(breakers) ? Object.fromEntries(ids.map((id, index) => [id, stateOf(breakers[index])])) : {},
    deadLetters: typeof deadLetters === "number" ? deadLetters : null,
    settlementCheck: checkHealthOf(typeof check === "string" ? check : undefined),
  };
  healthMemory.keepRedis(facts, scope.now());
  return facts;
}

/** The last facts from Redis, unless its calls fail. */
function redisUnseen({ healthMemory, redisGuard }: Services, nowMs: number): RedisFacts {
  const facts = healthMemory.redis(nowMs);
  return redisGuard.isAway ? { ...facts, redis: "unhealthy" } : facts;
}
