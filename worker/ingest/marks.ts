import { findProvider } from "#core/providers/provider-list.ts";
import type { Page } from "#core/rates/page.ts";
import { later, type PlainDate, yearOf } from "#core/time/dates.ts";
import { type Digests, RESTORED_JUMP } from "#core/wire/internal.ts";
import { ingestKeyOf } from "#core/wire/keys.ts";
import type { Command, Reply } from "../clients/redis-client.ts";
import type { IngestRedis } from "./ports.ts";
import { newestField, versionField } from "./state.ts";

/**
 * What the publisher notes in a provider's hash, and what it reads there. None of it holds up a publication: what can't be
 * noted is found again by the next comparison.
 */

/** Since when the origin is known to lack what readers have seen. */
const BEHIND_FIELD = "behind_since";
const LINEAGE_FIELD = "lineage";
/** While the origin stays behind, the provider's history is read again this often. */
const REPAIR_AGAIN_MS = 3_600_000;
/** After so many failed audits (core/ingest/schedule) the next ones are an hour or more apart. */
const TRIES_FOR_LONGEST_PACE = 4;

/** The provider of a series, by its id. */
export function providerOf(series: string): string {
  return series.split(".", 1)[0] ?? "";
}

/** Whether the origin is known to be behind, and the database it stood on when it was last compared. */
export async function readMarks(
  redis: IngestRedis,
  provider: string,
): Promise<{ isStoreBehind: boolean; lineage: string | null }> {
  const [since, lineage = null] = await remembered(redis, provider, [BEHIND_FIELD, LINEAGE_FIELD]);
  return { isStoreBehind: since !== null, lineage };
}

/**
 * Notes that the origin is behind and makes the audit of every series due, so that the provider's whole history reaches
 * it at the next tick. True if this was not known before.
 */
export async function noteStoreBehind(redis: IngestRedis, provider: string, nowMs: number): Promise<boolean> {
  const [since] = await remembered(redis, provider, [BEHIND_FIELD]);
  if (since !== null && nowMs - Number(since) < REPAIR_AGAIN_MS) return false;
  const key = ingestKeyOf(provider);
  await attempt(redis, [
    ["HSET", key, BEHIND_FIELD, nowMs],
    ["HDEL", key, "attempt:audit", "audit_to", ...seriesOf(provider).map((id) => `audit_due:${id}`)],
  ]);
  return since === null;
}

export async function noteStoreRepaired(redis: IngestRedis, provider: string): Promise<void> {
  if ((await readMarks(redis, provider)).isStoreBehind)
    await attempt(redis, [["HDEL", ingestKeyOf(provider), BEHIND_FIELD]]);
}

/** The origin's database against that of the last comparison. "perhaps another": none is remembered, and this one seems restored. */
type Lineage = "same" | "another" | "perhaps another";

/**
 * Which it is; an older release's origin does not tell. `known`: what is remembered. If it is or may be another database,
 * older values of it may be older revisions.
 */
export function lineageOf(known: string | null, { lineage, max_seq, pages }: Digests): Lineage {
  if (lineage === "" || lineage === known) return "same";
  if (known !== null) return "another";
  const versions = Object.values(pages).flatMap((years) => Object.values(years).map(({ version }) => version));
  const given = [0, ...versions, max_seq].sort((a, b) => a - b);
  const hasLeapt = given.some((version, index) => version - (given[index - 1] ?? 0) >= RESTORED_JUMP);
  return hasLeapt ? "perhaps another" : "same";
}

/**
 * Notes which database the origin stands on, once what follows from that is noted, and how far the compared series have come
 * in it. `known`: the one that was noted before.
 */
export async function noteLineage(
  redis: IngestRedis,
  provider: string,
  known: string | null,
  { lineage, pages }: Digests,
  compared: Iterable<string>,
): Promise<void> {
  if (lineage === "") return;
  const versions = [...compared].map((id) => [id, maxVersion(Object.values(pages[id] ?? {}))] as const);
  const noted = await remembered(
    redis,
    provider,
    versions.map(([id]) => versionField(id)),
  );
  const isOther = known !== null && known !== lineage;
  const changed = versions.filter((_, index) => isOther || noted[index] === null);
  const values = changed.flatMap(([id, version]) => [versionField(id), version]);
  if (known !== lineage || values.length > 0)
    await attempt(redis, [["HSET", ingestKeyOf(provider), LINEAGE_FIELD, lineage, ...values]]);
}

/** Notes that the origin took nothing of a provider: its history is read again, once an hour until it does. */
export async function noteNotStored(redis: IngestRedis, provider: string): Promise<void> {
  const key = ingestKeyOf(provider);
  await attempt(redis, [
    ["HSET", key, "audit_tries", TRIES_FOR_LONGEST_PACE],
    ["HDEL", key, "audit_to", ...seriesOf(provider).map((id) => `audit_due:${id}`)],
  ]);
}

/** Notes each series' newest date among a provider's published pages, and the highest version that the origin gave. */
export async function notePublished(
  redis: IngestRedis,
  provider: string,
  published: readonly Page[],
  given: readonly Page[],
): Promise<void> {
  const series = [...new Set(given.map((page) => page.series))];
  const key = ingestKeyOf(provider);
  const known = await remembered(redis, provider, [...series.map(newestField), ...series.map(versionField)]);
  const commands = series.flatMap((id, index): Command[] => {
    const own = published.filter((page) => page.series === id);
    const version = maxVersion(given.filter((page) => page.series === id));
    const isHigher = !(Number(known[series.length + index] ?? 0) >= version);
    return [
      ...newestCommand(key, newestField(id), known[index] ?? null, own),
      ...(isHigher ? [["HSET", key, versionField(id), version] as const] : []),
    ];
  });
  if (commands.length > 0) await attempt(redis, commands);
}

/** The newest date among the pages of each series that have observations. */
export function newestDates(pages: Iterable<Page>): Map<string, PlainDate> {
  const dates = new Map<string, PlainDate>();
  for (const { series, observations } of pages) {
    const last = observations.at(-1)?.[0];
    if (last !== undefined) dates.set(series, later(dates.get(series) ?? "", last));
  }
  return dates;
}

/** A date that was taken back is no longer the newest, so that it is waited for again. */
function newestCommand(key: string, field: string, known: string | null, pages: readonly Page[]): Command[] {
  const [newest] = newestDates(pages).values();
  const isRead = known !== null && pages.some(({ year }) => year === yearOf(known));
  if (newest !== undefined && (known === null || newest > known || (isRead && newest < known)))
    return [["HSET", key, field, newest]];
  return newest === undefined && isRead ? [["HDEL", key, field]] : [];
}

function maxVersion(pages: readonly { version: number }[]): number {
  return Math.max(0, ...pages.map(({ version }) => version));
}

function seriesOf(provider: string): string[] {
  return findProvider(provider)?.series.map(({ id }) => id) ?? [];
}

async function remembered(redis: IngestRedis, provider: string, fields: readonly string[]): Promise<(string | null)[]> {
  if (fields.length === 0) return [];
  const reply = await redis.send(["HMGET", ingestKeyOf(provider), ...fields]).catch((): Reply => null);
  return fields.map((_, index) => (Array.isArray(reply) && typeof reply[index] === "string" ? reply[index] : null));
}

async function attempt(redis: IngestRedis, commands: readonly Command[]): Promise<void> {
  await redis.pipeline(commands).catch(() => undefined);
}
