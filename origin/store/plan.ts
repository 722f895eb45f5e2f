import type { PlainDate } from "#core/dates.ts";
import { parseDecimal } from "#core/decimal.ts";
import type { Batch, Commit } from "#core/internal.ts";
import { type Candidate, type Refusal, review } from "#core/review.ts";

/** contradiction: one batch gives two values for one date. not_storable: more digits than the tables hold. */
export type Reason = Refusal | "contradiction" | "not_storable";

/** The one reason that a person may set aside: what is refused for any other can't be a rate of that day. */
export const RELEASABLE = "implausible_jump" satisfies Reason;

/** The current value of a date, as stored. */
export interface Current {
  value: string;
  revision: number;
  /** When it was stored (RFC 3339, UTC). */
  observedAt: string;
}

/** Series → date → current value. Dates ascend. */
export type CurrentValues = ReadonlyMap<string, ReadonlyMap<PlainDate, Current>>;

export interface NewObservation extends Candidate {
  scale: number;
  revision: number;
}

export interface Refused extends Candidate {
  reason: Reason;
}

export interface Plan {
  observations: NewObservation[];
  refused: Refused[];
  counts: Omit<Commit, "pages">;
}

/** What DECIMAL(20,8) holds. */
const MOST_DECIMALS = 8;
const MOST_WHOLE_DIGITS = 12;

/**
 * What storing a batch comes to, given what is stored: what is new, what revises, what is refused. Each value is reviewed
 * against the one before it, stored or of this batch. `isReleased` says whether a person has let a value pass.
 * What was fetched before a date's current value was stored does not revise it: a message that was long under way must
 * not bring an old value back. If it was right after all, the next reconcile sends it again.
 */
export function planCommit(
  { observations: batch, fetched_at }: Pick<Batch, "observations" | "fetched_at">,
  current: CurrentValues,
  isReleased: (candidate: Candidate) => boolean,
  nowMs: number,
): Plan {
  const plan: Plan = {
    observations: [],
    refused: [],
    counts: { accepted: 0, unchanged: 0, revised: 0, quarantined: 0 },
  };
  const fetchedMs = Date.parse(fetched_at);
  for (const [series, candidates] of bySeries(batch)) planSeries(candidates, current.get(series) ?? new Map());
  plan.counts.quarantined = plan.refused.length;
  return plan;

  function planSeries(candidates: Candidate[], stored: ReadonlyMap<PlainDate, Current>): void {
    const contradicted = contradictedDates(candidates);
    const storedDates = [...stored.keys()];
    let next = 0;
    let previous: { date: PlainDate; value: string } | undefined;
    let done: Candidate | undefined;
    for (const candidate of candidates) {
      const { date, value } = candidate;
      for (; next < storedDates.length && (storedDates[next] as PlainDate) < date; next++) {
        const storedDate = storedDates[next] as PlainDate;
        // A value of this batch for the same date stands in place of the stored one.
        if (previous === undefined || storedDate > previous.date)
          previous = { date: storedDate, value: (stored.get(storedDate) as Current).value };
      }
      if (done?.date === date && done.value === value) continue;
      done = candidate;
      const before = stored.get(date);
      // What was stored in time to come was stored under a wrong clock: it overtakes nothing.
      const storedMs = before ? Date.parse(before.observedAt) : Number.NEGATIVE_INFINITY;
      const isOvertaken = fetchedMs < storedMs && storedMs <= nowMs;
      if ((before?.value === value || isOvertaken) && !contradicted.has(date)) {
        plan.counts.unchanged++;
        continue;
      }
      const reason = contradicted.has(date) ? "contradiction" : reasonAgainst(candidate, previous);
      if (reason !== undefined) {
        plan.refused.push({ ...candidate, reason });
        continue;
      }
      const { scale } = parseDecimal(value);
      plan.observations.push({ ...candidate, scale, revision: before ? before.revision + 1 : 0 });
      plan.counts[before ? "revised" : "accepted"]++;
      previous = { date, value };
    }
  }

  function reasonAgainst(candidate: Candidate, previous: Omit<Candidate, "series"> | undefined): Reason | undefined {
    const refusal = review(candidate, previous, nowMs);
    if (refusal === RELEASABLE && isReleased(candidate)) return undefined;
    return refusal ?? (isStorable(candidate.value) ? undefined : "not_storable");
  }
}

function bySeries(batch: readonly Candidate[]): Map<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const { series, date, value } of batch) {
    const group = groups.get(series);
    if (group) group.push({ series, date, value });
    else groups.set(series, [{ series, date, value }]);
  }
  const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  for (const group of groups.values()) group.sort((a, b) => inOrder(a.date, b.date) || inOrder(a.value, b.value));
  return groups;
}

/** The dates that come with two values: which one is right is not ours to guess. */
function contradictedDates(sorted: readonly Candidate[]): Set<PlainDate> {
  const dates = new Set<PlainDate>();
  sorted.forEach(({ date, value }, index) => {
    const before = sorted[index - 1];
    if (before?.date === date && before.value !== value) dates.add(date);
  });
  return dates;
}

function isStorable(value: string): boolean {
  const { scale } = parseDecimal(value);
  const wholeDigits = scale === 0 ? value.length : value.length - scale - 1;
  return scale <= MOST_DECIMALS && wholeDigits <= MOST_WHOLE_DIGITS;
}
