import { and, between, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { isInList } from "./many-values.ts";
import type { MySql } from "./mysql.ts";
import type { Range, Row, SeriesRange } from "./rows.ts";
import { observations, quarantine } from "./schema.mysql.ts";
import { type Kept, RELEASABLE, stateOf } from "./state.ts";
import type { Written } from "./transaction.ts";

/** Rows of MySQL's tables as the store knows them, and the conditions by which those of the quarantine are found. */

/** As published, once cut to its scale; rows of the release before have no exact value, and need none. */
export const VALUE = sql<string>`COALESCE(${observations.exactValue}, ${observations.value})`;

export const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: VALUE.as("exact"),
  scale: observations.scale,
  revision: observations.revision,
  seq: observations.seq,
  observedAt: observations.observedAt,
  withdrawn: observations.withdrawn,
  fetchedAt: observations.fetchedAt,
};
/** The same, and by which reading it was written. */
export const WRITTEN = { ...ROW, batchId: observations.batchId };
/** The mark of a date with a value that waits; see Row. */
export const MARK = {
  series: quarantine.seriesId,
  date: quarantine.date,
  value: sql<string>`CAST(0 AS DECIMAL(28,14))`.as("exact"),
  scale: sql<number>`0`,
  revision: sql<number>`-1`,
  seq: sql<number>`0`,
  observedAt: quarantine.quarantinedAt,
  withdrawn: sql<boolean>`0`,
  fetchedAt: quarantine.fetchedAt,
};

export const isWaiting = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  inArray(quarantine.reason, [...RELEASABLE]),
);

export const KEPT = {
  id: quarantine.id,
  series: quarantine.seriesId,
  date: quarantine.date,
  value: quarantine.value,
  reason: quarantine.reason,
  fetchedAt: quarantine.fetchedAt,
  releasedAt: quarantine.releasedAt,
  outcome: quarantine.outcome,
};
type KeptRow = Omit<Kept, "state" | "reason"> & { reason: string; releasedAt: string | null; outcome: string | null };

/** A value that waits because it moved too far. */
export const isJump = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  eq(quarantine.reason, "implausible_jump"),
);

export function isKept({ series: ids, from, to }: SeriesRange) {
  const isOpen = isNull(quarantine.closedAt);
  const isDecided = or(isNotNull(quarantine.releasedAt), eq(quarantine.outcome, "dismissed"));
  const isInRange = and(between(quarantine.date, from, to), or(isOpen, isDecided));
  return and(isInList(quarantine.seriesId, ids), or(isInRange, isJump));
}

export function isHeldOutside({ series: id, from, to }: Range, fetchedAt: string) {
  const isWaiting = and(isNull(quarantine.closedAt), eq(quarantine.reason, "mass_revision"));
  const isElsewhere = or(lt(quarantine.date, from), gt(quarantine.date, to));
  return and(eq(quarantine.seriesId, id), eq(quarantine.fetchedAt, toDatetime(fetchedAt)), isWaiting, isElsewhere);
}

export function keptOf({ releasedAt, outcome, fetchedAt, ...row }: KeptRow): Kept {
  const state = stateOf({ releasedAt, outcome });
  return { ...row, fetchedAt: fetchedAt === null ? null : toInstant(fetchedAt), state } as Kept;
}

/** The first `decimals` decimals of a plain decimal. DECIMAL(28,14) comes with fourteen; as published it had its scale. */
export function cutTo(decimals: number, value: string): string {
  const point = value.indexOf(".");
  if (point < 0) return value;
  return decimals === 0 ? value.slice(0, point) : value.slice(0, point + 1 + decimals);
}

/** As nearly all are written. */
const WHOLE_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** RFC 3339 as MySQL writes it. Sessions are in UTC. */
export function toDatetime(instant: string): string {
  const whole = WHOLE_INSTANT.test(instant) ? instant : new Date(instant).toISOString();
  return `${whole.slice(0, 10)} ${whole.slice(11, 23)}`;
}

export function toInstant(datetime: string): string {
  return `${datetime.slice(0, 10)}T${datetime.slice(11)}Z`;
}

/** A row of ROW or MARK as drivers give it. */
interface RawRow {
  series_id: string;
  date: string;
  exact: string;
  scale: number | string;
  revision: number | string;
  seq: number | string;
  observed_at: string;
  withdrawn: number | string | boolean;
  fetched_at: string | null;
}

function rowOf(row: RawRow): Row {
  return {
    series: row.series_id,
    date: row.date,
    value: cutTo(Number(row.scale), row.exact),
    revision: Number(row.revision),
    seq: Number(row.seq),
    observedAt: toInstant(row.observed_at),
    withdrawn: Number(row.withdrawn) !== 0,
    fetchedAt: row.fetched_at === null ? null : toInstant(row.fetched_at),
  };
}

type Db = Pick<MySql, "execute">;

/** What a SELECT of ROW finds. Drizzle would look at the kind of each value, which is a sixth of a commit's time. */
export async function readRows(db: Db, selected: SQLWrapper): Promise<Row[]> {
  return ((await execute(db, selected.getSQL())) as unknown as RawRow[]).map(rowOf);
}

/** The same of WRITTEN. */
export async function readWritten(db: Db, selected: SQLWrapper): Promise<Written<Row>[]> {
  const rows = (await execute(db, selected.getSQL())) as unknown as (RawRow & { batch_id: string })[];
  return rows.map((row) => ({ ...rowOf(row), batchId: row.batch_id }));
}

/** mysql2 answers [rows, fields], PlanetScale { rows, rowsAffected }. */
export type Executed = [{ affectedRows?: number } & Record<string, unknown>[], unknown] | PlanetScaleResult;
interface PlanetScaleResult {
  rows: Record<string, unknown>[];
  rowsAffected: number;
}

/** Rows as their values, in the order of the columns. */
export async function rawRows(db: Db, query: SQL): Promise<unknown[][]> {
  // Names of columns are no whole numbers, so that an object's values are in the columns' order.
  return (await execute(db, query)).map((row) => Object.values(row));
}

async function execute(db: Db, query: SQL): Promise<Record<string, unknown>[]> {
  const result = (await db.execute(query)) as unknown as Executed;
  return Array.isArray(result) ? result[0] : result.rows;
}
