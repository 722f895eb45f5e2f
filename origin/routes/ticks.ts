import type { Context } from "hono";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { stalledSeries, type TickState } from "#core/ingest/ticks.ts";
import { contentHash } from "#core/ops/hash.ts";
import { findProvider, findSeries } from "#core/providers/provider-list.ts";
import { type PlainDate, yearOf } from "#core/time/dates.ts";
import { MAX_READINGS, type SeriesReading } from "#core/wire/internal.ts";
import { type PollCommit, pollSchema } from "#core/wire/polls.ts";
import type { OriginEnv } from "../app.ts";
import type { Services } from "../services.ts";
import { invalid, withBody } from "./body.ts";
import { serveFromNowOn } from "./serve.ts";

/** A poll dated further ahead than this would keep all that follow from being the newest. */
const MAX_AHEAD_MS = 10 * 60_000;
const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };

/** POST /internal/ticks: stores what an intraday provider said at an instant, and the last values of days that it ends. */
export function tickRoute(c: Context<OriginEnv>): Promise<Response> {
  return withBody(c, pollSchema, async ({ poll }) => {
    const { ticks, now, log } = c.var.services;
    const provider = findProvider(poll.provider);
    const isOwn = (id: string) => findSeries(id)?.provider === poll.provider;
    if (provider === undefined || ![...Object.keys(poll.values), ...poll.tracked].every(isOwn))
      return invalid(c, [{ parameter: "poll", detail: "must be of a known provider and its series" }]);
    if (Date.parse(poll.instant) > now() + MAX_AHEAD_MS)
      return invalid(c, [{ parameter: "poll.instant", detail: "must not be in the future" }]);
    const { state, ticks: stored, held, outcome } = await ticks.commit(poll, provider.publication.zone);
    const closed = await closeDays(state, c.var.services);
    const commit: PollCommit = { outcome, ticks: stored.length, held, closed };
    log("ticks", { provider: provider.id, ...commit, closed: closed.length });
    // Said once, by the poll that finds it: the alarm of quarantined values counts these lines.
    const [before, stalled] = [now() - poll.everySeconds * 1_000, now()].map((ms) => stalledSeries(state, ms).length);
    const count = (stalled ?? 0) - (before ?? 0);
    if (count > 0) log("quarantine", { provider: provider.id, count });
    return c.body(JSON.stringify(commit), 200, HEADERS);
  });
}

/** Stores the last values of days that are over as observations of these days. What fails is done again by the next poll. */
async function closeDays({ provider, closing }: TickState, services: Services): Promise<PlainDate[]> {
  const { store, ticks, now, log } = services;
  const days = Object.keys(closing).sort();
  for (const date of days) {
    const values = closing[date] ?? {};
    const readings = Object.entries(values).map(
      ([series, value]): SeriesReading => ({
        batch_id: `${series}:${date}:close:${contentHash(value)}`,
        provider,
        fetched_at: new Date(now()).toISOString(),
        series,
        year: yearOf(date),
        complete: null,
        based_on: null,
        observations: [[date, value]],
      }),
    );
    for (let start = 0; start < readings.length; start += MAX_READINGS) {
      const { pages, quarantined } = await store.commitAll(readings.slice(start, start + MAX_READINGS), now());
      serveFromNowOn(pages, services);
      if (quarantined > 0) log("quarantine", { provider, date, count: quarantined });
    }
    await ticks.closed(provider, date, values);
  }
  return days;
}
