import { allowanceOf, type Counts, usageOf } from "#core/ingest/budget.ts";
import type { Plan } from "#core/ingest/plan.ts";
import type { ScheduleState } from "#core/ingest/schedule.ts";
import type { DateRange } from "#core/providers/provider.ts";
import { addDays, isPlainDate } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import { breakerKeyOf, ingestKeyOf } from "#core/wire/keys.ts";
import { type Command, RedisFailure, type Reply } from "../clients/redis-client.ts";
import type { IngestRedis } from "./ports.ts";
import { decodeSent, encodeSent, type Sent, sentField } from "./sent.ts";

/**
 * What the ingestion of a provider remembers between ticks: one Redis hash, so that ticks and consumers write only their
 * fields.
 */
export type Fields = Readonly<Record<string, string>>;

/** What a tick goes by: for the schedule, for the readings, and what was sent already. */
export interface Memory {
  schedule: ScheduleState;
  /** The highest published version of each series. */
  versions: Readonly<Record<string, number>>;
  sent: Sent;
  /** What is remembered of the checks of settlement rates (core/providers/settlement-check.ts). */
  check?: string | undefined;
  /** How many requests an audit in parts may make now. */
  auditAllowance: number;
}

/** Of a budget, what an audit in parts may use: syncs come first. */
const AUDIT_SHARE = 0.6;
/** Clocks of two machines may differ by so much. */
const MAX_AHEAD_MS = 60_000;

/** The field that holds the newest stored date of a series. */
export const newestField = (series: string): string => `newest:${series}`;
/** The field that holds the highest published version of a series. */
export const versionField = (series: string): string => `version:${series}`;
/** The field that says when something changed, so that the newest values are read again soon. */
export const CHANGED_FIELD = "changed";

/** The field that says what came of checking settlement rates. */
export const CHECK_FIELD = "settlement_check";

/** The hash as it stands, counters of requests included; throws if Redis can't be read, or takes nothing to remember. */
export async function readFields(redis: IngestRedis, provider: string, nowMs: number): Promise<Fields> {
  const key = ingestKeyOf(provider);
  const read = async () => {
    const commands: Command[] = [
      ["HSET", key, "ticked", nowMs],
      ["HGETALL", key],
    ];
    const [, hash] = await redis.pipeline(commands);
    return fieldsOf(hash);
  };
  try {
    return await read();
  } catch (error) {
    if (await removeMistyped(redis, error, provider)) return await read();
    throw error;
  }
}

/** After a command was refused: deletes a provider's keys that hold another type than ours. Whether there were any. */
export async function removeMistyped(redis: IngestRedis, error: unknown, provider: string): Promise<boolean> {
  if (!(error instanceof RedisFailure) || error.kind !== "refused") return false;
  const wanted = [
    [ingestKeyOf(provider), "hash"],
    [breakerKeyOf(provider), "string"],
  ] as const;
  try {
    const types = await redis.pipeline(wanted.map(([key]) => ["TYPE", key]));
    const mistyped = wanted.filter(([, type], index) => types[index] !== type && types[index] !== "none");
    if (mistyped.length > 0) await redis.send(["DEL", ...mistyped.map(([key]) => key)]);
    return mistyped.length > 0;
  } catch {
    return false;
  }
}

/** HGETALL's reply, a list of names and values in turn. */
export function fieldsOf(reply: Reply | undefined): Fields & Counts {
  const fields: Record<string, string> = {};
  if (!Array.isArray(reply)) return fields;
  for (let index = 0; index + 1 < reply.length; index += 2) fields[String(reply[index])] = String(reply[index + 1]);
  return fields;
}

/**
 * Fields that are missing or make no sense count as never set: the schedule then does its work once more. `token` is the
 * fingerprint of the present secret: limits of another one do not hold.
 */
export function decodeMemory(fields: Fields, plan: Plan, token: string, nowMs: number): Memory {
  const usage = usageOf(fields, nowMs, plan.zone, plan.budget);
  const past = (name: string) => pastInstant(fields[name], nowMs);
  const failingSinceMs = past("failing_since");
  const auditTo = fields.audit_to;
  const schedule: ScheduleState = {
    newest: newestIn(fields, plan, nowMs),
    attemptMs: defined(["sync", "window", "audit", "probe"], (kind) => past(`attempt:${kind}`)),
    auditDueMs: defined(plan.series, (id) => wholeNumber(fields[`audit_due:${id}`])),
    auditTries: wholeNumber(fields.audit_tries) ?? 0,
    auditTo: auditTo !== undefined && isPlainDate(auditTo) ? auditTo : undefined,
    leftOut: rangeIn(fields.left_out),
    failure:
      failingSinceMs === undefined ? undefined : { sinceMs: failingSinceMs, isQueue: fields.failing_at === "queue" },
    blockedUntilMs: defined(Object.values(plan.limitClasses), (name) => {
      const [until, blocked] = (fields[`blocked:${name}`] ?? "").split(" ");
      return blocked === token ? wholeNumber(until) : undefined;
    }),
    faultySinceMs: past("faulty_since"),
    changedMs: past(CHANGED_FIELD),
    republishedMs: past("republished"),
  };
  const versions = defined(plan.series, (id) => wholeNumber(fields[versionField(id)]));
  const auditAllowance = allowanceOf(usage, plan.budget, AUDIT_SHARE);
  return {
    schedule,
    versions,
    auditAllowance,
    check: fields[CHECK_FIELD],
    sent: defined(plan.series, (id) => decodeSent(fields[sentField(id)], nowMs)),
  };
}

/** The fields that would keep the publisher from noting a newer date: dates that have not come yet, and what is no date. */
export function garbageFields(fields: Fields, plan: Plan, nowMs: number): string[] {
  const newest = newestIn(fields, plan, nowMs);
  return plan.series.filter((id) => fields[newestField(id)] !== undefined && newest[id] === undefined).map(newestField);
}

/** The commands that turn one remembered state into another. */
export function changeCommands(before: Memory, after: Memory, provider: string, token: string): Command[] {
  const key = ingestKeyOf(provider);
  const [old, now] = [encode(before, token), encode(after, token)];
  const changed = [...now].filter(([name, value]) => old.get(name) !== value);
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const commands: Command[] = [];
  if (changed.length > 0) commands.push(["HSET", key, ...changed.flat()]);
  if (gone.length > 0) commands.push(["HDEL", key, ...gone]);
  return commands;
}

/** All but `version:*`, which only the publisher writes. */
function encode({ schedule, sent, check }: Memory, token: string): Map<string, string> {
  const { failure } = schedule;
  const entries = (prefix: string, values: Readonly<Record<string, number | undefined>>, suffix = "") =>
    Object.entries(values).map(([name, value]) => [`${prefix}:${name}`, value && `${value}${suffix}`] as const);
  const fields: (readonly [string, string | number | undefined])[] = [
    ...Object.entries(schedule.newest).map(([id, date]) => [newestField(id), date] as const),
    ...entries("attempt", schedule.attemptMs),
    ...entries("audit_due", schedule.auditDueMs),
    ...entries("blocked", schedule.blockedUntilMs, ` ${token}`),
    ...Object.entries(sent).map(([id, one]) => [sentField(id), encodeSent(one)] as const),
    ["audit_tries", schedule.auditTries],
    ["audit_to", schedule.auditTo],
    ["left_out", schedule.leftOut && `${schedule.leftOut.from} ${schedule.leftOut.to}`],
    ["failing_since", failure?.sinceMs],
    ["failing_at", failure && (failure.isQueue ? "queue" : "provider")],
    ["faulty_since", schedule.faultySinceMs],
    [CHANGED_FIELD, schedule.changedMs],
    ["republished", schedule.republishedMs],
    [CHECK_FIELD, check],
  ];
  return new Map(fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}

function newestIn(fields: Fields, { series, zone, horizonDays }: Plan, nowMs: number): Record<string, string> {
  const latest = addDays(dateIn(zone, nowMs), horizonDays);
  return defined(series, (id) => {
    const date = fields[newestField(id)];
    return date !== undefined && isPlainDate(date) && date <= latest ? date : undefined;
  });
}

function rangeIn(text = ""): DateRange | undefined {
  const [from = "", to = ""] = text.split(" ");
  return isPlainDate(from) && isPlainDate(to) && from <= to ? { from, to } : undefined;
}

function defined<Name extends string, T>(names: readonly Name[], find: (name: Name) => T | undefined): Record<Name, T> {
  const entries = names.map((name) => [name, find(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<Name, T>;
}

/** Instants that have yet to come are a clock's that was set back, or nobody's. */
function pastInstant(text: string | undefined, nowMs: number): number | undefined {
  const instant = wholeNumber(text);
  return instant !== undefined && instant <= nowMs + MAX_AHEAD_MS ? instant : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
