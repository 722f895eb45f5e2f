import { CARRY_FORWARD_DAYS } from "#core/ops/policy.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import type { EventType } from "#core/wire/events.ts";
import type { Refused } from "./plan.ts";
import { inOrder, type Row } from "./rows.ts";
import type { CurrentValues } from "./state.ts";
import type { StoreTransaction, Written } from "./transaction.ts";

/** The events of a transaction: one for each observation that it stored, and for each value that it put in quarantine. */

/** What a row holds besides its columns. */
export type StoredEventData =
  | {
      base: string;
      quote: string;
      date: PlainDate;
      rate: string | null;
      previous: string | null;
      revised: boolean;
    }
  | { date: PlainDate; value: string; reason: string };

/** An event that has no number yet. */
export interface NewEvent {
  type: EventType;
  subject: string;
  version: number | null;
  data: StoredEventData;
  occurredAt: string;
  batchId: string;
}

/** What a transaction knows of a series. */
export interface Known {
  /** The series' highest sequence number before it wrote; 0 if it had no rows. */
  seq: number;
  /** What was there before it wrote, around the rows that it wrote. */
  current: CurrentValues;
  /** At least the rows that it wrote. */
  rows: readonly Written<Row>[];
}

/**
 * Writes the events of what a transaction has stored. To be its last statement, since their numbering makes every other
 * commit wait. Rows that an older release stored without events get theirs here as well. What is `known` of a series is
 * not read again.
 */
export async function announce(
  tx: StoreTransaction,
  series: readonly string[],
  refused: readonly Written<Refused>[],
  at: string,
  known: ReadonlyMap<string, Known> = new Map(),
): Promise<void> {
  const rows = series.length === 0 ? [] : await unannounced(tx, series, known);
  const previous = await previousValues(tx, rows, known);
  const events = [
    ...rows.map((row) => rateEvent(row, previous.get(row.seq) ?? null)),
    ...refused.map(refusalEvent(at)),
  ];
  if (events.length > 0) await tx.appendEvents(events);
}

/** The observations of these series that no event is about, ascending by sequence number. */
async function unannounced(
  tx: StoreTransaction,
  series: readonly string[],
  known: ReadonlyMap<string, Known>,
): Promise<Written<Row>[]> {
  const announced = await tx.announced(series);
  const rows: Written<Row>[] = [];
  for (const id of new Set(series)) {
    const last = announced.get(id) ?? 0;
    const ofSeries = known.get(id);
    // Numbers ascend: what a series has got since is what this transaction has written.
    if (ofSeries && last >= ofSeries.seq) rows.push(...ofSeries.rows.filter(({ seq }) => seq > ofSeries.seq));
    else rows.push(...(await tx.addedSince([id], last)));
  }
  return rows.sort((a, b) => a.seq - b.seq);
}

function rateEvent(
  { series, date, value, revision, seq, withdrawn, observedAt, batchId }: Written<Row>,
  previous: string | null,
): NewEvent {
  const { base = "", quote = "" } = findSeries(series) ?? {};
  const revised = revision > 0;
  return {
    type: withdrawn ? "rate.withdrawn" : revised ? "rate.revised" : "rate.published",
    subject: series,
    version: seq,
    data: { base, quote, date, rate: withdrawn ? null : value, previous, revised },
    occurredAt: observedAt,
    batchId,
  };
}

function refusalEvent(at: string): (row: Written<Refused>) => NewEvent {
  return ({ series, date, value, reason, batchId }) => ({
    type: "rate.quarantined",
    subject: series,
    version: null,
    data: { date, value, reason },
    occurredAt: at,
    batchId,
  });
}

/** A row as far as an event tells of it. */
type Told = Pick<Row, "date" | "value" | "revision" | "seq" | "withdrawn">;

/** By sequence number, what rows replace: their date's value until then or, of a first one, the value before it. */
async function previousValues(
  tx: StoreTransaction,
  rows: readonly Row[],
  known: ReadonlyMap<string, Known>,
): Promise<Map<number, string>> {
  const previous: [seq: number, value: string][] = [];
  const unknown: Row[] = [];
  for (const [series, ofSeries] of Map.groupBy(rows, (row) => row.series)) {
    const before = known.get(series);
    if (before === undefined || ofSeries.some(({ seq }) => seq <= before.seq)) unknown.push(...ofSeries);
    else previous.push(...replacedIn([...toldOf(before), ...ofSeries]));
  }
  for (const ofYear of Map.groupBy(unknown, ({ date }) => date.slice(0, 4)).values()) {
    const dates = ofYear.map(({ date }) => date).sort();
    const [first, last] = [dates[0] as string, dates.at(-1) as string];
    const series = [...new Set(ofYear.map((row) => row.series))];
    const read = await tx.read({ series, from: addDays(first, -CARRY_FORWARD_DAYS), to: last });
    const stored = read.filter(({ seq }) => seq > 0);
    for (const ofSeries of Map.groupBy(stored, (row) => row.series).values()) previous.push(...replacedIn(ofSeries));
  }
  return new Map(previous);
}

function toldOf({ current }: Known): Told[] {
  return Array.from(current, ([date, row]) => ({ date, ...row }));
}

/** `rows` are of one series. */
function* replacedIn(rows: readonly Told[]): Generator<[seq: number, value: string]> {
  let earlier: Told | undefined;
  let last: Told | undefined;
  for (const row of inOrder(rows)) {
    if (last?.date !== row.date && last?.withdrawn === false) earlier = last;
    const replaced = last?.date === row.date ? last : nearTo(row.date, earlier);
    if (replaced?.withdrawn === false) yield [row.seq, replaced.value];
    last = row;
  }
}

function nearTo(date: PlainDate, row: Told | undefined): Told | undefined {
  return row !== undefined && row.date >= addDays(date, -CARRY_FORWARD_DAYS) ? row : undefined;
}
