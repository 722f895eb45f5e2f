import { and, asc, between, desc, eq, inArray, isNotNull, isNull, max, or, sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/sqlite-proxy/migrator";
import type { PlainDate } from "#core/dates.ts";
import type { Batch, Commit, Run, Versions } from "#core/internal.ts";
import type { Page } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import { migrationsFolder } from "../migrations.ts";
import { type CommitTransaction, commitBatch } from "./commit.ts";
import { RELEASABLE } from "./plan.ts";
import { Queue } from "./queue.ts";
import { pagesOf, versionsOf, yearsOf } from "./rows.ts";
import { ingestRuns, observations, quarantine, series } from "./schema.sqlite.ts";
import { openSqlite, type Sqlite } from "./sqlite-database.ts";
import type { Quarantined, Revision, Store } from "./store.ts";

const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: observations.value,
  revision: observations.revision,
  seq: observations.seq,
  observedAt: observations.observedAt,
};
const YEAR = sql<string>`substr(${observations.date}, 1, 4)`;

/** The store in a file of the origin's own (node:sqlite), for one instance. */
export class SqliteStore implements Store {
  readonly #db: Sqlite;
  readonly #close: () => void;
  /** There is one connection: whatever came between the statements of a transaction would be part of it. */
  readonly #queue = new Queue();
  readonly #readYears: ReturnType<typeof prepareYears>;

  /** `path`: a file's, or ":memory:". Throws where it can't be opened. */
  constructor(path: string) {
    const { db, close } = openSqlite(path);
    this.#db = db;
    this.#close = close;
    this.#readYears = prepareYears(db);
  }

  migrate(): Promise<void> {
    return this.#queue.run(() =>
      this.#db.transaction(
        async (tx) => {
          const run = async (statements: string[]) => {
            for (const statement of statements) await tx.run(sql.raw(statement));
          };
          await migrate(this.#db, run, { migrationsFolder: migrationsFolder("sqlite") });
          await tx.insert(series).values(SERIES.map(seriesRow)).onConflictDoNothing();
        },
        { behavior: "immediate" },
      ),
    );
  }

  ping(): Promise<void> {
    return this.#queue.run(async () => {
      await this.#db.select({ id: series.id }).from(series).limit(1);
    });
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    const bounds = { series, from: `${fromYear}-01-01`, to: `${toYear}-12-31` };
    const rows = await this.#queue.run(() => this.#readYears.all(bounds));
    return pagesOf(series, yearsOf(fromYear, toYear), rows);
  }

  async versions(): Promise<Versions> {
    const fields = { series: observations.seriesId, year: YEAR, version: max(observations.seq).mapWith(Number) };
    const rows = await this.#queue.run(() =>
      this.#db.select(fields).from(observations).groupBy(observations.seriesId, YEAR),
    );
    return versionsOf(rows);
  }

  commit(batch: Batch, nowMs: number): Promise<Commit> {
    return this.#queue.run(() =>
      this.#db.transaction((tx) => commitBatch(transactionOf(tx), batch, nowMs), { behavior: "immediate" }),
    );
  }

  async recordRun({ run_id, started_at, ended_at, ...rest }: Run): Promise<void> {
    const row = { runId: run_id, startedAt: instant(started_at), endedAt: instant(ended_at), ...rest };
    await this.#queue.run(async () => this.#db.insert(ingestRuns).values(row).onConflictDoNothing());
  }

  history(series: string, date: PlainDate): Promise<Revision[]> {
    const { revision, value, seq, observedAt, batchId } = observations;
    return this.#queue.run(async () =>
      this.#db
        .select({ revision, value, seq, observedAt, batchId })
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
        .where(isNull(quarantine.releasedAt))
        .orderBy(desc(quarantine.id))
        .limit(limit),
    );
    return rows as Quarantined[];
  }

  async release({ series, date, value }: Pick<Quarantined, "series" | "date" | "value">, nowMs: number) {
    const isIt = and(
      eq(quarantine.seriesId, series),
      eq(quarantine.date, date),
      eq(quarantine.value, value),
      eq(quarantine.reason, RELEASABLE),
    );
    const rows = await this.#queue.run(async () =>
      this.#db
        .update(quarantine)
        .set({ releasedAt: new Date(nowMs).toISOString() })
        .where(isIt)
        .returning({ id: quarantine.id }),
    );
    return rows.length > 0;
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

  close(): Promise<void> {
    return this.#queue.run(async () => this.#close());
  }
}

function prepareYears(db: Sqlite) {
  const { seriesId, date, revision } = observations;
  return db
    .select(ROW)
    .from(observations)
    .where(and(eq(seriesId, sql.placeholder("series")), between(date, sql.placeholder("from"), sql.placeholder("to"))))
    .orderBy(asc(date), asc(revision))
    .prepare();
}

/** BEGIN IMMEDIATE has locked the file already, and with it every series. */
function transactionOf(db: Pick<Sqlite, "select" | "insert">): CommitTransaction {
  const { seriesId, date, revision } = observations;
  return {
    lock: async () => undefined,
    read: async (ranges) =>
      db
        .select(ROW)
        .from(observations)
        .where(or(...ranges.map(({ series, from, to }) => and(eq(seriesId, series), between(date, from, to)))))
        .orderBy(asc(seriesId), asc(date), asc(revision)),
    released: async (ids) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date, value: quarantine.value })
        .from(quarantine)
        .where(and(inArray(quarantine.seriesId, [...ids]), isNotNull(quarantine.releasedAt))),
    insert: async (rows, { batchId, at }) => {
      await db
        .insert(observations)
        .values(rows.map(({ series, ...row }) => ({ ...row, seriesId: series, observedAt: at, batchId })));
    },
    quarantine: async (refused, { batchId, at }) => {
      await db
        .insert(quarantine)
        .values(refused.map(({ series, ...row }) => ({ ...row, seriesId: series, quarantinedAt: at, batchId })))
        .onConflictDoNothing();
    },
  };
}

function seriesRow({ id, provider, base, quote }: (typeof SERIES)[number]) {
  return { id, provider, base, quote };
}

function instant(text: string): string {
  return new Date(text).toISOString();
}
