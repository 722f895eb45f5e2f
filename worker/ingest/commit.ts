import type { Batch, SeriesReading } from "#core/internal.ts";
import type { Page } from "#core/page.ts";
import { OriginFailure } from "../origin.ts";
import type { IngestDeps, Watch } from "./ports.ts";

type CommitDeps = Pick<IngestDeps, "origin">;

/** Stores a reading, or an older release's batch, at the origin; returns the pages that it touches. */
export async function commitMessage(message: SeriesReading | Batch, deps: CommitDeps, watch: Watch): Promise<Page[]> {
  const { pages, quarantined } =
    "series" in message ? await commitReading(message, deps) : await deps.origin.commit(message);
  if (quarantined > 0) watch.notice("observations were put in quarantine", { batch: message.batch_id });
  return pages;
}

/** An origin that is not yet updated has no readings: it takes the values, and withdraws none. */
async function commitReading(reading: SeriesReading, { origin }: CommitDeps) {
  try {
    return await origin.commitReading(reading);
  } catch (error) {
    if (!(error instanceof OriginFailure) || error.status !== 404) throw error;
  }
  const { batch_id, fetched_at, series, year, observations } = reading;
  if (observations.length === 0) return { pages: await origin.pages(series, year, year), quarantined: 0 };
  const values = observations.map(([date, value]) => ({ series, date, value }));
  return await origin.commit({ batch_id, provider: "banxico", fetched_at, observations: values });
}
