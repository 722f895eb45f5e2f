import type { Page } from "#core/rates/page.ts";
import { yearOf } from "#core/time/dates.ts";
import { closeAll, pagesAt, type Selection } from "./commit.ts";
import { announce } from "./events.ts";
import { type NewObservation, observationOf } from "./plan.ts";
import { currentOf } from "./rows.ts";
import { isReleasable, isWithdrawal, type Kept, sameValue } from "./state.ts";
import type { StoreTransaction } from "./transaction.ts";

/** What a person decided, and the pages that it changed. */
export interface Decision {
  /** How many rows of the quarantine it was about. */
  count: number;
  pages: Page[];
}

/** Stores what waits, at once. Of two values that wait for one date the one that came last is stored. */
export async function releaseWaiting(tx: StoreTransaction, selection: Selection, nowMs: number): Promise<Decision> {
  const { series } = selection;
  const at = new Date(nowMs).toISOString();
  await tx.lock([series]);
  const rows = await waitingOf(tx, selection);
  const current = currentOf(await tx.read({ ...selection, series: [series] }));
  const lastByDate = new Map(rows.map((row) => [row.date, row]));
  const observations = [...lastByDate.values()].flatMap((row): NewObservation[] => {
    const before = current.get(row.date);
    const next = observationOf({ series, fetched_at: row.fetchedAt }, row.date, row.value, before);
    if (isWithdrawal(row.reason)) return before && !before.withdrawn ? [{ ...next, withdrawn: true }] : [];
    return before && !before.withdrawn && sameValue(before.value, row.value) ? [] : [next];
  });
  const closed = rows.map((row) => ({
    id: row.id,
    outcome: lastByDate.get(row.date) === row ? ("released" as const) : ("superseded" as const),
  }));
  await closeAll(tx, closed, at);
  const written = observations.map((row) => ({ ...row, batchId: `released:${at}` }));
  if (written.length > 0) await tx.insert(written, at);
  const decision = await decisionOf(tx, series, rows);
  await announce(tx, [series], [], at);
  return decision;
}

/** Takes what waits for wrong: it is not stored, and does not wait again while the provider says the same. */
export async function dismissWaiting(tx: StoreTransaction, selection: Selection, nowMs: number): Promise<Decision> {
  await tx.lock([selection.series]);
  const rows = await waitingOf(tx, selection);
  const closed = rows.map(({ id }) => ({ id, outcome: "dismissed" as const }));
  await closeAll(tx, closed, new Date(nowMs).toISOString());
  return decisionOf(tx, selection.series, rows);
}

async function waitingOf(tx: StoreTransaction, { value, ...range }: Selection): Promise<Kept[]> {
  const isIn = (row: Kept) => row.date >= range.from && row.date <= range.to;
  const isIt = (row: Kept) => value === undefined || sameValue(row.value, value);
  const rows = (await tx.kept({ ...range, series: [range.series] })).filter(
    (row) => row.state === "waiting" && isReleasable(row.reason),
  );
  return rows.filter((row) => isIn(row) && isIt(row)).sort((a, b) => a.id - b.id);
}

async function decisionOf(tx: StoreTransaction, series: string, rows: readonly Kept[]): Promise<Decision> {
  const years = rows.map(({ date }) => yearOf(date));
  return { count: rows.length, pages: await pagesAt(tx, series, years) };
}
