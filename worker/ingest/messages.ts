import { z } from "zod";
import { completeRange, intersection } from "#core/ingest/completeness.ts";
import { contentHash } from "#core/ops/hash.ts";
import { type DateRange, type Moment, type Provider, type SeriesData, seriesIn } from "#core/providers/provider.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import type { Page } from "#core/rates/page.ts";
import { earlier, later, type PlainDate, yearOf, yearsBetween } from "#core/time/dates.ts";
import { announcedLatest } from "#core/time/publication.ts";
import { dateIn } from "#core/time/zones.ts";
import {
  batchSchema,
  MAX_OBSERVATIONS_OF_READINGS,
  MAX_READINGS,
  readingSchema,
  readingsSchema,
  type SeriesReading,
  type SeriesReadings,
} from "#core/wire/internal.ts";
import { pollSchema } from "#core/wire/polls.ts";
import type { IngestQueue } from "./ports.ts";

/** What the queue carries: what readings say of series, each in one year, or pages to publish again from the origin. */

/** Only the queue's consumer writes pages: who finds one lagging asks it to. */
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
export const messageSchema = z.union([readingSchema, readingsSchema, pollSchema, batchSchema, republishSchema]);
export type Message = z.infer<typeof messageSchema>;

/** A queue takes 100 messages and 256 kB at once; what it adds to each message is allowed for. */
const MAX_MESSAGES_PER_SEND = 100;
const MAX_BYTES_PER_SEND = 240_000;
const ENVELOPE_BYTES = 200;

/** Pages by Redis key: what is stored already. */
export type StoredPages = ReadonlyMap<string, Page>;

/** What was known when the request for a reading went out. */
export interface ReadingFacts {
  /** The dates asked for; null if the response holds the newest observations only. */
  range: DateRange | null;
  /** Whether several responses make up the range. */
  isInPieces: boolean;
  fetchedAtMs: number;
  provider: Provider;
  /** The highest published version of each series; empty if nothing is remembered. */
  versions: Readonly<Record<string, number>>;
}

/** One reading for each year of what was read of a series; years of which the response says nothing are left out. */
export function readingsOf(
  { series: id, observations: published, complete: vouched }: SeriesData,
  facts: ReadingFacts,
): SeriesReading[] {
  const series = seriesIn(facts.provider, id);
  const observations = published.map(([moment, value]) => [dateOf(moment, facts.provider), value] as const);
  if (observations.length === 0 || series === undefined) return [];
  const { publication = facts.provider.publication } = series;
  const range = facts.range && intersection(facts.range, { from: series.since, to: series.until ?? facts.range.to });
  const { isInPieces } = facts;
  const announced = announcedLatest(publication, facts.fetchedAtMs);
  const byYear = Map.groupBy(observations, ([date]) => yearOf(date));
  const years = range ? yearsBetween(range.from, range.to) : [...byYear.keys()];
  const fetchedAt = new Date(facts.fetchedAtMs).toISOString();
  return years.flatMap((year) => {
    const ofYear = byYear.get(year) ?? [];
    const asked = range && withinYear(range, year);
    const coverage = { vouched, publication, announced, isInPieces };
    // An adapter that vouches for nothing has left out what it could not read.
    const complete = asked && vouched && completeRange(ofYear, { ...coverage, asked });
    if (ofYear.length === 0 && complete === null) return [];
    return {
      batch_id: `${id}:${year}:${facts.fetchedAtMs}:${contentHash(JSON.stringify([ofYear, complete]))}`,
      provider: facts.provider.id,
      fetched_at: fetchedAt,
      series: id,
      year,
      complete,
      based_on: facts.versions[id] ?? null,
      observations: ofYear.map(([date, value]): [string, string] => [date, value]),
    };
  });
}

/** Providers with more series have their readings sent together. */
const MAX_SERIES_SENT_ALONE = 20;
/** What a consumer of the release before takes, and far from what a message may hold. */
const MAX_READINGS_PER_MESSAGE = 40;

/**
 * The messages for readings of one provider: of many series together. Of a long history the newest years are first. Of two years
 * the older is: what it revises too often makes the first values of the new one doubtful.
 */
export function messagesOf(readings: readonly SeriesReading[], { series }: Provider): Message[] {
  if (series.length <= MAX_SERIES_SENT_ALONE) return [...readings];
  const areTwoYears = new Set(readings.map(({ year }) => year)).size === 2;
  const sorted = readings.toSorted((a, b) => (areTwoYears ? a.year - b.year : b.year - a.year));
  const messages: SeriesReadings[] = [];
  let observations = 0;
  for (const reading of sorted) {
    const last = messages.at(-1)?.readings;
    observations += reading.observations.length;
    const isFull = last?.length === MAX_READINGS_PER_MESSAGE || observations > MAX_OBSERVATIONS_OF_READINGS;
    if (last && !isFull && !last.some((other) => other.series === reading.series)) last.push(reading);
    else {
      messages.push({ readings: [reading] });
      observations = reading.observations.length;
    }
  }
  return messages;
}

/** The readings of a message, if it has any. */
export function readingsIn(message: Message): readonly SeriesReading[] {
  if ("readings" in message) return message.readings;
  return "series" in message ? [message] : [];
}

/** Both messages' readings as one message, if these are of many series that the origin takes at once. */
export function joinedMessage(first: Message, second: Message): SeriesReadings | undefined {
  if (!("readings" in first && "readings" in second)) return undefined;
  const readings = [...first.readings, ...second.readings];
  const observations = readings.reduce((sum, one) => sum + one.observations.length, 0);
  const isTaken =
    readings.length <= MAX_READINGS &&
    observations <= MAX_OBSERVATIONS_OF_READINGS &&
    new Set(readings.map(({ series }) => series)).size === readings.length;
  return isTaken ? { readings } : undefined;
}

/**
 * Messages of the same lane are committed one after the other, as they came: they may touch the same page, and a series' old
 * year decides how its new one is judged.
 */
export function laneOf(body: unknown): string {
  const { series, batch_id, republish, readings, poll } = (body ?? {}) as Record<string, unknown>;
  if (typeof series === "string") return series;
  // An older release's batch has its series in its id only.
  if (typeof batch_id === "string") return batch_id.split(":", 1).join();
  if (typeof poll === "object") return `poll:${(poll as { provider?: unknown } | null)?.provider}`;
  // Those of one provider: they lock the same series in any case.
  if (Array.isArray(readings)) return String(readings[0]?.provider);
  return typeof republish === "string" ? republish : "";
}

/** Sends messages in as few calls as the queue allows. */
export async function enqueue(queue: IngestQueue, messages: readonly Message[]): Promise<void> {
  let chunk: { body: Message }[] = [];
  let chunkBytes = 0;
  for (const body of messages) {
    const bytes = new TextEncoder().encode(JSON.stringify(body)).byteLength + ENVELOPE_BYTES;
    if (chunk.length === MAX_MESSAGES_PER_SEND || (chunk.length > 0 && chunkBytes + bytes > MAX_BYTES_PER_SEND)) {
      await queue.sendBatch(chunk);
      chunk = [];
      chunkBytes = 0;
    }
    chunk.push({ body });
    chunkBytes += bytes;
  }
  if (chunk.length > 0) await queue.sendBatch(chunk);
}

/** The date of a value, also if its provider says the instant. */
function dateOf(moment: Moment, { publication }: Provider): PlainDate {
  return moment.includes("T") ? dateIn(publication.zone, Date.parse(moment)) : moment;
}

function withinYear({ from, to }: DateRange, year: number): DateRange {
  return { from: later(from, `${year}-01-01`), to: earlier(to, `${year}-12-31`) };
}
