import type { PlainDate } from "#core/dates.ts";
import type { Batch, Commit, Run, Versions } from "#core/internal.ts";
import type { Page } from "#core/page.ts";
import type { Reason } from "./plan.ts";

/**
 * The durable truth. Implementations are chosen by URL and held to one conformance suite.
 *
 * A page's version is the highest sequence number among its observations. Commits of a series come one after the
 * other, so a version only grows, changes whenever the page does, and a higher one is never seen before a lower one.
 * Methods throw whatever the driver throws; nothing of it is meant for clients.
 */
export interface Store {
  /** Brings tables and the list of series up to date. */
  migrate(): Promise<void>;

  /** Resolves where the store answers and its tables are there. */
  ping(): Promise<void>;

  /** One page for each year, ascending; empty where there is no data. */
  pages(series: string, fromYear: number, toYear: number): Promise<Page[]>;

  /** The version of every page that has observations. */
  versions(): Promise<Versions>;

  /** Stores a batch, whole or not at all. The same batch twice, or two at once, changes nothing. `nowMs`: epoch milliseconds. */
  commit(batch: Batch, nowMs: number): Promise<Commit>;

  /** Keeps the record of an attempt at ingestion; the same run twice is kept once. */
  recordRun(run: Run): Promise<void>;

  /** Every value that was ever stored for a date, oldest first. */
  history(series: string, date: PlainDate): Promise<Revision[]>;

  /** What was refused and waits for a person, newest first, at most `limit`. */
  quarantined(limit: number): Promise<Quarantined[]>;

  /** Lets a value that was refused for its jump in when it comes again. False where there is none. */
  release(refused: Pick<Quarantined, "series" | "date" | "value">, nowMs: number): Promise<boolean>;

  /** The attempts at ingestion, newest first, at most `limit`. */
  runs(limit: number): Promise<Run[]>;

  close(): Promise<void>;
}

/** A value as it was known from `observedAt` (RFC 3339, UTC) on. */
export interface Revision {
  revision: number;
  value: string;
  seq: number;
  observedAt: string;
  batchId: string;
}

export interface Quarantined {
  series: string;
  date: PlainDate;
  value: string;
  reason: Reason;
  batchId: string;
  quarantinedAt: string;
}
