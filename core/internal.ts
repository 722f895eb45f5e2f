import { z } from "zod";
import { isPlainDate } from "./dates.ts";
import { isPage, type Page } from "./page.ts";

/**
 * The contract between edge and origin: what goes over /internal, validated on both sides. Schemas are made when first
 * used (z.lazy): of the isolates that answer readers, few ever ingest.
 */

const seriesId = z.lazy(() =>
  z
    .string()
    .max(40)
    .regex(/^[a-z]+\.[A-Z0-9]+$/, "must be {provider}.{id}"),
);
const plainDate = z.lazy(() => z.string().refine(isPlainDate, "must be a date that exists, YYYY-MM-DD"));
const timestamp = z.lazy(() => z.iso.datetime());
const count = z.lazy(() => z.int().min(0));

export const pageSchema = z.custom<Page>(isPage, "must be a page");

/** At most this many observations a batch; a page of one series and year needs 366. */
export const MOST_OBSERVATIONS_A_BATCH = 1_000;

/** What one queue message holds, and what the origin commits in one transaction. Values are checked by core/review. */
export const batchSchema = z.lazy(() =>
  z.strictObject({
    batch_id: z.string().min(1).max(100),
    provider: z.literal("banxico"),
    fetched_at: timestamp,
    observations: z
      .array(z.strictObject({ series: seriesId, date: plainDate, value: z.string().min(1).max(32) }))
      .min(1)
      .max(MOST_OBSERVATIONS_A_BATCH),
  }),
);
export type Batch = z.infer<typeof batchSchema>;

export const commitSchema = z.lazy(() =>
  z.strictObject({
    accepted: count,
    unchanged: count,
    revised: count,
    quarantined: count,
    /** Every page that the batch touches, as it stands after the commit, whether or not it changed. */
    pages: z.array(pageSchema),
  }),
);
export type Commit = z.infer<typeof commitSchema>;

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
    provider: z.literal("banxico"),
    kind: z.enum(["latest", "reconcile", "history", "audit", "replay"]),
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

/** Something that happened at the edge and that operators count or are woken by: the origin logs it as a metric. */
export const edgeEventSchema = z.lazy(() =>
  z.strictObject({
    event: z.enum(["breaker", "dead_letters", "freshness", "corrupt_page", "ingest_failed"]),
    name: z.string().max(60),
    detail: z.string().max(300),
    at: timestamp,
  }),
);
export type EdgeEvent = z.infer<typeof edgeEventSchema>;
