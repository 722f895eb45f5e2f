import { type DependencyState, type Health, type HealthFacts, healthOf } from "#core/api/health.ts";
import { mexicoCityDate } from "#core/calendar.ts";
import { type PlainDate, yearOf } from "#core/dates.ts";
import type { Page } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import { DeadlineExceeded, withDeadline } from "./deadline.ts";
import type { Services } from "./services.ts";

/** Probes run at once and get this long, so that health takes less than 50 ms whatever hangs. */
const PROBE_MS = 30;
const FLAGSHIP = SERIES[0]?.id as string;

/** The state of the platform as the origin sees it: Redis and Banxico are the edge's to know. */
export async function gatherHealth(services: Services): Promise<Health> {
  const nowMs = services.now();
  const [database, latest] = await Promise.all([askDatabase(services), readLatest(services, nowMs)]);
  const facts = {
    database,
    ...latest,
    redis: "unknown",
    banxicoApi: "unknown",
    circuitBreaker: "unknown",
    responseTimeP95Ms: services.timings.quantile(0.95),
    cacheHitRatio: null,
    deadLetters: null,
  } as const;
  return healthOf(facts, nowMs, services.env.policy);
}

async function askDatabase({ store }: Services): Promise<DependencyState> {
  try {
    await withDeadline(store.ping(), PROBE_MS, "probe");
    return "healthy";
  } catch {
    return store.isInTrouble ? "unhealthy" : "unknown";
  }
}

type Latest = Pick<HealthFacts, "latest" | "unconfirmed" | "undetermined">;

async function readLatest({ pages, store }: Services, nowMs: number): Promise<Latest> {
  const year = yearOf(mexicoCityDate(nowMs));
  const years = [year - 1, year];
  try {
    const copies = await withDeadline(pages.read(FLAGSHIP, years), PROBE_MS, "probe");
    return {
      latest: lastDate(copies.map(({ page }) => page)),
      unconfirmed: copies.some(({ stale }) => stale !== undefined),
    };
  } catch (error) {
    const latest = lastDate(years.map((each) => pages.peek(FLAGSHIP, each)));
    // The first connection to a database takes its time: that alone is no alarm.
    const undetermined = error instanceof DeadlineExceeded && !store.isInTrouble;
    return { latest, unconfirmed: true, undetermined };
  }
}

function lastDate(pages: readonly (Page | undefined)[]): PlainDate | null {
  return pages.flatMap((page) => page?.observations.slice(-1) ?? []).at(-1)?.[0] ?? null;
}
