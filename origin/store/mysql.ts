import { and, asc, between, desc, eq, inArray, isNotNull, isNull, max, or, sql } from "drizzle-orm";
import type { MySqlDatabase, MySqlQueryResultHKT, PreparedQueryHKTBase } from "drizzle-orm/mysql-core";
import type { PlainDate } from "#core/dates.ts";
import type { Batch, Commit, Run, Versions } from "#core/internal.ts";
import type { Page } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import { type CommitTransaction, commitBatch } from "./commit.ts";
import { RELEASABLE } from "./plan.ts";
import { pagesOf, type Row, versionsOf, yearsOf } from "./rows.ts";
import { ingestRuns, observations, quarantine, series } from "./schema.mysql.ts";
import type { Quarantined, Revision, Store } from "./store.ts";

export type MySql = MySqlDatabase<MySqlQueryResultHKT, PreparedQueryHKTBase>;

/** What the two drivers differ in. */
export interface MySqlConnection {
  db: MySql;
  migrate: () => Promise<void>;
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: observations.value,
  scale: observations.scale,
  revision: observations.revision,
  seq: observations.seq,
  observedAt: observations.observedAt,
};
const YEAR = sql<string>`substr(${observations.date}, 1, 4)`;

/** The store in MySQL 8 and what speaks its language: Aurora and MariaDB through mysql2, PlanetScale over HTTP. */
export class MySqlStore implements Store {
  readonly #db: MySql;
  readonly #connection: MySqlConnection;

  constructor(connection: MySqlConnection) {
    this.#db = connection.db;
    this.#connection = connection;
  }

  async migrate(): Promise<void> {
    await this.#connection.migrate();
    await insertSeries(this.#db);
  }

  ping(): Promise<void> {
    return this.#connection.ping();
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    const range = { series, from: `${fromYear}-01-01`, to: `${toYear}-12-31` };
    return pagesOf(series, yearsOf(fromYear, toYear), await readRanges(this.#db, [range]));
  }

  async versions(): Promise<Versions> {
    const fields = { series: observations.seriesId, year: YEAR, version: max(observations.seq).mapWith(Number) };
    const rows = await this.#db.select(fields).from(observations).groupBy(observations.seriesId, YEAR);
    return versionsOf(rows);
  }

  commit(batch: Batch, nowMs: number): Promise<Commit> {
    return this.#db.transaction((tx) => commitBatch(transactionOf(tx), batch, nowMs));
  }

  async recordRun({ run_id, started_at, ended_at, ...rest }: Run): Promise<void> {
    const times = { startedAt: toDatetime(started_at), endedAt: toDatetime(ended_at) };
    await this.#db
      .insert(ingestRuns)
      .values({ runId: run_id, ...times, ...rest })
      .onDuplicateKeyUpdate({ set: { runId: sql`${ingestRuns.runId}` } });
  }

  async history(series: string, date: PlainDate): Promise<Revision[]> {
    const { revision, value, scale, seq, observedAt, batchId } = observations;
    const rows = await this.#db
      .select({ revision, value, scale, seq, observedAt, batchId })
      .from(observations)
      .where(and(eq(observations.seriesId, series), eq(observations.date, date)))
      .orderBy(asc(revision));
    return rows.map(({ scale, ...row }) => ({
      ...row,
      value: atScale(row.value, scale),
      observedAt: toInstant(row.observedAt),
    }));
  }

  async quarantined(limit: number): Promise<Quarantined[]> {
    const { seriesId, date, value, reason, batchId, quarantinedAt } = quarantine;
    const rows = await this.#db
      .select({ series: seriesId, date, value, reason, batchId, quarantinedAt })
      .from(quarantine)
      .where(isNull(quarantine.releasedAt))
      .orderBy(desc(quarantine.id))
      .limit(limit);
    return rows.map((row) => ({ ...row, quarantinedAt: toInstant(row.quarantinedAt) }) as Quarantined);
  }

  async release({ series, date, value }: Pick<Quarantined, "series" | "date" | "value">, nowMs: number) {
    const isIt = and(
      eq(quarantine.seriesId, series),
      eq(quarantine.date, date),
      eq(quarantine.value, value),
      eq(quarantine.reason, RELEASABLE),
    );
    const found = await this.#db.select({ id: quarantine.id }).from(quarantine).where(isIt);
    await this.#db
      .update(quarantine)
      .set({ releasedAt: toDatetime(new Date(nowMs).toISOString()) })
      .where(isIt);
    return found.length > 0;
  }

  async runs(limit: number): Promise<Run[]> {
    const rows = await this.#db.select().from(ingestRuns).orderBy(desc(ingestRuns.startedAt)).limit(limit);
    return rows.map(({ runId, startedAt, endedAt, ...rest }) => {
      const times = { started_at: toInstant(startedAt), ended_at: toInstant(endedAt) };
      return { run_id: runId, ...times, ...rest } as Run;
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function transactionOf(db: Pick<MySql, "select" | "insert">): CommitTransaction {
  return {
    async lock(ids) {
      const lockRows = async () =>
        db
          .select({ id: series.id })
          .from(series)
          .where(inArray(series.id, [...ids]))
          .orderBy(asc(series.id))
          .for("update");
      if ((await lockRows()).length === ids.length) return;
      // A series that joined the registry after the last migration.
      await insertSeries(db);
      await lockRows();
    },
    read: (ranges) => readRanges(db, ranges),
    released: async (ids) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date, value: quarantine.value })
        .from(quarantine)
        .where(and(inArray(quarantine.seriesId, [...ids]), isNotNull(quarantine.releasedAt))),
    async insert(rows, { batchId, at }) {
      const observedAt = toDatetime(at);
      await db
        .insert(observations)
        .values(rows.map(({ series, ...row }) => ({ ...row, seriesId: series, observedAt, batchId })));
    },
    async quarantine(refused, { batchId, at }) {
      const quarantinedAt = toDatetime(at);
      await db
        .insert(quarantine)
        .values(refused.map(({ series, ...row }) => ({ ...row, seriesId: series, quarantinedAt, batchId })))
        .onDuplicateKeyUpdate({ set: { id: sql`${quarantine.id}` } });
    },
  };
}

async function readRanges(
  db: Pick<MySql, "select">,
  ranges: readonly { series: string; from: PlainDate; to: PlainDate }[],
): Promise<Row[]> {
  const { seriesId, date, revision } = observations;
  const rows = await db
    .select(ROW)
    .from(observations)
    .where(or(...ranges.map(({ series, from, to }) => and(eq(seriesId, series), between(date, from, to)))))
    .orderBy(asc(seriesId), asc(date), asc(revision));
  return rows.map((row) => ({
    ...row,
    value: atScale(row.value, row.scale),
    observedAt: toInstant(row.observedAt),
  }));
}

async function insertSeries(db: Pick<MySql, "insert">): Promise<void> {
  await db
    .insert(series)
    .values(SERIES.map(({ id, provider, base, quote }) => ({ id, provider, base, quote })))
    .onDuplicateKeyUpdate({ set: { id: sql`${series.id}` } });
}

/** DECIMAL(20,8) comes with eight decimals; as published it had `scale` of them. */
function atScale(value: string, scale: number): string {
  const point = value.length - 9;
  return scale === 0 ? value.slice(0, point) : value.slice(0, point + 1 + scale);
}

/** RFC 3339 as MySQL writes it. Sessions are in UTC. */
function toDatetime(instant: string): string {
  return new Date(instant).toISOString().slice(0, 23).replace("T", " ");
}

function toInstant(datetime: string): string {
  return `${datetime.replace(" ", "T")}Z`;
}
