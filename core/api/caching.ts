import type { Policy } from "../ops/policy.ts";
import { freshnessOf, type Outlook } from "../rates/freshness.ts";
import { addDays, type PlainDate } from "../time/dates.ts";

/** How long others may keep a response: `client` for clients, `edge` for the cache in front of the worker (seconds). */
export interface Lifetimes {
  clientSeconds: number;
  edgeSeconds: number;
  edgeStaleSeconds: number;
  edgeErrorSeconds: number;
}

/**
 * now: depends on the newest observation. average: likewise, and read less urgently. settled: of days that are over and
 * complete, but so recent that every reconcile reads them again. closed: older; only a rare revision changes it. log: the
 * next event may come at any moment.
 */
export type ResponseKind = "now" | "average" | "settled" | "closed" | "log";

const SETTLED: Lifetimes = { clientSeconds: 60, edgeSeconds: 300, edgeStaleSeconds: 300, edgeErrorSeconds: 86_400 };
const CLOSED: Lifetimes = {
  clientSeconds: 3_600,
  edgeSeconds: 21_600,
  edgeStaleSeconds: 3_600,
  edgeErrorSeconds: 86_400,
};
/** What was stored at a past instant: only a restore from a backup changes it. */
export const RECORDED: Lifetimes = {
  clientSeconds: 86_400,
  edgeSeconds: 86_400,
  edgeStaleSeconds: 86_400,
  edgeErrorSeconds: 86_400,
};
/** Documents change only with a release. */
export const DOCUMENT_LIFETIMES: Lifetimes = {
  clientSeconds: 3_600,
  edgeSeconds: 3_600,
  edgeStaleSeconds: 86_400,
  edgeErrorSeconds: 86_400,
};
/** A copy past its freshness may be replaced at any moment. */
export const UNCONFIRMED: Lifetimes = { clientSeconds: 5, edgeSeconds: 5, edgeStaleSeconds: 0, edgeErrorSeconds: 0 };
/** Long enough to spare the origin many readers that ask at once. */
const LOG: Lifetimes = { clientSeconds: 1, edgeSeconds: 1, edgeStaleSeconds: 0, edgeErrorSeconds: 0 };
/** While a publication is awaited it can come at any moment: a response is kept no longer than the pages behind it. */
const AWAITING: Lifetimes = { clientSeconds: 20, edgeSeconds: 20, edgeStaleSeconds: 0, edgeErrorSeconds: 86_400 };

const PUBLISHED: Record<"now" | "average", Lifetimes> = {
  now: { clientSeconds: 60, edgeSeconds: 60, edgeStaleSeconds: 300, edgeErrorSeconds: 86_400 },
  average: { clientSeconds: 60, edgeSeconds: 300, edgeStaleSeconds: 300, edgeErrorSeconds: 86_400 },
};

/**
 * The lifetimes of a response. What depends on now is never kept beyond the next instant at which it can change without
 * a new observation (a publication due, its grace, midnight), not even on errors: until it is marked stale it must not age.
 * `leftMs`: how long that is away, for a response without any observation.
 */
export function lifetimesOf(
  kind: ResponseKind,
  latest: readonly { date: PlainDate; outlook: Outlook }[],
  unconfirmed: boolean,
  pagesFreshUntilMs: number,
  leftMs: number,
): Lifetimes {
  if (unconfirmed) return UNCONFIRMED;
  if (kind === "settled") return SETTLED;
  if (kind === "closed") return CLOSED;
  if (kind === "log") return LOG;
  return latest
    .map(({ date, outlook }) => lifetimesUntilNext(kind, date, outlook, pagesFreshUntilMs))
    .reduce(shortest, latest.length > 0 ? PUBLISHED[kind] : within(PUBLISHED[kind], Math.floor(leftMs / 1000)));
}

function lifetimesUntilNext(
  kind: "now" | "average",
  latest: PlainDate,
  outlook: Outlook,
  pagesFreshUntilMs: number,
): Lifetimes {
  const freshness = freshnessOf(latest, outlook);
  const { nowMs, nextChangeMs } = outlook;
  const isAwaited = nowMs >= freshness.nextUpdateMs;
  const wanted = isAwaited ? AWAITING : PUBLISHED[kind];
  const leftSeconds = Math.floor((nextChangeMs - nowMs) / 1000);
  // A second at least: meanwhile the cache in front of the worker sends it one request instead of all.
  const freshSeconds = isAwaited ? Math.max(1, Math.floor((pagesFreshUntilMs - nowMs) / 1000)) : leftSeconds;
  const fresh = {
    ...wanted,
    clientSeconds: Math.min(wanted.clientSeconds, freshSeconds),
    edgeSeconds: Math.min(wanted.edgeSeconds, freshSeconds),
  };
  const lifetimes = within(fresh, leftSeconds);
  return freshness.stale ? { ...lifetimes, edgeErrorSeconds: wanted.edgeErrorSeconds } : lifetimes;
}

/** The same, ended by an instant that is so many seconds away. */
function within(wanted: Lifetimes, leftSeconds: number): Lifetimes {
  const edgeSeconds = Math.min(wanted.edgeSeconds, leftSeconds);
  return {
    clientSeconds: Math.min(wanted.clientSeconds, leftSeconds),
    edgeSeconds,
    edgeStaleSeconds: Math.min(wanted.edgeStaleSeconds, leftSeconds - edgeSeconds),
    edgeErrorSeconds: Math.min(wanted.edgeErrorSeconds, leftSeconds - edgeSeconds),
  };
}

function shortest(a: Lifetimes, b: Lifetimes): Lifetimes {
  return {
    clientSeconds: Math.min(a.clientSeconds, b.clientSeconds),
    edgeSeconds: Math.min(a.edgeSeconds, b.edgeSeconds),
    edgeStaleSeconds: Math.min(a.edgeStaleSeconds, b.edgeStaleSeconds),
    edgeErrorSeconds: Math.min(a.edgeErrorSeconds, b.edgeErrorSeconds),
  };
}

/** What is left of them for a copy that was made so many seconds ago: it ends when the first one does. */
export function aged(
  { clientSeconds, edgeSeconds, edgeStaleSeconds, edgeErrorSeconds }: Lifetimes,
  ageSeconds: number,
): Lifetimes {
  const left = (seconds: number, spentSeconds: number) => Math.max(0, seconds - Math.max(0, spentSeconds));
  return {
    clientSeconds: left(clientSeconds, ageSeconds),
    edgeSeconds: left(edgeSeconds, ageSeconds),
    // These begin when the copy has expired.
    edgeStaleSeconds: left(edgeStaleSeconds, ageSeconds - edgeSeconds),
    edgeErrorSeconds: left(edgeErrorSeconds, ageSeconds - edgeSeconds),
  };
}

/** A period that ended before the window that every reconcile reads again: only a rare revision changes it. */
export function isClosed(to: PlainDate, today: PlainDate, policy: Policy): boolean {
  return to < addDays(today, -policy.RECONCILE_DAYS);
}

/**
 * Client directives in Cache-Control, the edge's own beside it: `s-maxage` in Cache-Control would switch the edge's
 * stale-while-revalidate and stale-if-error (RFC 5861) off.
 */
export function cacheHeaders({
  clientSeconds,
  edgeSeconds,
  edgeStaleSeconds,
  edgeErrorSeconds,
}: Lifetimes): Record<string, string> {
  const edge = [`public, max-age=${edgeSeconds}`];
  if (edgeStaleSeconds > 0) edge.push(`stale-while-revalidate=${edgeStaleSeconds}`);
  // Unset, stale-if-error would be unbounded.
  edge.push(`stale-if-error=${edgeErrorSeconds}`);
  return { "Cache-Control": `public, max-age=${clientSeconds}`, "Cloudflare-CDN-Cache-Control": edge.join(", ") };
}
