import { and, asc, between, count, desc, eq, isNull, lte, max, sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/sqlite-proxy/migrator";
import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/wire/internal.ts";
import { expectedMigrations, migrationsFolder, requireMigrations } from "../migrations.ts";
import { BoardCache } from "./board.ts";
import { commitReadings, type Selection } from "./commit.ts";
import { DigestCache, type DigestSource, digestsOf } from "./digests.ts";
import { type EventLog, StoredEvents } from "./event-log.ts";
import { eventStatements } from "./events-sqlite.ts";
import { LINEAGE, newLineage } from "./lineage.ts";
import { isInJson } from "./many-values.ts";
import { PageCache } from "./page-cache.ts";
import { pagesOfRows } from "./page-rows.ts";
import { Queue } from "./queue.ts";
import { SERIES_ROWS } from "./registry.ts";
import { type Decision, dismissWaiting, releaseWaiting } from "./release.ts";
import { declareRestoredIn } from "./restored-sqlite.ts";
import { inOrder, type Row, type SeriesRange, versionsOf, yearRange } from "./rows.ts";
import { ingestRuns, observations, quarantine, series, storeMeta } from "./schema.sqlite.ts";
import { type SqlSession, sqlSession } from "./sql-session.ts";
import { openSqlite, type Sqlite, type SqliteReads } from "./sqlite-database.ts";
import { readPageRows, readPagesMark } from "./sqlite-pages.ts";
import { isWaiting, ROW } from "./sqlite-rows.ts";
import { rawSession, readHeads, readMeta, type SqliteSession, transactionOf } from "./sqlite-transaction.ts";
import { chunksOf } from "./state.ts";
import type { MigrationCount, PagesMark, Quarantined, Restored, Revision, Store } from "./store.ts";
import type { StoreTransaction } from "./transaction.ts";

const YEAR = sql<string>`substr(${observations.date}, 1, 4)`;

/** The store in a file of the origin's own (node:sqlite), for one instance. What it shares with MySqlStore in shape is drizzle's price. */
export class SqliteStore implements Store {
  readonly #db: Sqlite;
  readonly #reads: SqliteReads;
  readonly #close: () => void;
  /** There is one connection: anything between the statements of a transaction would be part of it. */
  readonly #queue = new Queue();
  readonly #digests = new DigestCache();
  readonly #cache = new PageCache();
  readonly #boards = new BoardCache();
  readonly #onPageChange = () => void this.#pagesRevision++;
  #pagesRevision = 0;
  #dataVersion = 0;
  #lookedAtMs = -1;

  readonly events: EventLog;

  readonly #digestSource: DigestSource = {
    heads: (series) => this.#queue.run(() => readHeads(this.#db, series)),
    prints: (series) => {
      const { seriesId, seq, value, withdrawn } = observations;
      const fields = {
        series: seriesId,
        year: YEAR,
        version: max(seq).mapWith(Number),
        rows: sql<string>`count(*) || ' ' || sum(${value} * ${seq}) || ' ' || sum(${withdrawn} * ${seq})`,
      };
      return this.#queue.run(async () =>
        this.#db.select(fields).from(observations).where(isInJson(seriesId, series)).groupBy(seriesId, YEAR),
      );
    },
    waiting: () =>
      this.#queue.run(async () =>
        this.#db
          .select({ series: quarantine.seriesId, date: quarantine.date })
          .from(quarantine)
          .where(isWaiting)
          .orderBy(asc(quarantine.seriesId), asc(quarantine.date)),
      ),
    pages: this.pages.bind(this),
    forget: (key) => this.#cache.forget(key),
  };

  /** `path`: a file's, or ":memory:". Throws where it can't be opened. */
  constructor(path: string) {
    const { db, reads, close } = openSqlite(path);
    this.#db = db;
    this.#reads = reads;
    this.#close = close;
    this.events = new StoredEvents(eventStatements(db, (work) => this.#queue.run(work)));
  }

  migrate(): Promise<void> {
    return this.#write(async (tx) => {
      const run = async (statements: string[]) => {
        for (const statement of statements) await tx.run(sql.raw(statement));
      };
      await migrate(this.#db, run, { migrationsFolder: migrationsFolder("sqlite") });
      for (const rows of chunksOf(SERIES_ROWS))
        await tx
          .insert(series)
          .values(rows)
          .onConflictDoUpdate({ target: series.id, set: { base: sql`excluded.base`, quote: sql`excluded.quote` } });
      await tx.insert(storeMeta).values({ name: LINEAGE, value: newLineage() }).onConflictDoNothing();
    });
  }

  async ping(): Promise<void> {
    await this.#queue.run(async () => {
      readPageRows(this.#reads, yearRange("", 1900, 1900));
      await readMeta(this.#db);
    });
    requireMigrations(await this.migrations());
  }

  async migrations(): Promise<MigrationCount> {
    const [row] = await this.#queue.run(() =>
      this.#db.values<[number]>(sql`SELECT count(*) FROM __drizzle_migrations`),
    );
    return { applied: Number(row?.[0]), expected: expectedMigrations("sqlite") };
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    const rows = await this.#queue.run(async () => readPageRows(this.#reads, yearRange(series, fromYear, toYear)));
    return pagesOfRows(series, fromYear, toYear, rows);
  }

  /** Others' commits are looked for once a millisecond: under load that would be a tenth of a response's cost. */
  get pagesRevision(): number {
    const atMs = Math.floor(performance.now());
    if (atMs === this.#lookedAtMs) return this.#pagesRevision;
    this.#lookedAtMs = atMs;
    const dataVersion = this.#reads.dataVersion();
    if (dataVersion !== this.#dataVersion) this.#pagesRevision++;
    this.#dataVersion = dataVersion;
    return this.#pagesRevision;
  }

  pagesMark(series: string): Promise<PagesMark> {
    return this.#queue.run(async () => readPagesMark(this.#reads, series));
  }

  async versions(series: readonly string[]): Promise<Versions> {
    const fields = { series: observations.seriesId, year: YEAR, version: max(observations.seq).mapWith(Number) };
    const isOf = isInJson(observations.seriesId, series);
    const rows = await this.#queue.run(() =>
      this.#db.select(fields).from(observations).where(isOf).groupBy(observations.seriesId, YEAR),
    );
    return versionsOf(rows);
  }

  async digests(series: readonly string[]): Promise<Digests> {
    const meta = await this.#queue.run(() => readMeta(this.#db));
    return digestsOf(meta, await this.#digests.read(this.#digestSource, series));
  }

  board(provider: Pick<Provider, "id" | "series">): Promise<Board> {
    return this.#transact((tx) => this.#boards.read(tx, provider));
  }

  commit(reading: SeriesReading, nowMs: number): Promise<ReadingCommit> {
    return this.commitAll([reading], nowMs);
  }

  commitAll(readings: readonly SeriesReading[], nowMs: number): Promise<ReadingCommit> {
    return commitReadings({ transact: (work) => this.#transact(work), cache: this.#cache }, readings, nowMs);
  }

  async recordRun({ run_id, started_at, ended_at, ...rest }: Run): Promise<void> {
    const at = (text: string) => new Date(text).toISOString();
    const row = { runId: run_id, startedAt: at(started_at), endedAt: at(ended_at), ...rest };
    await this.#queue.run(async () => this.#db.insert(ingestRuns).values(row).onConflictDoNothing());
  }

  async rowsAsOf({ series, from, to }: SeriesRange, knownAtMs: number): Promise<Row[]> {
    const { seriesId, date, observedAt } = observations;
    const isOf = and(isInJson(seriesId, series), between(date, from, to));
    const isKnown = lte(observedAt, new Date(knownAtMs).toISOString());
    return inOrder(
      await this.#queue.run(async () => this.#db.select(ROW).from(observations).where(and(isOf, isKnown))),
    );
  }

  history(series: string, date: PlainDate): Promise<Revision[]> {
    const { revision, value, withdrawn, seq, observedAt, batchId } = observations;
    return this.#queue.run(async () =>
      this.#db
        .select({ revision, value, withdrawn, seq, observedAt, batchId })
        .from(observations)
        .where(and(eq(observations.seriesId, series), eq(observations.date, date)))
        .orderBy(asc(revision)),
    );
  }

  async quarantined(limit: number): Promise<Quarantined[]> {
    const { seriesId, date, value, reason, batchId, quarantinedAt } = quarantine;
    const rows = await this.#queue.run(async () =>
      this.#db
        .select({ series: seriesId, date, value, reason, batchId, quarantinedAt })
        .from(quarantine)
        .where(and(isNull(quarantine.closedAt), isNull(quarantine.releasedAt)))
        .orderBy(desc(quarantine.id))
        .limit(limit),
    );
    return rows as Quarantined[];
  }

  async countWaiting(): Promise<number> {
    const [row] = await this.#queue.run(async () => this.#db.select({ n: count() }).from(quarantine).where(isWaiting));
    return row?.n ?? 0;
  }

  release(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#transact((tx) => releaseWaiting(tx, selection, nowMs));
  }

  dismiss(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#transact((tx) => dismissWaiting(tx, selection, nowMs));
  }

  declareRestored(aboveVersion: number | undefined): Promise<Restored> {
    return this.#write((tx) => declareRestoredIn(tx, aboveVersion));
  }

  async runs(limit: number): Promise<Run[]> {
    const rows = await this.#queue.run(async () =>
      this.#db.select().from(ingestRuns).orderBy(desc(ingestRuns.startedAt)).limit(limit),
    );
    return rows.map(
      ({ runId, startedAt, endedAt, ...rest }) =>
        ({ run_id: runId, started_at: startedAt, ended_at: endedAt, ...rest }) as Run,
    );
  }

  transaction<T>(_name: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#write((tx) => work(sqlSession(rawSession(tx, this.#onPageChange))));
  }

  close(): Promise<void> {
    return this.#queue.run(async () => this.#close());
  }

  #transact<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#write((tx) => work(transactionOf(tx, this.#onPageChange)));
  }

  #write<T>(work: (tx: Pick<Sqlite, "run" | "values"> & SqliteSession) => Promise<T>): Promise<T> {
    return this.#queue.run(() => this.#db.transaction(work, { behavior: "immediate" }));
  }
}
