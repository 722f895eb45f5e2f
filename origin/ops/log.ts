import { scrub } from "#core/ops/scrub.ts";

/** Writes one line of JSON. The event's name is what metric filters count. */
export type Log = (event: string, fields?: Record<string, unknown>) => void;

/** How long a line may wait for others, so that under load one write takes many. */
const FLUSH_MS = 50;
const MAX_WAITING = 64 * 1024;

/** A log that writes whole lines, within 50 ms or at `flush`. `now`: epoch milliseconds. */
export function createLog(write: (lines: string) => void, now: () => number): Log & { flush: () => void } {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = "";
    if (lines !== "") write(lines);
  };
  // Under load many lines share a millisecond.
  let [atMs, at] = [Number.NaN, ""];
  const log = (event: string, fields: Record<string, unknown> = {}) => {
    const nowMs = now();
    if (nowMs !== atMs) [atMs, at] = [nowMs, new Date(nowMs).toISOString()];
    // A copy of the fields with two more would cost as much as writing them.
    const rest = JSON.stringify(fields).slice(1);
    waiting += `{"event":"${event}","at":"${at}"${rest === "}" ? "" : ","}${rest}\n`;
    if (waiting.length >= MAX_WAITING) flush();
    else timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
  return Object.assign(log, { flush });
}

const MAX_MESSAGE_LENGTH = 300;

/** What operators need of an error. The outer messages of database errors quote whole statements; the root's does not. */
export function errorFields(error: unknown): Record<string, unknown> {
  const root = rootOf(error);
  if (!(root instanceof Error)) return { error: typeof root };
  const { code } = root as { code?: unknown };
  return {
    error: root.name,
    ...(typeof code === "string" && { code }),
    message: scrub(root.message).slice(0, MAX_MESSAGE_LENGTH),
    stack: framesOf(root),
  };
}

/** What a tool says of the error that ended it. */
export function reasonOf(error: unknown): string {
  const root = rootOf(error);
  if (!(root instanceof Error)) return String(root);
  const { code = root.name } = root as { code?: unknown };
  // Node tries all addresses of a name, and says nothing where each of them fails.
  const reason = scrub(root.message || String(code));
  return NO_TABLE.test(reason) ? `${reason} (npm run migrate brings a database up to date)` : reason;
}

/** As SQLite and MySQL say it. */
const NO_TABLE = /no such (?:table|column)|^Table '.*' doesn't exist|^Unknown column/;

function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("at ")).slice(0, 5);
}
