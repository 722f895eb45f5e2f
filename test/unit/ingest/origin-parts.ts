import { applyPoll, type TickState } from "#core/ingest/ticks.ts";
import type { Board } from "#core/pages/board.ts";
import type { ReadingCommit } from "#core/wire/internal.ts";
import type { PollCommit, PollMessage } from "#core/wire/polls.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import type { Row } from "./origin.ts";

/** The newest values of a provider among rows by series and date. */
export function boardOf(provider: string, rows: ReadonlyMap<string, ReadonlyMap<string, Row>>): Board {
  const values: Record<string, [string, string]> = {};
  let version = 0;
  for (const [series, byDate] of rows) {
    if (!series.startsWith(`${provider}.`)) continue;
    for (const [date, { value, seq, withdrawn }] of byDate) {
      version = Math.max(version, seq);
      if (!withdrawn && date > (values[series]?.[0] ?? "")) values[series] = [date, value];
    }
  }
  return { provider, version, values };
}

/** What several readings came to. */
export function sumOf(commits: readonly ReadingCommit[]): ReadingCommit {
  const total: ReadingCommit = {
    accepted: 0,
    unchanged: 0,
    revised: 0,
    withdrawn: 0,
    quarantined: 0,
    overtaken: 0,
    pages: [],
  };
  for (const { pages, ...counts } of commits) {
    for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count;
    total.pages.push(...pages);
  }
  return total;
}

/** What the origin remembers of polls, in memory. */
export class TestPolls {
  readonly states = new Map<string, TickState>();

  commit({ poll }: PollMessage, { chaos, isOld }: { chaos: string; isOld: boolean }): PollCommit {
    if (chaos === "away") throw new OriginFailure("unreachable", "ticks");
    if (isOld) throw new OriginFailure("status", "ticks", 404);
    const { state, ticks, held, outcome } = applyPoll(this.states.get(poll.provider), poll, (at) => at.slice(0, 10));
    this.states.set(poll.provider, state);
    if (chaos === "answer_lost") throw new OriginFailure("timeout", "ticks");
    return { outcome, ticks: ticks.length, held, closed: [] };
  }
}
