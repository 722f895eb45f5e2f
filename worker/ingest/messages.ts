import { z } from "zod";
import type { Reading } from "#core/banxico.ts";
import { yearOf } from "#core/dates.ts";
import { type Batch, batchSchema, readingSchema } from "#core/internal.ts";
import type { Observation, Page } from "#core/page.ts";
import { findSeries } from "#core/series.ts";
import { pageKeyOf } from "../keys.ts";
import type { IngestQueue } from "./ports.ts";

/** What the queue carries: observations to commit, or pages that are to be published anew from the origin. */

/** Only the queue's consumer writes pages, so that whoever finds some lagging asks it to. */
const republishSchema = z.lazy(() => {
  const year = z.int().min(1900).max(2200);
  return z
    .strictObject({
      republish: z.string().refine((id) => findSeries(id) !== undefined, "must be a known series"),
      from_year: year,
      to_year: year,
    })
    .refine(({ from_year, to_year }) => from_year <= to_year && to_year - from_year < 100, "must be a span of years");
});
export type RepublishRequest = z.infer<typeof republishSchema>;

/** A batch is a message of an older release: the queue and the dead letters may still hold some. */
export const messageSchema = z.union([readingSchema, batchSchema, republishSchema]);
export type Message = z.infer<typeof messageSchema>;

/** A queue takes 100 messages and 256 kB at once; what it adds to each message is allowed for. */
const MOST_MESSAGES_A_SEND = 100;
const MOST_BYTES_A_SEND = 240_000;
const ENVELOPE_BYTES = 200;

/** Pages by Redis key: what is stored already. */
export type StoredPages = ReadonlyMap<string, Page>;

/** The keys of all pages that readings touch. */
export function pagesTouched(readings: readonly Reading[]): { series: string; year: number }[] {
  return readings.flatMap(({ series, observations }) =>
    Array.from(new Set(observations.map(([date]) => yearOf(date))), (year) => ({ series, year })),
  );
}

/**
 * One batch for each series and year in which a reading differs from what is stored, with the observations that do.
 * Its id is made of these and of the version that they differ from: the same finding is the same batch.
 */
export async function splitReadings(
  readings: readonly Reading[],
  stored: StoredPages,
  fetchedAtMs: number,
): Promise<Batch[]> {
  const fetchedAt = new Date(fetchedAtMs).toISOString();
  const batches: Promise<Batch>[] = [];
  for (const { series, observations } of readings) {
    for (const [year, ofYear] of Map.groupBy(observations, ([date]) => yearOf(date))) {
      const page = stored.get(pageKeyOf(series, year));
      const different = differences(ofYear, page);
      if (different.length > 0) batches.push(batchOf(series, year, page?.version ?? 0, different, fetchedAt));
    }
  }
  return await Promise.all(batches);
}

/** Messages of the same lane may touch the same page: they are committed one after the other. */
export function laneOf(body: unknown): string {
  const { series, year, batch_id, republish } = (body ?? {}) as Record<string, unknown>;
  if (typeof series === "string") return `${series}:${year}`;
  // An older release's batch has both in its id only.
  if (typeof batch_id === "string") return batch_id.split(":", 2).join(":");
  return typeof republish === "string" ? republish : "";
}

/** Sends messages in as few calls as the queue allows. */
export async function enqueue(queue: IngestQueue, messages: readonly Message[]): Promise<void> {
  let chunk: { body: Message }[] = [];
  let chunkBytes = 0;
  for (const body of messages) {
    const bytes = new TextEncoder().encode(JSON.stringify(body)).byteLength + ENVELOPE_BYTES;
    if (chunk.length === MOST_MESSAGES_A_SEND || (chunk.length > 0 && chunkBytes + bytes > MOST_BYTES_A_SEND)) {
      await queue.sendBatch(chunk);
      chunk = [];
      chunkBytes = 0;
    }
    chunk.push({ body });
    chunkBytes += bytes;
  }
  if (chunk.length > 0) await queue.sendBatch(chunk);
}

function differences(observations: readonly Observation[], page: Page | undefined): readonly Observation[] {
  if (!page) return observations;
  const values = new Map(page.observations);
  return observations.filter(([date, value]) => values.get(date) !== value);
}

async function batchOf(
  series: string,
  year: number,
  version: number,
  observations: readonly Observation[],
  fetchedAt: string,
): Promise<Batch> {
  const content = observations.map((observation) => observation.join("=")).join(";");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content)));
  const hash = Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    batch_id: `${series}:${year}:${version}:${hash}`,
    provider: "banxico",
    fetched_at: fetchedAt,
    observations: observations.map(([date, value]) => ({ series, date, value })),
  };
}
