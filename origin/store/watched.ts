import { ApiFailure } from "#core/api/failure.ts";
import { withDeadline } from "#core/ops/deadline.ts";
import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/wire/internal.ts";
import { errorFields, type Log } from "../ops/log.ts";
import type { Selection } from "./commit.ts";
import type { EventLog } from "./event-log.ts";
import type { Decision } from "./release.ts";
import type { Row, SeriesRange } from "./rows.ts";
import type { SqlSession } from "./sql-session.ts";
import type { MigrationCount, PagesMark, Quarantined, Restored, Revision, Store } from "./store.ts";

/** The store did not do what it was asked, for a reason that is in the log. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";

  constructor(operation: string, cause: unknown) {
    super(`the store failed at ${operation}`, { cause });
  }
}

export interface Deadlines {
  readMs: number;
  writeMs: number;
}

/** Readers at the edge give a first attempt 900 ms and a commit 10 s: we are to fail before they stop waiting. */
export const DEADLINES: Deadlines = { readMs: 800, writeMs: 9_000 };

/** Learns of every call that has ended. */
export type OnCall = (operation: string, isOk: boolean, durationMs: number) => void;

/** A store that answers in time or fails, logs its failures, and knows whether it is in trouble. */
export class WatchedStore implements Store {
  readonly events: EventLog;
  readonly #store: Store;
  readonly #log: Log;
  readonly #deadlines: Deadlines;
  readonly #onCall: OnCall;
  #isInTrouble = false;

  constructor(store: Store, log: Log, deadlines: Deadlines = DEADLINES, onCall: OnCall = () => undefined) {
    this.#store = store;
    this.#log = log;
    this.#deadlines = deadlines;
    this.#onCall = onCall;
    const { events } = store;
    this.events = {
      read: (query) => this.#read("events", () => events.read(query)),
      cursor: (consumer) => this.#read("cursor", () => events.cursor(consumer)),
      latest: () => this.#read("latestEvent", () => events.latest()),
      lag: (nowMs) => this.#read("eventLag", () => events.lag(nowMs)),
      moveCursor: (...move) => this.#write("moveCursor", () => events.moveCursor(...move)),
      setCursor: (...move) => this.#write("setCursor", () => events.setCursor(...move)),
    };
  }

  /** Whether the last call failed. */
  get isInTrouble(): boolean {
    return this.#isInTrouble;
  }

  migrate(): Promise<void> {
    return this.#store.migrate();
  }

  ping(): Promise<void> {
    return this.#read("ping", () => this.#store.ping());
  }

  migrations(): Promise<MigrationCount> {
    return this.#read("migrations", () => this.#store.migrations());
  }

  pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    return this.#read("pages", () => this.#store.pages(series, fromYear, toYear));
  }

  /** undefined also if the store fails: then age decides how long pages hold. */
  get pagesRevision(): number | undefined {
    try {
      return this.#store.pagesRevision;
    } catch {
      return undefined;
    }
  }

  pagesMark(series: string): Promise<PagesMark | undefined> {
    return this.#read("pagesMark", () => this.#store.pagesMark(series));
  }

  versions(series: readonly string[]): Promise<Versions> {
    return this.#read("versions", () => this.#store.versions(series));
  }

  /** The first time, every page is read. */
  digests(series: readonly string[]): Promise<Digests> {
    return this.#write("digests", () => this.#store.digests(series));
  }

  board(provider: Pick<Provider, "id" | "series">): Promise<Board> {
    return this.#read("board", () => this.#store.board(provider));
  }

  commit(reading: SeriesReading, nowMs: number): Promise<ReadingCommit> {
    return this.#write("commit", () => this.#store.commit(reading, nowMs));
  }

  commitAll(readings: readonly SeriesReading[], nowMs: number): Promise<ReadingCommit> {
    return this.#write("commit", () => this.#store.commitAll(readings, nowMs));
  }

  recordRun(run: Run): Promise<void> {
    return this.#write("recordRun", () => this.#store.recordRun(run));
  }

  rowsAsOf(range: SeriesRange, knownAtMs: number): Promise<Row[]> {
    return this.#read("rowsAsOf", () => this.#store.rowsAsOf(range, knownAtMs));
  }

  history(series: string, date: PlainDate): Promise<Revision[]> {
    return this.#read("history", () => this.#store.history(series, date));
  }

  quarantined(limit: number): Promise<Quarantined[]> {
    return this.#read("quarantined", () => this.#store.quarantined(limit));
  }

  countWaiting(): Promise<number> {
    return this.#read("countWaiting", () => this.#store.countWaiting());
  }

  release(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#write("release", () => this.#store.release(selection, nowMs));
  }

  dismiss(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#write("dismiss", () => this.#store.dismiss(selection, nowMs));
  }

  declareRestored(aboveVersion: number | undefined): Promise<Restored> {
    return this.#write("declareRestored", () => this.#store.declareRestored(aboveVersion));
  }

  runs(limit: number): Promise<Run[]> {
    return this.#read("runs", () => this.#store.runs(limit));
  }

  transaction<T>(name: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#write(name, () => this.#store.transaction(name, work));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #read<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.#watch(operation, this.#deadlines.readMs, work);
  }

  #write<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.#watch(operation, this.#deadlines.writeMs, work);
  }

  async #watch<T>(operation: string, deadlineMs: number, work: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      const result = await withDeadline(work(), deadlineMs, operation);
      this.#isInTrouble = false;
      this.#onCall(operation, true, performance.now() - startMs);
      return result;
    } catch (error) {
      // A refused request rolls its transaction back, and is no failure of the store.
      if (error instanceof ApiFailure) throw error;
      this.#isInTrouble = true;
      this.#onCall(operation, false, performance.now() - startMs);
      this.#log("store_failed", { operation, ...errorFields(error) });
      throw new StoreUnavailable(operation, error);
    }
  }
}
