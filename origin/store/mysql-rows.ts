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
  value: VALUE,
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
  value: sql<string>`CAST(0 AS DECIMAL(28,14))`,
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

/** RFC 3339 as MySQL writes it. Sessions are in UTC. */
export function toDatetime(instant: string): string {
  return new Date(instant).toISOString().slice(0, 23).replace("T", " ");
}

export function toInstant(datetime: string): string {
  return `${datetime.replace(" ", "T")}Z`;
}

/** Of the values of ROW, MARK or WRITTEN, in their order. */
export function rowOf(values: readonly unknown[]): Row {
  const [series, date, value, scale, revision, seq, observedAt, withdrawn, fetchedAt] = values as RawRow;
  return {
    series,
    date,
    value: cutTo(Number(scale), value),
    revision: Number(revision),
    seq: Number(seq),
    observedAt: toInstant(observedAt),
    withdrawn: Number(withdrawn) !== 0,
    fetchedAt: fetchedAt === null ? null : toInstant(fetchedAt),
  };
}
type Whole = number | string;
type RawRow = [string, string, string, Whole, Whole, Whole, string, Whole | boolean, string | null];

/** What a SELECT of ROW finds. Drizzle would look at the kind of each value, which is a sixth of a commit's time. */
export async function readRows(db: Pick<MySql, "execute">, selected: SQLWrapper): Promise<Row[]> {
  return (await rawRows(db, selected.getSQL())).map(rowOf);
}

/** The same of WRITTEN. */
export async function readWritten(db: Pick<MySql, "execute">, selected: SQLWrapper): Promise<Written<Row>[]> {
  const rows = await rawRows(db, selected.getSQL());
  return rows.map((row) => ({ ...rowOf(row), batchId: row.at(-1) as string }));
}

/** mysql2 answers [rows, fields], PlanetScale { rows, rowsAffected }. */
export type Executed = [{ affectedRows?: number } & Record<string, unknown>[], unknown] | PlanetScaleResult;
interface PlanetScaleResult {
  rows: Record<string, unknown>[];
  rowsAffected: number;
}

export async function rawRows(db: Pick<MySql, "execute">, query: SQL): Promise<unknown[][]> {
  const result = (await db.execute(query)) as unknown as Executed;
  // Names of columns are no whole numbers, so that an object's values are in the columns' order.
  return (Array.isArray(result) ? result[0] : result.rows).map((row) => Object.values(row));
}
