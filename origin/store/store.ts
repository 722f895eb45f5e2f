import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/wire/internal.ts";
import type { Selection } from "./commit.ts";
import type { EventLog } from "./event-log.ts";
import type { Decision } from "./release.ts";
import type { Row, SeriesRange } from "./rows.ts";
import type { SqlSession } from "./sql-session.ts";
import type { Reason } from "./state.ts";

/**
 * The durable truth. Implementations are chosen by URL and held to one conformance suite.
 *
 * A page's version is the highest sequence number among its observations. Commits of a series come one after the
 * other, so a version only grows, changes whenever a rate does, and a higher one is never seen before a lower one.
 * Methods throw what the driver throws; none of that is meant for clients.
 */
export interface Store {
  /** Brings tables and the list of series up to date. */
  migrate(): Promise<void>;

  /** Resolves if pages can be read, the database knows its lineage, and every migration has run. */
  ping(): Promise<void>;

  /** How many migrations the database has, and how many this release needs. */
  migrations(): Promise<MigrationCount>;

  /** The state of its connections; undefined for a store that has no pool of them. */
  poolState?(): PoolState | undefined;

  /** One page for each year, ascending; empty where there is no data. */
  pages(series: string, fromYear: number, toYear: number): Promise<Page[]>;

  /**
   * Another number once any page may have changed, by this process or another: what was read since the number became what it is still holds.
   * undefined: this store can't tell without reading the pages.
   */
  readonly pagesRevision?: number | undefined;

  /**
   * Something that is another once any page of a series may have changed, for a fraction of what reading them costs: what
   * was read after a mark still holds while the mark is the same. undefined: this store can't tell.
   */
  pagesMark(series: string): Promise<PagesMark | undefined>;

  /** The version of every page of these series that has observations. */
  versions(series: readonly string[]): Promise<Versions>;

  /** What every page of these series says, and which database this is. */
  digests(series: readonly string[]): Promise<Digests>;

  /** The newest values of a provider. */
  board(provider: Pick<Provider, "id" | "series">): Promise<Board>;

  /** Stores a reading, whole or not at all. The same reading twice, or two at once, changes nothing. `nowMs`: epoch milliseconds. */
  commit(reading: SeriesReading, nowMs: number): Promise<ReadingCommit>;

  /** The same for readings of different series at once: all of them are stored, or none. */
  commitAll(readings: readonly SeriesReading[], nowMs: number): Promise<ReadingCommit>;

  /** Keeps the record of an attempt at ingestion; the same run twice is kept once. */
  recordRun(run: Run): Promise<void>;

  /** The rows of a range that were stored by an instant (epoch milliseconds), in order; without marks of what waits. */
  rowsAsOf(range: SeriesRange, knownAtMs: number): Promise<Row[]>;

  /** Every value that was ever stored for a date, oldest first. */
  history(series: string, date: PlainDate): Promise<Revision[]>;

  /** What was refused or waits, newest first, at most `limit`. */
  quarantined(limit: number): Promise<Quarantined[]>;

  /** How many values wait for a second reading, a later value or a person. */
  countWaiting(): Promise<number>;

  /** Stores what waits, at once. What can't be a rate of its day is never released. */
  release(selection: Selection, nowMs: number): Promise<Decision>;

  /** Takes what waits for wrong, until the provider says something else. */
  dismiss(selection: Selection, nowMs: number): Promise<Decision>;

  /** Declares that the database was restored: a new lineage, whose versions begin above all that were ever given. */
  declareRestored(aboveVersion: number | undefined): Promise<Restored>;

  /** The attempts at ingestion, newest first, at most `limit`. */
  runs(limit: number): Promise<Run[]>;

  /** Runs statements of a part of the platform that has tables of its own, all of them or none. `name`: for logs and metrics. */
  transaction<T>(name: string, work: (session: SqlSession) => Promise<T>): Promise<T>;
  /** What was stored and refused, in the order of commits. */
  readonly events: EventLog;

  close(): Promise<void>;
}

export interface MigrationCount {
  applied: number;
  expected: number;
}

/** Connections to a database, and statements that wait for one. */
/** See Store.pagesMark. */
export interface PagesMark {
  /** The highest sequence number of the series; 0 if it has no rows. */
  version: number;
  /** The version, when its row was stored, and which dates wait in quarantine. */
  text: string;
}

export interface PoolState {
  open: number;
  idle: number;
  waiting: number;
}

/** A value as it was known from `observedAt` (RFC 3339, UTC) on. */
export interface Revision {
  revision: number;
  value: string;
  /** Whether the value was taken back by this revision. */
  withdrawn: boolean;
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

export interface Restored {
  lineage: string;
  /** Every version that is given from now on is higher. */
  aboveVersion: number;
}
