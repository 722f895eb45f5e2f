import type { PlainDate } from "#core/time/dates.ts";
import type { NewEvent } from "./events.ts";
import type { NewObservation, Refused } from "./plan.ts";
import type { Range, Row, SeriesRange } from "./rows.ts";
import type { Kept, Outcome } from "./state.ts";

/** A series' first and last dates, and its highest sequence number. */
export interface Head {
  first: PlainDate;
  last: PlainDate;
  seq: number;
}

/** A value that waits because it moved too far. */
export type Jump = Pick<Kept, "series" | "date" | "value">;

/** What a dialect does within a transaction. */
export interface StoreTransaction {
  /** Keeps other transactions of these series waiting until this one has ended. `series` are sorted, against deadlocks. */
  lock(series: readonly string[]): Promise<void>;
  /** Of those that have rows. */
  heads(series: readonly string[]): Promise<Map<string, Head>>;
  /** In order of date; with the marks of dates that wait. */
  read(range: SeriesRange): Promise<Row[]>;
  /** The rows of the range with a higher sequence number, ascending by it; without marks. */
  readSince(range: SeriesRange, seq: number): Promise<Written<Row>[]>;
  /** The nearest rows before and after the range, at most `limit` of each, in no order. */
  readAround(range: Range, limit: number): Promise<Row[]>;
  /** The rows of these dates, ascending by revision; without marks. */
  readDates(series: readonly string[], dates: readonly PlainDate[]): Promise<Row[]>;
  /** The dates of the range with a value that waits. */
  waitingDates(range: SeriesRange): Promise<Pick<Kept, "series" | "date">[]>;
  /** The rows of the quarantine that are not over: those of the range, and jumps that wait on any date. */
  kept(range: SeriesRange): Promise<Kept[]>;
  /** All jumps that wait from one date to another, of any series. */
  jumpsBetween(from: PlainDate, to: PlainDate): Promise<Jump[]>;
  /** The highest sequence number that was ever given. */
  maxSeq(): Promise<number>;
  /** How many revisions of the series were stored after an instant (RFC 3339). */
  countRevisions(series: string, since: string): Promise<number>;
  /** How many values outside of the range wait as one of many revisions since the request made at this instant (RFC 3339). */
  countHeldOutside(range: Range, fetchedAt: string): Promise<number>;
  /** `at`: RFC 3339, UTC. */
  insert(observations: readonly Written<NewObservation>[], at: string): Promise<void>;
  /** Puts values in quarantine; what was there and over waits again. */
  quarantine(refused: readonly Written<Refused>[], at: string): Promise<void>;
  close(ids: readonly number[], outcome: Outcome, at: string): Promise<void>;
  /** Of each series the highest sequence number of an observation that an event is about, or that is older than events. */
  announced(series: readonly string[]): Promise<Map<string, number>>;
  /** The observations with a higher sequence number, ascending by it. */
  addedSince(series: readonly string[], seq: number): Promise<Written<Row>[]>;
  /** Numbers events and stores them. Until the transaction ends no other one can. */
  appendEvents(events: readonly NewEvent[]): Promise<void>;
}

/** A row to be written, and by which reading. */
export type Written<T> = T & { batchId: string };
