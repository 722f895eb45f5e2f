import { type DependencyState, type Health, type HealthFacts, healthOf } from "#core/api/health.ts";
import type { Breaker } from "#core/breaker.ts";
import { mexicoCityDate } from "#core/calendar.ts";
import { type PlainDate, yearOf } from "#core/dates.ts";
import type { Page } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import { isWithinHorizon } from "#core/windows.ts";
import { withDeadline } from "./deadline.ts";
import type { RedisFacts } from "./health-memory.ts";
import { breakerKeyOf, DEAD_LETTERS_KEY, statsKeyOf } from "./keys.ts";
import { OriginFailure } from "./origin.ts";
import type { Reply } from "./redis.ts";
import type { Scope } from "./scope.ts";
import type { Services } from "./services.ts";
import { performanceOf } from "./stats.ts";

/** All probes run at once and get this long, so that the answer takes less than 50 ms whatever hangs. */
const PROBE_MS = 30;
/** The current minute and the five before it. */
const MINUTES = 6;

type Latest = Pick<HealthFacts, "latest" | "unconfirmed" | "undetermined">;

/** The state of the platform as this isolate sees it. */
export async function gatherHealth(services: Services, scope: Scope): Promise<Health> {
  const [latest, database, fromRedis] = await Promise.all([
    inTime(readLatest(services, scope), scope, () => latestAtHand(services, scope.now())),
    inTime(askDatabase(services, scope), scope, () => services.healthMemory.database(scope.now())),
    inTime(askRedis(services, scope), scope, () => redisUnseen(services, scope.now())),
  ]);
  return healthOf({ ...latest, database, ...fromRedis }, scope.now(), services.env.policy);
}

/** What the probe found, or in its place what is known without it; a late probe goes on for those who ask next. */
async function inTime<T>(probe: Promise<T>, scope: Scope, otherwise: () => T): Promise<T> {
  scope.waitUntil(probe.catch(() => undefined));
  try {
    return await withDeadline(probe, PROBE_MS, "probe");
  } catch {
    return otherwise();
  }
}

const FLAGSHIP = SERIES[0]?.id as string;

function yearsNow(nowMs: number): [number, number] {
  const year = yearOf(mexicoCityDate(nowMs));
  return [year - 1, year];
}

async function readLatest({ pages, healthMemory }: Services, scope: Scope): Promise<Latest> {
  try {
    const copies = await pages(scope).read(FLAGSHIP, yearsNow(scope.now()));
    healthMemory.keepLookup(false, scope.now());
    return {
      latest: lastDate(copies.map(({ page }) => page)),
      unconfirmed: copies.some(({ stale }) => stale !== undefined),
    };
  } catch (error) {
    healthMemory.keepLookup(true, scope.now());
    throw error;
  }
}

/** An isolate that has just begun holds nothing, and 30 ms are short for its first connection: that alone is no alarm. */
function latestAtHand({ isolate, env, healthMemory }: Services, nowMs: number): Latest {
  const copies = yearsNow(nowMs).map((year) => isolate.peek(FLAGSHIP, year));
  const usable = copies.filter((copy) => copy !== undefined && isWithinHorizon(copy, nowMs, env.policy));
  const latest = lastDate(usable.map((copy) => copy?.page as Page));
  return { latest, unconfirmed: true, undetermined: !healthMemory.lookupFailed(nowMs) };
}

function lastDate(pages: readonly Page[]): PlainDate | null {
  return pages.flatMap(({ observations }) => observations.slice(-1)).at(-1)?.[0] ?? null;
}

async function askDatabase(services: Services, scope: Scope): Promise<DependencyState> {
  const { origin, originGuard, healthMemory } = services;
  if (originGuard.closedForMs(scope.now()) > 0) return "unhealthy";
  const isReady = originGuard.state === "closed" ? await origin.isReady() : await probeOrigin(services, scope);
  const state = isReady ? "healthy" : "unhealthy";
  healthMemory.keepDatabase(state, scope.now());
  return state;
}

/** While Redis answers readers nobody asks the origin, so that its breaker would stay open: whoever looks after us probes. */
async function probeOrigin({ origin, originGuard }: Services, scope: Scope): Promise<boolean> {
  const probe = originGuard.run(scope, async () => {
    if (!(await origin.isReady())) throw new OriginFailure("status", "health", 503);
  });
  return probe.then(
    () => true,
    () => false,
  );
}

async function askRedis({ redisReader, redisGuard, healthMemory }: Services, scope: Scope): Promise<RedisFacts> {
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

/** What is left to say where Redis did not answer in time: what it said last, unless its calls fail. */
function redisUnseen({ healthMemory, redisGuard }: Services, nowMs: number): RedisFacts {
  const facts = healthMemory.redis(nowMs);
  return redisGuard.isAway ? { ...facts, redis: "unhealthy" } : facts;
}

/** Nothing stored means that it never left its first state. */
function breakerState(stored: Reply | undefined): Breaker["state"] | "unknown" {
  if (stored === null) return "closed";
  try {
    const { state } = JSON.parse(String(stored)) as Breaker;
    return state === "closed" || state === "open" || state === "half_open" ? state : "unknown";
  } catch {
    return "unknown";
  }
}

function countersOf(reply: Reply): Map<string, number> {
  const counters = new Map<string, number>();
  if (!Array.isArray(reply)) return counters;
  for (let index = 0; index + 1 < reply.length; index += 2) {
    const count = Number(reply[index + 1]);
    if (Number.isFinite(count)) counters.set(String(reply[index]), count);
  }
  return counters;
}
