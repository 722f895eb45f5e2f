import type { ReadingTask } from "#core/ingest/schedule.ts";
import { leftOutOf, syncWindow } from "#core/ingest/window.ts";
import type { DateRange, DateSpan, ProviderRequest } from "#core/providers/provider.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Fetched } from "./fetch-all.ts";
import type { ReadingDeps } from "./ports.ts";
import type { Memory } from "./state.ts";

/** The requests that a task makes now. `rest`: the first one that an audit in parts or a window leaves for later. */
export interface Requests {
  requests: ProviderRequest[];
  isInParts: boolean;
  rest?: ProviderRequest | undefined;
}

/** An audit of more requests is made in parts. */
const MAX_UNDIVIDED_REQUESTS = 3;
const MAX_REQUESTS_PER_WINDOW = 10;

/** The dates that a task reads. */
export function spanOf(
  task: ReadingTask,
  memory: Memory | undefined,
  { client, plan, policy }: ReadingDeps,
  nowMs: number,
): DateSpan {
  const { auditTo, newest = {} } = memory?.schedule ?? {};
  if (task.kind === "audit" && task.leftOut) return task.leftOut;
  if (task.kind === "audit") return auditTo === undefined ? "all" : { from: client.provider.firstDate, to: auditTo };
  return task.span === "newest" ? "newest" : syncWindow(nowMs, task.series, newest, plan, policy.RECONCILE_DAYS);
}

/** What a provider serves day by day is read in parts: as much of it as the budget allows now, newest dates first. */
export function requestsOf(
  task: ReadingTask,
  span: DateSpan,
  memory: Memory | undefined,
  deps: ReadingDeps,
  nowMs: number,
): Requests {
  const { plan } = deps;
  const isLaterPart = task.kind === "audit" && (task.leftOut ?? memory?.schedule.auditTo) !== undefined;
  if (isLaterPart && memory && memory.auditAllowance < 1) return { requests: [], isInParts: true };
  const requests = requestsFor(task.series, span, deps, nowMs);
  if (isWindowOfDays(task, plan)) {
    const [rest] = requests.splice(MAX_REQUESTS_PER_WINDOW);
    return { requests, isInParts: false, rest };
  }
  const minRequests = isLaterPart ? 1 : MAX_UNDIVIDED_REQUESTS + 1;
  const isInParts = task.kind === "audit" && requests.length >= minRequests && requests.every(hasOwnDates);
  if (!isInParts) return { requests, isInParts };
  const count = memory?.auditAllowance ?? MAX_UNDIVIDED_REQUESTS;
  return { requests: requests.slice(0, count), isInParts, rest: requests[count] };
}

/** The requests for some of a provider's series. */
export function requestsFor(
  ids: readonly string[],
  span: DateSpan,
  { client }: ReadingDeps,
  nowMs: number,
): ProviderRequest[] {
  const wanted = new Set(ids);
  const series = client.provider.series.filter(({ id }) => wanted.has(id));
  return client.provider.requests({ series, span }, { nowMs, hasSecret: client.hasSecret });
}

/** Whether a request is for some dates rather than for all or the newest. */
export function hasOwnDates({ want }: ProviderRequest): boolean {
  return typeof want.span === "object";
}

/** Where an audit in parts goes on: at what it left, or at the request that failed. */
export function auditToOf({ isInParts, rest }: Requests, { stoppedAt = rest }: Fetched): PlainDate | undefined {
  const span = isInParts ? stoppedAt?.want.span : undefined;
  return typeof span === "object" ? span.to : undefined;
}

/** The dates at which an audit in parts got no further: those before which it stopped at once, or all if it could read none. */
export function unreadOf(
  { requests, isInParts }: Requests,
  { data, stoppedAt, lastSent }: Fetched,
): DateRange | undefined {
  const first = requests[0]?.want.span;
  const last = (data.length === 0 ? lastSent : stoppedAt)?.want.span;
  if (!isInParts || typeof first !== "object" || typeof last !== "object") return undefined;
  return data.length === 0 || last.to === first.to ? { from: last.from, to: first.to } : undefined;
}

/** The dates of a window of which a sync read the newest days only: it takes too many requests, or one failed. */
export function datesLeftOut(
  task: ReadingTask,
  window: DateSpan,
  { rest }: Requests,
  { stoppedAt = rest, data }: Fetched,
  memory: Memory | undefined,
  { plan }: ReadingDeps,
): DateRange | undefined {
  const span = stoppedAt?.want.span;
  if (!isWindowOfDays(task, plan) || typeof window !== "object" || typeof span !== "object") return undefined;
  return leftOutOf(window, span.to, data, memory?.schedule.newest ?? {});
}

/** Whether a task reads a window of a provider that serves one day a request. */
function isWindowOfDays(task: ReadingTask, { isRangeCheap }: ReadingDeps["plan"]): boolean {
  return task.kind === "sync" && task.span === "window" && !isRangeCheap;
}
