import {
  type DependencyState,
  type Health,
  healthOf,
  newestYears,
  readSeriesFacts,
  type SeriesFacts,
  unreadSeriesFacts,
} from "#core/api/health.ts";
import type { ProviderFacts } from "#core/api/provider-health.ts";
import { DeadlineExceeded, withDeadline } from "#core/ops/deadline.ts";
import type { Provider } from "#core/providers/provider.ts";
import { dateIn } from "#core/time/zones.ts";
import type { Services } from "../services.ts";

/** Probes run at once and get this long, so that health takes less than 50 ms even if they hang. */
const PROBE_MS = 30;

/** The state of the platform as the origin sees it: only the edge sees Redis and the providers. */
export async function gatherHealth(services: Services): Promise<Health> {
  const nowMs = services.now();
  const { catalogue } = services.env;
  const [database, series, providers] = await Promise.all([
    askDatabase(services),
    Promise.all(catalogue.main.series.map(({ id }) => readSeries(services, id, nowMs))),
    Promise.all(catalogue.providers.map((provider) => readProvider(services, provider))),
  ]);
  const facts = {
    release: services.env.release,
    database,
    series,
    providers,
    redis: "unknown",
    responseTimeP95Ms: services.timings.quantile(0.95),
    cacheHitRatio: null,
    deadLetters: null,
    settlementCheck: "unknown",
  } as const;
  return healthOf(facts, catalogue.main.publication, nowMs, services.env.policy);
}

async function askDatabase({ store }: Services): Promise<DependencyState> {
  try {
    await withDeadline(store.ping(), PROBE_MS, "probe");
    return "healthy";
  } catch {
    return store.isInTrouble ? "unhealthy" : "unknown";
  }
}

async function readProvider({ boards }: Services, provider: Provider): Promise<ProviderFacts> {
  const read = withDeadline(boards.readBoards([provider.id]), PROBE_MS, "probe");
  const copies = await read.catch(() => undefined);
  return { provider, board: copies?.[0]?.board ?? boards.peek(provider.id), breaker: "unknown" };
}

async function readSeries({ pages, store, env }: Services, id: string, nowMs: number): Promise<SeriesFacts> {
  const today = dateIn(env.catalogue.main.publication.zone, nowMs);
  try {
    return await withDeadline(readSeriesFacts(pages, id, today), PROBE_MS, "probe");
  } catch (error) {
    const atHand = newestYears(today)
      .flatMap((year) => pages.peek(id, year) ?? [])
      .map((page) => ({ page }));
    // The first connection to a database is slow: that is not a failure yet.
    const hasFailed = !(error instanceof DeadlineExceeded) || store.isInTrouble;
    return unreadSeriesFacts(id, atHand, today, hasFailed);
  }
}
