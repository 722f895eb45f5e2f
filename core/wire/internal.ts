import { z } from "zod";
import { type Board, isBoard } from "../pages/board.ts";
import { FIRST_PROVIDER } from "../providers/provider-list.ts";
import { isPage, type Page } from "../rates/page.ts";
import { isPlainDate } from "../time/dates.ts";

/** What the client's Authorization header becomes between edge and origin, whose own token has that header. */
export const CLIENT_AUTHORIZATION_HEADER = "Paridad-Authorization";

/**
 * The contract between edge and origin: everything sent over /internal, validated on both sides. Schemas are built on
 * first use (z.lazy): few isolates ever ingest.
 */

export const providerId = z.lazy(() =>
  z
    .string()
    .max(20)
    .regex(/^[a-z][a-z-]*$/, "must be a provider's id"),
);
export const seriesId = z.lazy(() =>
  z
    .string()
    .max(40)
    .regex(/^[a-z][a-z-]*(\.[A-Za-z0-9]+){1,2}$/, "must be {provider}.{id}"),
);
export const plainDate = z.lazy(() => z.string().refine(isPlainDate, "must be a date that exists, YYYY-MM-DD"));
export const timestamp = z.lazy(() => z.iso.datetime());
export const count = z.lazy(() => z.int().min(0));

export const pageSchema = z.custom<Page>(isPage, "must be a page");

/** By "trouble" in this header the origin says that its database is degraded, so that the edge reads less from it. */
export const DATABASE_HEADER = "Paridad-Database";

/** A page of one series and year needs 366. */
export const MAX_OBSERVATIONS_PER_BATCH = 1_000;

/** What one queue message holds, and what the origin commits in one transaction. Values are checked by core/ingest/review. */
export const batchSchema = z.lazy(() =>
  z.strictObject({
    batch_id: z.string().min(1).max(100),
    // An origin of the release that takes batches knows no other.
    provider: z.literal(FIRST_PROVIDER.id),
    fetched_at: timestamp,
    observations: z
      .array(z.strictObject({ series: seriesId, date: plainDate, value: z.string().min(1).max(32) }))
      .min(1)
      .max(MAX_OBSERVATIONS_PER_BATCH),
  }),
);
export type Batch = z.infer<typeof batchSchema>;

export const commitSchema = z.lazy(() =>
  z.strictObject({
    accepted: count,
    unchanged: count,
    revised: count,
    quarantined: count,
    /** Every page that the batch touches, as it is after the commit, changed or not. */
    pages: z.array(pageSchema),
  }),
);
export type Commit = z.infer<typeof commitSchema>;

/**
 * What one reading of a provider says about one series in one year: the body of a queue message and of
 * POST /internal/readings, committed in one transaction. The origin finds the differences; the edge does not.
 */
export const readingSchema = z.lazy(() =>
  z
    .strictObject({
      batch_id: z.string().min(1).max(100),
      provider: providerId,
      /** When the request was sent, by the edge's clock. For the record only: order follows `based_on`. */
      fetched_at: timestamp,
      series: seriesId,
      year: z.int().min(1900).max(2200),
      /** The dates for which the response was whole: what is stored in them and not listed here was withdrawn. */
      complete: z.strictObject({ from: plainDate, to: plainDate }).nullable(),
      /** The highest version of the series known before the request was sent; null if unknown. */
      based_on: count.nullable(),
      observations: z.array(z.tuple([plainDate, z.string().min(1).max(32)])).max(MAX_OBSERVATIONS_PER_BATCH),
    })
    .refine(({ year, observations }) => observations.every(([date]) => date.startsWith(`${year}-`)), {
      path: ["observations"],
      error: "must all be of the year",
    }),
);
export type SeriesReading = z.infer<typeof readingSchema>;

export const readingCommitSchema = z.lazy(() =>
  z.strictObject({
    accepted: count,
    unchanged: count,
    revised: count,
    withdrawn: count,
    /** Values that wait in quarantine after this commit, for confirmation or for a person. */
    quarantined: count,
    /** Values that differ from a revision newer than `based_on`: not stored, to be read again soon. */
    overtaken: count,
    /** The page that the reading touches, as it is after the commit. */
    pages: z.array(pageSchema),
  }),
);
export type ReadingCommit = z.infer<typeof readingCommitSchema>;

/** A provider's day, with 1.2 MB of pages in the response. */
export const MAX_READINGS = 200;
export const MAX_OBSERVATIONS_OF_READINGS = 3_000;

/**
 * Readings of different series, e.g. a provider's day: another body of POST /internal/readings, committed in one
 * transaction, each reading judged by itself. The response is a readingCommit with the sums and all pages. An origin that
 * refuses the whole for one of them, or because it takes fewer (400), takes the others in parts.
 */
export const readingsSchema = z.lazy(() =>
  z.strictObject({
    readings: z
      .array(readingSchema)
      .min(1)
      .max(MAX_READINGS)
      .refine((readings) => new Set(readings.map(({ series }) => series)).size === readings.length, {
        error: "must be of different series",
      })
      .refine(
        (readings) =>
          readings.reduce((sum, { observations }) => sum + observations.length, 0) <= MAX_OBSERVATIONS_OF_READINGS,
        { error: `must have at most ${MAX_OBSERVATIONS_OF_READINGS} observations in all` },
      ),
  }),
);
export type SeriesReadings = z.infer<typeof readingsSchema>;

/** By how much `npm run restored` lets versions leap: far more than a database takes in between two backups. */
export const RESTORED_JUMP = 1_000_000;

/** What the origin holds, page by page: GET /internal/digests?series=a,b, and without parameters for older edges. */
export const digestsSchema = z.lazy(() =>
  z.strictObject({
    /** Identifies the database: a new one, or one declared restored from a backup, has another. */
    lineage: z.string().min(1).max(40),
    /** The highest sequence number ever used. A replica with a higher version is ahead of this database. */
    max_seq: count,
    /** series → year → version and digest (core/rates/page) of every page that is not empty. */
    pages: z.record(
      seriesId,
      z.record(
        z.string().regex(/^\d{4}$/),
        // 0: only values that wait.
        z.strictObject({ version: count, digest: z.string().max(40) }),
      ),
    ),
  }),
);
export type Digests = z.infer<typeof digestsSchema>;

/**
 * What the origin holds of some providers: GET /internal/digests?providers=a,b. Compared once an hour, it says which
 * series differ; these are then compared page by page, by GET /internal/digests?series=.
 */
export const digestSummarySchema = z.lazy(() =>
  z.strictObject({
    lineage: z.string().min(1).max(40),
    max_seq: count,
    /** Pages of this year and later have a digest apart from those of the years before. */
    recent_from: z.int(),
    /** series → digests of its past and of its recent pages (core/pages/series-digests); null where there are none. */
    series: z.record(seriesId, z.tuple([z.string().max(40).nullable(), z.string().max(40).nullable()])),
  }),
);
export type DigestSummary = z.infer<typeof digestSummarySchema>;

export const boardSchema = z.custom<Board>(isBoard, "must be a board");

/** series → year → version of every page that has observations. */
export const versionsSchema = z.lazy(() =>
  z.strictObject({
    versions: z.record(seriesId, z.record(z.string().regex(/^\d{4}$/), z.int().positive())),
  }),
);
export type Versions = z.infer<typeof versionsSchema>["versions"];

/** One attempt at ingestion, kept for the record. */
export const runSchema = z.lazy(() =>
  z.strictObject({
    run_id: z.string().min(1).max(100),
    provider: providerId,
    // latest, reconcile and history come from an older release's edge.
    kind: z.enum(["sync", "audit", "replay", "latest", "reconcile", "history"]),
    started_at: timestamp,
    ended_at: timestamp,
    outcome: z.enum(["ok", "nothing_new", "failed", "rate_limited", "refused"]),
    requests: count,
    observations: count,
    queued: count,
    error: z.string().max(300).nullable(),
  }),
);
export type Run = z.infer<typeof runSchema>;

/** What is known of the edge and counted or alerted on: the origin logs it as metrics. Older origins refuse newer kinds. */
export const edgeEventSchema = z.lazy(() =>
  z.discriminatedUnion("event", [
    z.strictObject({
      event: z.enum(["breaker", "dead_letters", "freshness", "corrupt_page", "ingest_failed", "store_behind"]),
      name: z.string().max(60),
      detail: z.string().max(300),
      at: timestamp,
    }),
    /** What readers got from the worker within one minute. */
    z.strictObject({
      event: z.literal("edge_minute"),
      /** When the minute began. */
      at: timestamp,
      requests: count,
      /** Responses with status 5xx. */
      errors: count,
      rate_limited: count,
      /** Responses that took longer than the latency objective. */
      slow: count,
      /** Null if there was no request. */
      p95_ms: count.nullable(),
      /** Reads of pages, and those of them that needed no call to the origin. */
      page_reads: count,
      cached_page_reads: count,
    }),
  ]),
);
export type EdgeEvent = z.infer<typeof edgeEventSchema>;
export type EdgeMinute = Extract<EdgeEvent, { event: "edge_minute" }>;
/** Something that happened at the edge. */
export type EdgeIncident = Exclude<EdgeEvent, EdgeMinute>;
