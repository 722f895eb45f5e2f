import { sql } from "drizzle-orm";
import type { TickSource } from "#core/ingest/tick-source.ts";
import { type Applied, applyPoll, type NewTick, type Poll, type TickState } from "#core/ingest/ticks.ts";
import {
  dateOfInstant,
  historyOf,
  type Instant,
  keptFrom,
  pagesOf,
  periodOf,
  slotOf,
  type Tick,
  type TickHead,
  type TickPage,
  withTick,
} from "#core/rates/ticks.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Zone } from "#core/time/zones.ts";
import { forUpdate, listOf, orLock, rowsOf, type SqlSession } from "./sql-session.ts";
import type { Store } from "./store.ts";

/** Intraday values in a store: `tick_boards` and `tick_pages`. Commits of a provider come one after the other. */
export class Ticks implements TickSource {
  readonly #store: Pick<Store, "transaction">;
  readonly #now: () => number;

  /** `now`: epoch milliseconds. */
  constructor(store: Pick<Store, "transaction">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  state(provider: string): Promise<TickState | undefined> {
    return this.#store.transaction("ticks_read", (session) => readState(session, provider));
  }

  pages(series: string, from: Instant): Promise<TickPage[]> {
    const kept = keptFrom(this.#now());
    const since = from > kept ? from : kept;
    // Whole days: a day's page begins before any hour of it, and what is in force needs the ticks before it.
    return this.#store.transaction("ticks_read", (session) => readPages(session, [series], since.slice(0, 10)));
  }

  /** Stores what a poll says; the same poll twice changes nothing. */
  commit(poll: Poll, zone: Zone): Promise<Applied> {
    return this.#store.transaction("ticks_commit", async (session) => {
      const before = await lockState(session, poll.provider);
      const applied = applyPoll(before, poll, (instant) => dateOfInstant(instant, zone));
      if (applied.state === before) return applied;
      await writeTicks(session, poll, applied.ticks, before?.heads ?? {}, keptFrom(this.#now()));
      await writeState(session, applied.state);
      return applied;
    });
  }

  /** Forgets the last values of a day, now that these are stored as observations. */
  closed(provider: string, date: PlainDate, values: Readonly<Record<string, string>>): Promise<void> {
    return this.#store.transaction("ticks_commit", async (session) => {
      const state = await lockState(session, provider);
      const { [date]: waiting, ...closing } = state?.closing ?? {};
      // A poll that came late may have changed them meanwhile.
      if (state === undefined || JSON.stringify(waiting) !== JSON.stringify(values)) return;
      await writeState(session, { ...state, closing });
    });
  }
}

/** Puts each tick into its page. One that is late may change the pages after it too. */
async function writeTicks(
  session: SqlSession,
  poll: Poll,
  ticks: readonly NewTick[],
  heads: Readonly<Record<string, TickHead>>,
  kept: Instant,
): Promise<void> {
  const { instant, everySeconds } = poll;
  if (ticks.length === 0 || instant < kept) return;
  const since = periodOf(instant, everySeconds);
  const series = ticks.map((tick) => tick.series);
  const stored = Map.groupBy(await readPages(session, series, since), (page) => page.series);
  const changed = ticks.flatMap((tick) => {
    const before = stored.get(tick.series) ?? [];
    const history = withTick(historyFrom(before, heads[tick.series], instant), tick.tick, tick.resumedAt);
    const periods = [since, ...before.map(({ period }) => period)];
    const pages = pagesOf(tick.series, history, { since, everySeconds, periods });
    const texts = new Set(before.map((page) => JSON.stringify(page)));
    return pages.filter((page) => !texts.has(JSON.stringify(page)));
  });
  if (changed.length === 0) return;
  const rows = changed.map(({ series: id, period, opening, ticks: own }) => [
    id,
    slotOf(period),
    period,
    JSON.stringify({ opening, ticks: own }),
  ]);
  const into = sql`INTO tick_pages (series_id, slot, period, content) VALUES ${rowsOf(rows)}`;
  await session.run(
    session.dialect === "mysql"
      ? sql`INSERT ${into} ON DUPLICATE KEY UPDATE period = VALUES(period), content = VALUES(content)`
      : sql`INSERT ${into} ON CONFLICT (series_id, slot) DO UPDATE SET period = excluded.period, content = excluded.content`,
  );
}

/** What is stored from a period on; where that is nothing, what has held since before it. */
function historyFrom(pages: readonly TickPage[], head: TickHead | undefined, instant: Instant): Tick[] {
  const history = historyOf(pages);
  const isHeld = head !== undefined && head.from < instant && history.length === 0;
  return isHeld ? [[head.from, head.value]] : history;
}

async function readPages(session: SqlSession, series: readonly string[], from: string): Promise<TickPage[]> {
  const rows = await session.select<{ series: string; period: string; content: string }>(
    { series: sql`series_id`, period: sql`period`, content: sql`content` },
    sql`FROM tick_pages WHERE series_id IN ${listOf(series)} AND period >= ${from}
      ORDER BY series_id, period`,
  );
  return rows.map(({ series: id, period, content }) => {
    const { opening, ticks } = JSON.parse(content) as Pick<TickPage, "opening" | "ticks">;
    return { series: id, period, opening, ticks };
  });
}

async function readState(session: SqlSession, provider: string, isLocked = false): Promise<TickState | undefined> {
  const [row] = await session.select<{ content: string }>(
    { content: sql`content` },
    sql`FROM tick_boards WHERE provider = ${provider}${isLocked ? forUpdate(session) : sql``}`,
  );
  return row === undefined || row.content === "" ? undefined : (JSON.parse(row.content) as TickState);
}

/** The same with its row locked, which is made for a provider that has none. */
async function lockState(session: SqlSession, provider: string): Promise<TickState | undefined> {
  await session.run(sql`INSERT INTO tick_boards (provider, content) VALUES (${provider}, ${""})
    ${orLock(session, sql`provider`)}`);
  return readState(session, provider, true);
}

async function writeState(session: SqlSession, state: TickState): Promise<void> {
  await session.run(sql`UPDATE tick_boards SET content = ${JSON.stringify(state)} WHERE provider = ${state.provider}`);
}
