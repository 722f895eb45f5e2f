import { CARRY_FORWARD_DAYS } from "#core/ops/policy.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import type { EventType } from "#core/wire/events.ts";
import type { Refused } from "./plan.ts";
import type { Row } from "./rows.ts";
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

/**
 * Writes the events of what a transaction has stored. To be its last statement, since their numbering makes every other
 * commit wait. Rows that an older release stored without events get theirs here as well.
 */
export async function announce(
  tx: StoreTransaction,
  series: readonly string[],
  refused: readonly Written<Refused>[],
  at: string,
): Promise<void> {
  const rows = series.length === 0 ? [] : await tx.unannounced(series);
  const previous = await previousValues(tx, rows);
  const events = [
    ...rows.map((row) => rateEvent(row, previous.get(row.seq) ?? null)),
    ...refused.map(refusalEvent(at)),
  ];
  if (events.length > 0) await tx.appendEvents(events);
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

/** By sequence number, what each row replaces: its date's value until then or, of a first one, the value before it. */
async function previousValues(tx: StoreTransaction, rows: readonly Row[]): Promise<Map<number, string>> {
  const wanted = new Set(rows.map(({ seq }) => seq));
  const previous = new Map<number, string>();
  for (const ofYear of Map.groupBy(rows, ({ date }) => date.slice(0, 4)).values()) {
    const dates = ofYear.map(({ date }) => date).sort();
    const [first, last] = [dates[0] as string, dates.at(-1) as string];
    const series = [...new Set(ofYear.map((row) => row.series))];
    const read = await tx.read({ series, from: addDays(first, -CARRY_FORWARD_DAYS), to: last });
    for (const ofSeries of Map.groupBy(
      read.filter(({ seq }) => seq > 0),
      (row) => row.series,
    ).values())
      for (const [seq, value] of replacedIn(ofSeries)) if (wanted.has(seq)) previous.set(seq, value);
  }
  return previous;
}

/** `rows` are of one series, in order. */
function* replacedIn(rows: readonly Row[]): Generator<[seq: number, value: string]> {
  let earlier: Row | undefined;
  let last: Row | undefined;
  for (const row of rows) {
    if (last?.date !== row.date && last?.withdrawn === false) earlier = last;
    const replaced = last?.date === row.date ? last : nearTo(row.date, earlier);
    if (replaced?.withdrawn === false) yield [row.seq, replaced.value];
    last = row;
  }
}

function nearTo(date: PlainDate, row: Row | undefined): Row | undefined {
  return row !== undefined && row.date >= addDays(date, -CARRY_FORWARD_DAYS) ? row : undefined;
}
