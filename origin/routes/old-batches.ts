import type { Page } from "#core/rates/page.ts";
import type { Batch, Commit, SeriesReading } from "#core/wire/internal.ts";
import type { Store } from "../store/store.ts";

/**
 * POST /internal/observations, as called by workers of the release before readings. They send only what differs from
 * Redis, so a batch never withdraws a value. To be removed one release later.
 */

/** `{series}:{year}:{version that the batch differs from}:{hash}`. */
const BATCH_ID = /^[a-z]+\.[A-Z0-9]+:\d{4}:(\d{1,15}):[0-9a-f]{24}$/;

/** Commits a batch as one reading for each series and year in it, and responds in the old shape. */
export async function commitBatch(store: Pick<Store, "commit">, batch: Batch, nowMs: number): Promise<Commit> {
  const commit = { accepted: 0, unchanged: 0, revised: 0, quarantined: 0 };
  const pages = new Map<string, Page>();
  for (const reading of readingsOf(batch)) {
    const { accepted, unchanged, revised, quarantined, pages: touched } = await store.commit(reading, nowMs);
    commit.accepted += accepted;
    commit.unchanged += unchanged;
    commit.revised += revised;
    commit.quarantined += quarantined;
    for (const page of touched) pages.set(`${page.series}:${page.year}`, page);
  }
  // The old contract has no pages with only withdrawn dates.
  const known = [...pages.values()].filter(({ observations, version }) => observations.length > 0 || version === 0);
  return { ...commit, pages: known };
}

function readingsOf({ batch_id, provider, fetched_at, observations }: Batch): SeriesReading[] {
  const version = BATCH_ID.exec(batch_id)?.[1];
  const based_on = version === undefined ? null : Number(version);
  const pages = Map.groupBy(observations, ({ series, date }) => `${series}:${date.slice(0, 4)}`);
  return Array.from(pages.values(), (ofPage) => {
    const { series, date } = ofPage[0] as (typeof ofPage)[number];
    return {
      batch_id,
      provider,
      fetched_at,
      series,
      year: Number(date.slice(0, 4)),
      complete: null,
      based_on,
      observations: ofPage.map((one) => [one.date, one.value]),
    };
  });
}
