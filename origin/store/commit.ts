import { findSeries } from "#core/providers/provider-list.ts";
import type { Page } from "#core/rates/page.ts";
import { DAY_MS, yearOf } from "#core/time/dates.ts";
import type { ReadingCommit, SeriesReading } from "#core/wire/internal.ts";
import { differencesOf } from "./differences.ts";
import { announce, type Known } from "./events.ts";
import { othersOf } from "./other-series.ts";
import type { PageCache, PageKey } from "./page-cache.ts";
import { type Closed, type Plan, planCommit, type Refused } from "./plan.ts";
import { pagesOf, type Range, yearRange } from "./rows.ts";
import { confirmationsOf } from "./second-opinion.ts";
import type { Stored } from "./state.ts";
import { readStored } from "./stored-series.ts";
import type { Head, StoreTransaction, Written } from "./transaction.ts";

/** Which rows of the quarantine a person means. `value`: only this one, at any scale. */
export interface Selection extends Range {
  value?: string | undefined;
}

/** What a transaction came to. */
export interface Committed extends ReadingCommit {
  /** What the page cache may keep once the transaction has ended well. */
  held: Parameters<PageCache["keep"]>[0];
  /** Of other providers' series that hold values for the same dates which moved too far: these may be confirmed now. */
  next: SeriesReading[];
}

/** A transaction of a store, and what it remembers of pages. */
export interface Committer {
  transact: <T>(work: (tx: StoreTransaction) => Promise<T>) => Promise<T>;
  cache: PageCache;
}

/** Stores readings of different series in one transaction, and in a second one what they confirm of other providers. */
export async function commitReadings(
  { transact, cache }: Committer,
  readings: readonly SeriesReading[],
  nowMs: number,
): Promise<ReadingCommit> {
  const { held, next, ...first } = await transact((tx) => commitIn(tx, cache, readings, nowMs));
  cache.keep(held);
  if (next.length === 0) return first;
  const second = await transact((tx) => commitIn(tx, cache, next, nowMs));
  cache.keep(second.held);
  return {
    ...first,
    accepted: first.accepted + second.accepted,
    revised: first.revised + second.revised,
    pages: [...first.pages, ...second.pages],
  };
}

async function commitIn(
  tx: StoreTransaction,
  cache: PageCache,
  readings: readonly SeriesReading[],
  nowMs: number,
): Promise<Committed> {
  const at = new Date(nowMs).toISOString();
  const known = readings.filter(({ series }) => findSeries(series) !== undefined);
  const ids = known.map(({ series }) => series).sort();
  if (ids.length > 0) await tx.lock(ids);
  const heads = await tx.heads(ids);
  const stored = await readStored(tx, readings, heads);
  const plans: [SeriesReading, Plan][] = [];
  for (const [index, received] of readings.entries()) {
    const based_on = await givenVersion(tx, received, heads.get(received.series));
    const reading = { ...received, based_on };
    plans.push([reading, await planOf(tx, reading, stored[index] as Stored, nowMs)]);
  }
  const refused = await write(tx, plans, at);

  const keys = plans.flatMap(([reading, plan], index) => keysOf(reading, plan, stored[index] as Stored));
  const { pages, held, rows } = await cache.read(
    tx,
    keys.filter(({ series }) => ids.includes(series)),
    refused.length > 0 || stored.some(({ kept }) => kept.size > 0),
  );
  const next = await unconfirmedElsewhere(tx, readings);
  const bySeries = Map.groupBy(rows, ({ series }) => series);
  const seen = readings.map(({ series }, index): [string, Known] => {
    const { current } = stored[index] as Stored;
    return [series, { seq: heads.get(series)?.seq ?? 0, current, rows: bySeries.get(series) ?? [] }];
  });
  await announce(tx, ids, refused, at, new Map(seen));
  const counts = plans.map(([, plan]) => plan.counts);
  const total = (name: keyof Plan["counts"]) => counts.reduce((sum, each) => sum + each[name], 0);
  return {
    accepted: total("accepted"),
    unchanged: total("unchanged"),
    revised: total("revised"),
    withdrawn: total("withdrawn"),
    quarantined: total("quarantined"),
    overtaken: total("overtaken"),
    pages,
    held,
    next,
  };
}

/** What a reading is based on; null, for unknown, if no such version was ever given: Redis may hold nonsense. */
async function givenVersion(
  tx: StoreTransaction,
  { based_on }: SeriesReading,
  head: Head | undefined,
): Promise<number | null> {
  if (based_on === null || based_on <= (head?.seq ?? 0)) return based_on;
  return based_on > (await tx.maxSeq()) ? null : based_on;
}

async function planOf(tx: StoreTransaction, reading: SeriesReading, known: Stored, nowMs: number): Promise<Plan> {
  const { series, year, fetched_at } = reading;
  const differences = differencesOf(reading, known, nowMs);
  const stored = { ...known, others: await othersOf(tx, series, differences.changes) };
  const plan = planCommit(reading, stored, differences);
  const { revised, withdrawn, quarantined } = plan.counts;
  // New values that are plausible need no more; these are nearly all.
  if (revised + withdrawn + quarantined + plan.jumps.length === 0) return plan;
  const recentRevisions =
    (await tx.countRevisions(series, new Date(nowMs - DAY_MS).toISOString())) +
    (await tx.countHeldOutside(yearRange(series, year, year), fetched_at));
  const isConfirmed = await confirmationsOf(tx, series, plan.jumps);
  const judged = { ...stored, recentRevisions, isConfirmed };
  return planCommit(reading, judged, differencesOf(reading, judged, nowMs));
}

/** Returns what it put in quarantine. */
async function write(
  tx: StoreTransaction,
  plans: readonly [SeriesReading, Plan][],
  at: string,
): Promise<Written<Refused>[]> {
  const written = <T>(rowsOf: (plan: Plan) => readonly T[]): Written<T>[] =>
    plans.flatMap(([{ batch_id: batchId }, plan]) => rowsOf(plan).map((row) => ({ ...row, batchId })));
  const refused = written((plan) => plan.refused);
  const observations = written((plan) => plan.observations);
  if (refused.length > 0) await tx.quarantine(refused, at);
  await closeAll(
    tx,
    plans.flatMap(([, { closed }]) => closed),
    at,
  );
  if (observations.length > 0) await tx.insert(observations, at);
  return refused;
}

/** The pages that a reading touches, its own first. */
function keysOf({ series, year }: SeriesReading, { observations, closed }: Plan, { kept }: Stored): PageKey[] {
  const ids = new Set(closed.map(({ id }) => id));
  const rows = ids.size === 0 ? [] : [...kept.values()].flat().filter(({ id }) => ids.has(id));
  const years = [...observations, ...rows].map(({ date }) => yearOf(date));
  return [...new Set([year, ...years])].sort((a, b) => a - b).map((each) => ({ series, year: each }));
}

/** An empty reading of each series of another provider with a jump that waits on one of the dates. */
async function unconfirmedElsewhere(
  tx: StoreTransaction,
  readings: readonly SeriesReading[],
): Promise<SeriesReading[]> {
  const dates = readings.flatMap(({ observations }) => observations.map(([date]) => date)).sort();
  const [from, to] = [dates[0], dates.at(-1)];
  const [reading] = readings;
  if (from === undefined || to === undefined || reading === undefined) return [];
  const own = new Set(readings.map(({ series }) => findSeries(series)?.provider));
  const jumps = (await tx.jumpsBetween(from, to)).filter(({ series }) => !own.has(findSeries(series)?.provider));
  return Array.from(
    Map.groupBy(jumps, ({ series }) => series),
    ([series, [first]]) => ({
      ...reading,
      provider: findSeries(series)?.provider ?? reading.provider,
      series,
      year: yearOf((first as { date: string }).date),
      complete: null,
      based_on: null,
      observations: [],
    }),
  );
}

/** The pages of these years, as they stand within the transaction. */
export async function pagesAt(tx: StoreTransaction, series: string, years: readonly number[]): Promise<Page[]> {
  const unique = [...new Set(years)].sort((a, b) => a - b);
  const [first, last] = [unique[0], unique.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { from, to } = yearRange(series, first, last);
  return pagesOf(series, unique, await tx.read({ series: [series], from, to }));
}

export async function closeAll(tx: StoreTransaction, closed: readonly Closed[], at: string): Promise<void> {
  for (const [outcome, rows] of Map.groupBy(closed, (row) => row.outcome))
    await tx.close(
      rows.map(({ id }) => id),
      outcome,
      at,
    );
}
