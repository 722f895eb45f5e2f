/** Every Redis key that the edge reads or writes. Shapes and lifetimes are described in docs/storage.md. */

const PREFIX = "paridad:v1";

export const pageKeyOf = (series: string, year: number): string => `${PREFIX}:page:${series}:${year}`;

export const boardKeyOf = (provider: string): string => `${PREFIX}:board:${provider}`;

export const breakerKeyOf = (name: string): string => `${PREFIX}:breaker:${name}`;

/** As long as it exists, an intraday provider is not polled again. */
export const pollKeyOf = (provider: string): string => `${PREFIX}:poll:${provider}`;

export const ingestKeyOf = (provider: string): string => `${PREFIX}:ingest:${provider}`;

/** Counters of one minute, counted from the epoch. */
export const statsKeyOf = (nowMs: number): string => `${PREFIX}:stats:${Math.floor(nowMs / 60_000)}`;

/** The start of the last minute whose counters the origin has, epoch milliseconds. */
export const STATS_REPORTED_KEY = `${PREFIX}:stats-reported`;

/** Counters of the edge since Redis was last emptied, for GET /metrics. */
export const TOTALS_KEY = `${PREFIX}:totals`;

/** How far live updates are: latest and published numbers of events, and when that was found, epoch milliseconds. */
export const EVENTS_KEY = `${PREFIX}:events`;

/** A hash by message id: batches that could not be stored, until they are replayed. */
export const DEAD_LETTERS_KEY = `${PREFIX}:dead-letters`;

/** Set by an operator (tools/operate/replay): the next tick of the cron sends all dead letters to the queue again. */
export const REPLAY_REQUESTED_KEY = `${PREFIX}:replay-requested`;

/** Set by an operator (docs/runbooks/rollback.md): the next tick of the cron empties the cache in front of the worker. */
export const PURGE_REQUESTED_KEY = `${PREFIX}:purge-requested`;
