import { findSeries } from "#core/providers/provider-list.ts";
import type { Page } from "#core/rates/page.ts";
import { yearOf } from "#core/time/dates.ts";
import type { ReadingCommit, SeriesReading } from "#core/wire/internal.ts";
import { differencesOf } from "./differences.ts";
import { MIN_COMMON_DATES } from "./other-series.ts";
import { type Closed, type NewObservation, planCommit, type Refused } from "./plan.ts";
import { currentOf, inOrder, pagesOf, type Range, type Row, valuesBySeries, yearRange } from "./rows.ts";
import type { Kept, OtherSeries, Outcome } from "./state.ts";

/** When and by what rows were written, for the record. */
export interface Stamp {
  batchId: string;
  /** RFC 3339, UTC. */
  at: string;
}

/** Which rows of the quarantine a person means. `value`: only this one, at any scale. */
export interface Selection extends Range {
  value?: string | undefined;
}

/** What a dialect does within a transaction. */
export interface StoreTransaction {
  /** Keeps other transactions of this series waiting until this one has ended. */
  lock(series: string): Promise<void>;
  /** In order; with the marks of dates that wait. */
  read(range: Range): Promise<Row[]>;
  /** The nearest rows before and after the range, at most `limit` of each, in no order. */
  readAround(range: Range, limit: number): Promise<Row[]>;
  /** The rows of all other series in the range, ascending by revision. */
  readOthers(range: Range): Promise<Row[]>;
  /** The rows of the quarantine that are not over: those of the range, and jumps that wait on any date. */
  kept(range: Range): Promise<Kept[]>;
  /** The highest sequence number that was ever given. */
  maxSeq(): Promise<number>;
  /** How many revisions of the series were stored after an instant (RFC 3339). */
  countRevisions(series: string, since: string): Promise<number>;
  /** How many values outside of the range wait as one of many revisions since the request made at this instant (RFC 3339). */
  countHeldOutside(range: Range, fetchedAt: string): Promise<number>;
  insert(observations: readonly NewObservation[], stamp: Stamp): Promise<void>;
  /** Puts values in quarantine; what was there and over waits again. */
  quarantine(refused: readonly Refused[], stamp: Stamp): Promise<void>;
  close(ids: readonly number[], outcome: Outcome, at: string): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Enough to find a neighbour that was not withdrawn. */
const MAX_NEIGHBOUR_ROWS = 40;

/** Stores a reading by way of a dialect's transaction, and answers as the database stands after it. */
export async function commitReading(
  tx: StoreTransaction,
  received: SeriesReading,
  nowMs: number,
): Promise<ReadingCommit> {
  const { series, year } = received;
  const isKnown = findSeries(series) !== undefined;
  if (isKnown) await tx.lock(series);
  const reading = { ...received, based_on: await givenVersion(tx, received) };
  const stamp = { batchId: reading.batch_id, at: new Date(nowMs).toISOString() };
  const kept = await tx.kept(yearRange(series, year, year));
  const years = [year, ...kept.map(({ date }) => yearOf(date))];
  const range = yearRange(series, Math.min(...years), Math.max(...years));
  const rows = inOrder([...(await tx.read(range)), ...(await tx.readAround(range, MAX_NEIGHBOUR_ROWS))]);
  const current = currentOf(rows);
  const keptByDate = Map.groupBy(kept, ({ date }) => date);
  const others = await othersOf(tx, reading, differencesOf(reading, { current, kept: keptByDate }, nowMs).changes);
  const recentRevisions =
    (await tx.countRevisions(series, new Date(nowMs - DAY_MS).toISOString())) +
    (await tx.countHeldOutside(yearRange(series, year, year), reading.fetched_at));

  const plan = planCommit(reading, { current, kept: keptByDate, recentRevisions, others }, nowMs);
  if (plan.refused.length > 0) await tx.quarantine(plan.refused, stamp);
  await closeAll(tx, plan.closed, stamp.at);
  if (plan.observations.length > 0) await tx.insert(plan.observations, stamp);
  const dates = [...plan.observations.map(({ date }) => date), ...datesOf(plan.closed, kept)];
  return { ...plan.counts, pages: isKnown ? await pagesAt(tx, series, [year, ...dates.map(yearOf)]) : [] };
}

/** What a reading is based on; null, for unknown, if no such version was ever given: Redis may hold nonsense. */
async function givenVersion(tx: StoreTransaction, { based_on }: SeriesReading): Promise<number | null> {
  return based_on !== null && based_on > (await tx.maxSeq()) ? null : based_on;
}

/** The pages of these years, as they stand within the transaction. */
export async function pagesAt(tx: StoreTransaction, series: string, years: readonly number[]): Promise<Page[]> {
  const unique = [...new Set(years)].sort((a, b) => a - b);
  const [first, last] = [unique[0], unique.at(-1)];
  if (first === undefined || last === undefined) return [];
  return pagesOf(series, unique, await tx.read(yearRange(series, first, last)));
}

export async function closeAll(tx: StoreTransaction, closed: readonly Closed[], at: string): Promise<void> {
  for (const [outcome, rows] of Map.groupBy(closed, (row) => row.outcome))
    await tx.close(
      rows.map(({ id }) => id),
      outcome,
      at,
    );
}

/** What other series have on the dates that are about to change; not looked up for a few of them. */
async function othersOf(
  tx: StoreTransaction,
  { series }: SeriesReading,
  changes: readonly { date: string }[],
): Promise<OtherSeries> {
  const [from, to] = [changes[0]?.date, changes.at(-1)?.date];
  if (changes.length < MIN_COMMON_DATES || from === undefined || to === undefined) return new Map();
  return valuesBySeries(await tx.readOthers({ series, from, to }));
}

function datesOf(closed: readonly Closed[], kept: readonly Kept[]): string[] {
  const dates = new Map(kept.map(({ id, date }) => [id, date]));
  return closed.map(({ id }) => dates.get(id) as string);
}
