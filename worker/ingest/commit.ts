import type { Page } from "#core/rates/page.ts";
import {
  type Batch,
  batchSchema,
  type ReadingCommit,
  type SeriesReading,
  type SeriesReadings,
} from "#core/wire/internal.ts";
import { ingestKeyOf } from "#core/wire/keys.ts";
import type { PollMessage } from "#core/wire/polls.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { noteNotStored } from "./marks.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { CHANGED_FIELD } from "./state.ts";

type CommitDeps = Pick<IngestDeps, "origin" | "redis" | "now">;
type Content = SeriesReading | SeriesReadings | PollMessage | Batch;

/** Stores readings, a poll, or an older release's batch, at the origin; returns the pages that they touch. */
export async function commitMessage(message: Content, deps: CommitDeps, watch: Watch): Promise<Page[]> {
  if ("poll" in message) return await commitPoll(message, deps);
  if ("readings" in message) return await commitReadings(message.readings, deps, watch);
  if ("series" in message) return await commitReading(message, deps, watch);
  const { pages, quarantined } = await deps.origin.commit(message);
  return await told(message, { pages, quarantined, ...NONE }, deps, watch);
}

/** It makes no page that is replicated. An origin that is not yet updated must not lose it: the queue delivers it again. */
async function commitPoll(message: PollMessage, { origin }: CommitDeps): Promise<Page[]> {
  try {
    await origin.commitPoll(message);
  } catch (error) {
    throw isUnknownRoute(error) ? new OriginFailure("unreachable", "ticks") : error;
  }
  return [];
}

/** How an origin that is not yet updated answers: it knows no readings, and one provider only. */
const UNKNOWN_ROUTE = [404, 405];

function isUnknownRoute(error: unknown): boolean {
  return error instanceof OriginFailure && UNKNOWN_ROUTE.includes(error.status ?? 0);
}

/** What such an origin never finds. */
const NONE = { overtaken: 0, withdrawn: 0 };

type Found = Pick<ReadingCommit, "pages" | "quarantined" | "overtaken" | "withdrawn">;

/**
 * All at once. If the origin refuses the whole, each half, down to the one that it refuses by itself: that one does not keep
 * the others from being stored.
 */
async function commitReadings(readings: readonly SeriesReading[], deps: CommitDeps, watch: Watch): Promise<Page[]> {
  const [first] = readings;
  if (first === undefined) return [];
  let size = Math.ceil(readings.length / 2);
  try {
    if (readings.length === 1) return await commitReading(first, deps, watch);
    return await told(first, await deps.origin.commitReadings(readings), deps, watch);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (readings.length === 1) {
      await keepDeadLetter({ id: first.batch_id, body: first, attempts: 1 }, error.message, deps, watch);
      return [];
    }
    if (isUnknownRoute(error)) size = 1;
  }
  const pages: Page[] = [];
  for (let start = 0; start < readings.length; start += size)
    pages.push(...(await commitReadings(readings.slice(start, start + size), deps, watch)));
  return pages;
}

/** An origin that is not yet updated takes the values of a provider that it knows, and withdraws none. */
async function commitReading(reading: SeriesReading, deps: CommitDeps, watch: Watch): Promise<Page[]> {
  const { origin, redis } = deps;
  try {
    return await told(reading, await origin.commitReading(reading), deps, watch);
  } catch (error) {
    if (!isUnknownRoute(error)) throw error;
  }
  const { batch_id, provider, fetched_at, series, year, observations } = reading;
  const values = observations.map(([date, value]) => ({ series, date, value }));
  const batch = batchSchema.safeParse({ batch_id, provider, fetched_at, observations: values });
  if (batch.success) return await commitMessage(batch.data, deps, watch);
  if (observations.length === 0) return await origin.pages(series, year, year).catch(() => []);
  await noteNotStored(redis, provider);
  watch.notice("the origin does not know this provider yet", { provider });
  return [];
}

/** Tells operators what came of it, and the cron if it should look again. */
async function told(
  { batch_id, provider }: Pick<SeriesReading, "batch_id" | "provider">,
  { pages, quarantined, overtaken, withdrawn }: Found,
  deps: CommitDeps,
  watch: Watch,
): Promise<Page[]> {
  if (quarantined > 0) watch.notice("observations were put in quarantine", { batch: batch_id });
  if (withdrawn > 0) watch.notice("values were withdrawn", { batch: batch_id, count: withdrawn });
  if (overtaken > 0) await readAgainSoon(provider, deps);
  return pages;
}

/** The reading knew less than the origin: one that knows as much settles it. If it can't be noted, the next routine sync does. */
async function readAgainSoon(provider: string, { redis, now }: CommitDeps): Promise<void> {
  await redis.send(["HSET", ingestKeyOf(provider), CHANGED_FIELD, now()]).catch(() => undefined);
}

/** Whether the origin will refuse the same again. A token that it does not take is ours to mend, so that is not final. */
export function isRefusal(error: unknown): error is OriginFailure {
  return error instanceof OriginFailure && !error.isTransient && !error.isUnauthorized;
}
