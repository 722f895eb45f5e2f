import { and, asc, between, count, desc, eq, isNull, lte, max, sql } from "drizzle-orm";
import type { MySqlDatabase, MySqlQueryResultHKT, PreparedQueryHKTBase } from "drizzle-orm/mysql-core";
import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/wire/internal.ts";
import { expectedMigrations, requireMigrations } from "../migrations.ts";
import { BoardCache } from "./board.ts";
import { commitReadings, type Selection } from "./commit.ts";
import { withoutDeadlock } from "./deadlock.ts";
import { DigestCache, type DigestSource, digestsOf } from "./digests.ts";
import { type EventLog, StoredEvents } from "./event-log.ts";
import { eventStatements } from "./events-mysql.ts";
import { LINEAGE, newLineage } from "./lineage.ts";
import { isInList } from "./many-values.ts";
import { readPageRows, readPagesMark } from "./mysql-pages.ts";
import { cutTo, isWaiting, ROW, readRows, toDatetime, toInstant, VALUE } from "./mysql-rows.ts";
import {
  insertSeries,
  type MySqlSession,
  rawSession,
  readHeads,
  readMeta,
  transactionOf,
} from "./mysql-transaction.ts";
import { PageCache } from "./page-cache.ts";
import { pagesOfRows } from "./page-rows.ts";
import { type Decision, dismissWaiting, releaseWaiting } from "./release.ts";
import { declareRestoredIn } from "./restored-mysql.ts";
import { inOrder, type Row, type SeriesRange, versionsOf, yearRange } from "./rows.ts";
import { ingestRuns, observations, quarantine, storeMeta } from "./schema.mysql.ts";
import { type SqlSession, sqlSession } from "./sql-session.ts";
import type { MigrationCount, PagesMark, PoolState, Quarantined, Restored, Revision, Store } from "./store.ts";

export type MySql = MySqlDatabase<MySqlQueryResultHKT, PreparedQueryHKTBase>;

/** What the two drivers differ in. */
export interface MySqlConnection {
  db: MySql;
  migrate: () => Promise<void>;
  close: () => Promise<void>;
  /** undefined: the driver has no pool. */
  poolState?: () => PoolState;
}

/** Drizzle's own table. */
const MIGRATIONS = sql`__drizzle_migrations`;
const YEAR = sql<string>`substr(${observations.date}, 1, 4)`;

/** The store in MySQL 8 and what speaks its language: Aurora and MariaDB through mysql2, PlanetScale over HTTP. */
export class MySqlStore implements Store {
  readonly #db: MySql;
  readonly #connection: MySqlConnection;
  readonly #digests = new DigestCache();
  readonly #cache = new PageCache();
  readonly #boards = new BoardCache();

  readonly events: EventLog;

  readonly #digestSource: DigestSource = {
    heads: (series) => readHeads(this.#db, series),
    prints: async (series) => {
      const { seriesId, seq, withdrawn } = observations;
      const fields = {
        series: seriesId,
        year: YEAR,
        version: max(seq).mapWith(Number),
        rows: sql<string>`CONCAT_WS(' ', COUNT(*), SUM(${VALUE} * ${seq}), SUM(${withdrawn} * ${seq}))`,
      };
      return this.#db.select(fields).from(observations).where(isInList(seriesId, series)).groupBy(seriesId, YEAR);
    },
    waiting: async () =>
      this.#db
        .select({ series: quarantine.seriesId, date: quarantine.date })
        .from(quarantine)
        .where(isWaiting)
        .orderBy(asc(quarantine.seriesId), asc(quarantine.date)),
    pages: this.pages.bind(this),
    forget: (key) => this.#cache.forget(key),
  };

  constructor(connection: MySqlConnection) {
    this.#db = connection.db;
    this.#connection = connection;
    this.events = new StoredEvents(eventStatements(connection.db));
  }

  async migrate(): Promise<void> {
    await this.#connection.migrate();
    await insertSeries(this.#db);
    await this.#db
      .insert(storeMeta)
      .values({ name: LINEAGE, value: newLineage() })
      .onDuplicateKeyUpdate({ set: { name: sql`${storeMeta.name}` } });
  }

  async ping(): Promise<void> {
    await readPageRows(this.#db, yearRange("", 1900, 1900));
    await readMeta(this.#db);
    requireMigrations(await this.migrations());
  }

  async migrations(): Promise<MigrationCount> {
    const [row] = await this.#db.select({ n: count() }).from(MIGRATIONS);
    return { applied: row?.n ?? 0, expected: expectedMigrations("mysql") };
  }

  poolState(): PoolState | undefined {
    return this.#connection.poolState?.();
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    const rows = await readPageRows(this.#db, yearRange(series, fromYear, toYear));
    return pagesOfRows(series, fromYear, toYear, rows);
  }

  pagesMark(series: string): Promise<PagesMark> {
    return readPagesMark(this.#db, series);
  }

  async versions(series: readonly string[]): Promise<Versions> {
    const fields = { series: observations.seriesId, year: YEAR, version: max(observations.seq).mapWith(Number) };
    const isOf = isInList(observations.seriesId, series);
    const rows = await this.#db.select(fields).from(observations).where(isOf).groupBy(observations.seriesId, YEAR);
    return versionsOf(rows);
  }

  async digests(series: readonly string[]): Promise<Digests> {
    const meta = await readMeta(this.#db);
    return digestsOf(meta, await this.#digests.read(this.#digestSource, series));
  }

  board(provider: Pick<Provider, "id" | "series">): Promise<Board> {
    return this.#transact((tx) => this.#boards.read(transactionOf(tx), provider));
  }

  commit(reading: SeriesReading, nowMs: number): Promise<ReadingCommit> {
    return this.commitAll([reading], nowMs);
  }

  commitAll(readings: readonly SeriesReading[], nowMs: number): Promise<ReadingCommit> {
    return commitReadings(
      { transact: (work) => this.#transact((tx) => work(transactionOf(tx))), cache: this.#cache },
      readings,
      nowMs,
    );
  }

  async recordRun({ run_id, started_at, ended_at, ...rest }: Run): Promise<void> {
    const times = { startedAt: toDatetime(started_at), endedAt: toDatetime(ended_at) };
    await this.#db
      .insert(ingestRuns)
      .values({ runId: run_id, ...times, ...rest })
      .onDuplicateKeyUpdate({ set: { runId: sql`${ingestRuns.runId}` } });
  }

  async rowsAsOf({ series, from, to }: SeriesRange, knownAtMs: number): Promise<Row[]> {
    const { seriesId, date, observedAt } = observations;
    const isOf = and(isInList(seriesId, series), between(date, from, to));
    const isKnown = lte(observedAt, toDatetime(new Date(knownAtMs).toISOString()));
    return inOrder(await readRows(this.#db, this.#db.select(ROW).from(observations).where(and(isOf, isKnown))));
  }

  async history(series: string, date: PlainDate): Promise<Revision[]> {
    const { revision, scale, withdrawn, seq, observedAt, batchId } = observations;
    const rows = await this.#db
      .select({ revision, value: VALUE, scale, withdrawn, seq, observedAt, batchId })
      .from(observations)
      .where(and(eq(observations.seriesId, series), eq(observations.date, date)))
      .orderBy(asc(revision));
    return rows.map(({ scale, ...row }) => ({
      ...row,
      value: cutTo(scale, row.value),
      observedAt: toInstant(row.observedAt),
    }));
  }

  async quarantined(limit: number): Promise<Quarantined[]> {
    const { seriesId, date, value, reason, batchId, quarantinedAt } = quarantine;
    const rows = await this.#db
      .select({ series: seriesId, date, value, reason, batchId, quarantinedAt })
      .from(quarantine)
      .where(and(isNull(quarantine.closedAt), isNull(quarantine.releasedAt)))
      .orderBy(desc(quarantine.id))
      .limit(limit);
    return rows.map((row) => ({ ...row, quarantinedAt: toInstant(row.quarantinedAt) }) as Quarantined);
  }

  async countWaiting(): Promise<number> {
    const [row] = await this.#db.select({ n: count() }).from(quarantine).where(isWaiting);
    return row?.n ?? 0;
  }

  release(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#transact((tx) => releaseWaiting(transactionOf(tx), selection, nowMs));
  }

  dismiss(selection: Selection, nowMs: number): Promise<Decision> {
    return this.#transact((tx) => dismissWaiting(transactionOf(tx), selection, nowMs));
  }

  declareRestored(aboveVersion: number | undefined): Promise<Restored> {
    return this.#transact((tx) => declareRestoredIn(this.#db, tx, aboveVersion));
  }

  async runs(limit: number): Promise<Run[]> {
    const rows = await this.#db.select().from(ingestRuns).orderBy(desc(ingestRuns.startedAt)).limit(limit);
    return rows.map(({ runId, startedAt, endedAt, ...rest }) => {
      const times = { started_at: toInstant(startedAt), ended_at: toInstant(endedAt) };
      return { run_id: runId, ...times, ...rest } as Run;
    });
  }

  transaction<T>(_name: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return withoutDeadlock(() => this.#transact((tx) => work(sqlSession(rawSession(tx)))));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** If the rollback fails too, e.g. because the connection is gone, it is the first error that says why. */
  async #transact<T>(work: (tx: MySqlSession) => Promise<T>): Promise<T> {
    let first: { error: unknown } | undefined;
    try {
      return await this.#db.transaction((tx) =>
        work(tx).catch((error: unknown) => {
          first = { error };
          throw error;
        }),
      );
    } catch (error) {
      throw first === undefined ? error : first.error;
    }
  }
}
