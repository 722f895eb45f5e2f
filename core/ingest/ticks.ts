import { type Instant, isSameValue, keptFrom, type Tick, type TickHead } from "../rates/ticks.ts";
import type { PlainDate } from "../time/dates.ts";

/**
 * What one more poll of an intraday provider changes, as a pure function of what is stored: so that polls which arrive twice,
 * late or in another order leave the same behind as in their own order.
 */

/** What a provider said at one instant. */
export interface Poll {
  provider: string;
  /** By the provider's clock. */
  instant: Instant;
  everySeconds: number;
  /** When the provider says that it will have new values. */
  nextUpdate: Instant | null;
  /** The series whose ticks are kept; of the others only the newest value is, and the day's last. */
  tracked: readonly string[];
  values: Readonly<Record<string, string>>;
}

/** What is stored of a provider besides the pages of its ticks. */
export interface TickState {
  provider: string;
  /** Of the newest poll. */
  instant: Instant;
  everySeconds: number;
  nextUpdate: Instant | null;
  tracked: readonly string[];
  heads: Readonly<Record<string, TickHead>>;
  /** The instants of the newest polls, ascending: what is told from them holds for a poll that arrives late. */
  polls: readonly Instant[];
  /** Values that moved too far to be believed at once, and since when. */
  held: Readonly<Record<string, Tick>>;
  /** The last values of days that are over, until they are stored as observations. */
  closing: Readonly<Record<PlainDate, Readonly<Record<string, string>>>>;
}

/** A tick for the history of a series; `resumedAt` as in `withTick`. */
export interface NewTick {
  series: string;
  tick: Tick;
  resumedAt: Instant | undefined;
}

export interface Applied {
  state: TickState;
  ticks: NewTick[];
  /** Values that are not stored because they moved too far. */
  held: number;
  /** duplicate: nothing changes. late: older than anything that is still told apart. */
  outcome: "newest" | "earlier" | "duplicate" | "late";
}

/** Two hours of half minutes. */
export const MAX_POLLS = 240;
/** |ln(new / old)| up to which a tick is believed at once, and up to which a second one confirms it. */
const MAX_MOVE = 0.05;
const MAX_CONFIRMED_MOVE = Math.log(3);
/** For so long a larger move must be repeated: a unit that has changed, and not a slip. */
const CONFIRMED_AFTER_MS = 3_600_000;
const STALLED_AFTER_MS = 600_000;

/** `dateOf`: the date of an instant where the provider is. */
export function applyPoll(before: TickState | undefined, poll: Poll, dateOf: (instant: Instant) => PlainDate): Applied {
  if (before === undefined) return newestPoll(emptyState(poll), poll, dateOf);
  if (poll.instant === before.instant) return sameInstant(before, poll, dateOf);
  if (before.polls.includes(poll.instant)) return unchanged(before, "duplicate");
  if (poll.instant > before.instant) return newestPoll(before, poll, dateOf);
  if (before.polls.length === MAX_POLLS && poll.instant < (before.polls[0] ?? "")) return unchanged(before, "late");
  return earlierPoll(before, poll, dateOf);
}

/**
 * The series without a believable value for ten minutes or three polls longer than they should be: held back, missing from
 * the polls, or of a provider whose polls don't come or don't change. One that is missing for a week has been dropped.
 */
export function stalledSeries({ instant, everySeconds, nextUpdate, heads }: TickState, nowMs: number): string[] {
  const everyMs = everySeconds * 1_000;
  const patienceMs = Math.max(STALLED_AFTER_MS, 3 * everyMs);
  const nextMs = nextUpdate === null ? 0 : Date.parse(nextUpdate);
  return Object.entries(heads).flatMap(([series, { seen }]) => {
    const seenMs = Date.parse(seen);
    const dueMs = seen === instant ? Math.max(seenMs + everyMs, nextMs) : seenMs + everyMs;
    return nowMs - dueMs > patienceMs && seen > keptFrom(Date.parse(instant)) ? [series] : [];
  });
}

/** Another poll of the newest instant: the first one may have lacked series. Which of two values is the later one is not known. */
function sameInstant(before: TickState, poll: Poll, dateOf: (instant: Instant) => PlainDate): Applied {
  const isKnown = (series: string) =>
    before.heads[series]?.seen === poll.instant || before.held[series]?.[0] === poll.instant;
  const values = Object.entries(poll.values).filter(([series]) => !isKnown(series));
  if (values.length === 0) return unchanged(before, "duplicate");
  return newestPoll(before, { ...poll, values: Object.fromEntries(values) }, dateOf);
}

function newestPoll(before: TickState, poll: Poll, dateOf: (instant: Instant) => PlainDate): Applied {
  const { instant } = poll;
  const ticks: NewTick[] = [];
  const heads: Record<string, TickHead> = { ...before.heads };
  const held: Record<string, Tick> = { ...before.held };
  for (const [series, value] of Object.entries(poll.values)) {
    const head = heads[series];
    if (head !== undefined && !isBelieved(head.value, [instant, value], held[series])) {
      const since = held[series];
      held[series] = since !== undefined && isNear(since[1], value) ? [since[0], value] : [instant, value];
      continue;
    }
    delete held[series];
    const isChange = head === undefined || !isSameValue(head.value, value);
    heads[series] = isChange ? { from: instant, value, seen: instant } : { ...head, seen: instant };
    if (isChange) ticks.push({ series, tick: [instant, value], resumedAt: undefined });
  }
  const { provider, everySeconds, nextUpdate, tracked } = poll;
  const state: TickState = {
    provider,
    instant,
    everySeconds,
    nextUpdate,
    tracked,
    heads,
    held,
    polls: [...before.polls.filter((one) => one !== instant), instant].slice(-MAX_POLLS),
    closing: withClose(before, dateOf(instant), dateOf),
  };
  return { state, ticks: trackedOf(ticks, tracked), held: Object.keys(held).length, outcome: "newest" };
}

/** A poll that others overtook. It changes what held from it to the next poll, and perhaps what its day ended with. */
function earlierPoll(before: TickState, poll: Poll, dateOf: (instant: Instant) => PlainDate): Applied {
  const { instant } = poll;
  const ticks: NewTick[] = [];
  const heads: Record<string, TickHead> = { ...before.heads };
  const closes: Record<string, string> = {};
  const resumedAt = before.polls.find((one) => one > instant);
  let held = 0;
  for (const [series, value] of Object.entries(poll.values)) {
    const head = heads[series];
    if (head !== undefined && !isNear(head.value, value)) {
      held++;
      continue;
    }
    closes[series] = value;
    ticks.push({ series, tick: [instant, value], resumedAt });
    heads[series] = earlierHead(head, [instant, value], resumedAt);
  }
  const day = dateOf(instant);
  const isLastOfDay = !before.polls.some((one) => one > instant && dateOf(one) === day);
  const isOver = day < dateOf(before.instant);
  const closing =
    isOver && isLastOfDay ? { ...before.closing, [day]: { ...before.closing[day], ...closes } } : before.closing;
  const state = { ...before, heads, closing, polls: [...before.polls, instant].sort().slice(-MAX_POLLS) };
  return { state, ticks: trackedOf(ticks, before.tracked), held, outcome: "earlier" };
}

/** The newest value stays what it is, if a later poll gave it; since when it holds may be told better. */
function earlierHead(head: TickHead | undefined, [instant, value]: Tick, next: Instant | undefined): TickHead {
  if (head === undefined || head.seen < instant) {
    const from = head !== undefined && isSameValue(head.value, value) ? head.from : instant;
    return { from, value, seen: instant };
  }
  if (isSameValue(head.value, value)) return head.from === next ? { ...head, from: instant } : head;
  return head.from <= instant && next !== undefined ? { ...head, from: next } : head;
}

/** Once a day is over, what it ended with. A series that was not seen on it has no close. */
function withClose(
  { instant, heads, closing }: TickState,
  today: PlainDate,
  dateOf: (instant: Instant) => PlainDate,
): TickState["closing"] {
  const day = dateOf(instant);
  if (day >= today) return closing;
  const ofDay = Object.entries(heads).filter(([, { seen }]) => dateOf(seen) === day);
  if (ofDay.length === 0) return closing;
  return { ...closing, [day]: Object.fromEntries(ofDay.map(([series, { value }]) => [series, value])) };
}

/** A far move is believed once it is repeated: by the next poll, or for an hour if it is a factor of three or more. */
function isBelieved(current: string, [instant, value]: Tick, waiting: Tick | undefined): boolean {
  const move = moveBetween(current, value);
  if (move <= MAX_MOVE) return true;
  if (waiting === undefined || !isNear(waiting[1], value)) return false;
  return move <= MAX_CONFIRMED_MOVE || Date.parse(instant) - Date.parse(waiting[0]) >= CONFIRMED_AFTER_MS;
}

function isNear(a: string, b: string): boolean {
  return moveBetween(a, b) <= MAX_MOVE;
}

function moveBetween(a: string, b: string): number {
  return Math.abs(Math.log(Number(a) / Number(b)));
}

function trackedOf(ticks: readonly NewTick[], tracked: readonly string[]): NewTick[] {
  return ticks.filter(({ series }) => tracked.includes(series));
}

function emptyState({ values: _, ...poll }: Poll): TickState {
  return { ...poll, heads: {}, polls: [], held: {}, closing: {} };
}

function unchanged(state: TickState, outcome: Applied["outcome"]): Applied {
  return { state, ticks: [], held: 0, outcome };
}
