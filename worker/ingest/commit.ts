import type { Page } from "#core/rates/page.ts";
import type { Batch, SeriesReading } from "#core/wire/internal.ts";
import { ingestKeyOf } from "#core/wire/keys.ts";
import { OriginFailure } from "../clients/origin-client.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { CHANGED_FIELD } from "./state.ts";

type CommitDeps = Pick<IngestDeps, "origin" | "redis" | "now">;

/** Stores a reading, or an older release's batch, at the origin; returns the pages that it touches. */
export async function commitMessage(message: SeriesReading | Batch, deps: CommitDeps, watch: Watch): Promise<Page[]> {
  const { pages, quarantined, overtaken, withdrawn } =
    "series" in message ? await commitReading(message, deps) : { ...(await deps.origin.commit(message)), ...NONE };
  if (quarantined > 0) watch.notice("observations were put in quarantine", { batch: message.batch_id });
  if (withdrawn > 0) watch.notice("values were withdrawn", { batch: message.batch_id, count: withdrawn });
  if (overtaken > 0) await readAgainSoon(message.provider, deps);
  return pages;
}

/** How an origin that is not yet updated answers: it knows no readings. */
const UNKNOWN_ROUTE = [404, 405];
/** What such an origin never finds. */
const NONE = { overtaken: 0, withdrawn: 0 };

/** Such an origin takes the values, and withdraws none. */
async function commitReading(reading: SeriesReading, { origin }: CommitDeps) {
  try {
    return await origin.commitReading(reading);
  } catch (error) {
    if (!(error instanceof OriginFailure) || !UNKNOWN_ROUTE.includes(error.status ?? 0)) throw error;
  }
  const { batch_id, provider, fetched_at, series, year, observations } = reading;
  if (observations.length === 0) return { pages: await origin.pages(series, year, year), quarantined: 0, ...NONE };
  const values = observations.map(([date, value]) => ({ series, date, value }));
  return {
    ...(await origin.commit({ batch_id, provider, fetched_at, observations: values })),
    ...NONE,
  };
}

/** The reading knew less than the origin: one that knows as much settles it. If it can't be noted, the hourly sync does. */
async function readAgainSoon(provider: string, { redis, now }: CommitDeps): Promise<void> {
  await redis.send(["HSET", ingestKeyOf(provider), CHANGED_FIELD, now()]).catch(() => undefined);
}
