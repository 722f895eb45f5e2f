import type { Counts } from "#core/budget.ts";
import { isPlainDate } from "#core/dates.ts";
import type { Blind, ReadingKind, ScheduleState } from "#core/schedule.ts";
import { SERIES } from "#core/series.ts";
import { ingestKeyOf } from "../keys.ts";
import type { Command, Reply } from "../redis.ts";
import type { IngestRedis } from "./ports.ts";

/** What the ingestion remembers between ticks: one Redis hash, so that ticks and consumers write their fields alone. */
export const INGEST_KEY = ingestKeyOf("banxico");

export type Fields = Readonly<Record<string, string>>;

const KINDS: readonly ReadingKind[] = ["history", "audit", "reconcile", "latest"];

/** The field that holds the newest stored date of a series. */
export const newestField = (series: string): string => `newest:${series}`;
/** The field that holds the highest published version of a series. */
export const versionField = (series: string): string => `version:${series}`;

/** The hash as it stands, counters of requests included; throws where Redis can't be read, or takes nothing to remember. */
export async function readFields(redis: IngestRedis, nowMs: number): Promise<Fields> {
  const [, hash] = await redis.pipeline([
    ["HSET", INGEST_KEY, "ticked", nowMs],
    ["HGETALL", INGEST_KEY],
  ]);
  return fieldsOf(hash);
}

/** HGETALL's reply, a list of names and values in turn. */
export function fieldsOf(reply: Reply | undefined): Fields & Counts {
  const fields: Record<string, string> = {};
  if (!Array.isArray(reply)) return fields;
  for (let index = 0; index + 1 < reply.length; index += 2) fields[String(reply[index])] = String(reply[index + 1]);
  return fields;
}

/** Fields that are missing or make no sense count as never set: the schedule then does its work once more. */
export function decodeState(fields: Fields, { empty, unknown }: Pick<Blind, "empty" | "unknown">): ScheduleState {
  const ids = SERIES.map(({ id }) => id);
  const newest = ids
    .map((id) => [id, fields[newestField(id)]] as const)
    .filter(([, date]) => date && isPlainDate(date));
  return {
    empty,
    unknown,
    newest: Object.fromEntries(newest) as Record<string, string>,
    attemptMs: instantsOf(fields, "attempt", KINDS),
    historyMs: instantsOf(fields, "history", ids),
    failingSinceMs: instantOf(fields.failing_since),
    blockedUntilMs: instantOf(fields.blocked_until),
    auditDueMs: instantOf(fields.audit_due),
    auditMisses: instantOf(fields.audit_misses) ?? 0,
    republishedMs: instantOf(fields.republished),
  };
}

/** The commands that turn one remembered state into another. */
export function changeCommands(before: ScheduleState, after: ScheduleState): Command[] {
  const [old, now] = [encodeState(before), encodeState(after)];
  const changed = [...now].filter(([name, value]) => old.get(name) !== value);
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const commands: Command[] = [];
  if (changed.length > 0) commands.push(["HSET", INGEST_KEY, ...changed.flat()]);
  if (gone.length > 0) commands.push(["HDEL", INGEST_KEY, ...gone]);
  return commands;
}

function encodeState(state: ScheduleState): Map<string, string> {
  const fields: [string, string | number | undefined][] = [
    ...Object.entries(state.newest).map(([id, date]): [string, string] => [newestField(id), date]),
    ...Object.entries(state.attemptMs).map(([kind, ms]): [string, number] => [`attempt:${kind}`, ms]),
    ...Object.entries(state.historyMs).map(([id, ms]): [string, number] => [`history:${id}`, ms]),
    ["failing_since", state.failingSinceMs],
    ["blocked_until", state.blockedUntilMs],
    ["audit_due", state.auditDueMs],
    ["audit_misses", state.auditMisses],
    ["republished", state.republishedMs],
  ];
  return new Map(fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}

function instantsOf(fields: Fields, prefix: string, names: readonly string[]): Record<string, number> {
  const instants = names.map((name) => [name, instantOf(fields[`${prefix}:${name}`])] as const);
  return Object.fromEntries(instants.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function instantOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
