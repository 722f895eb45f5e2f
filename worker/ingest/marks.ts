import { banxico } from "#core/providers/banxico.ts";
import type { Page } from "#core/rates/page.ts";
import { later, type PlainDate, yearOf } from "#core/time/dates.ts";
import type { Digests } from "#core/wire/internal.ts";
import type { Command, Reply } from "../clients/redis-client.ts";
import type { IngestRedis } from "./ports.ts";
import { INGEST_KEY, newestField, versionField } from "./state.ts";

/**
 * What the publisher notes in the ingestion's hash, and what it reads there. None of it holds up a publication: what
 * can't be noted is found again by the next comparison.
 */

/** Since when the origin is known to lack what readers have seen. */
const BEHIND_FIELD = "behind_since";
const LINEAGE_FIELD = "lineage";
/** While the origin stays behind, the provider's history is read again this often. */
const REPAIR_AGAIN_MS = 3_600_000;

/** Whether the origin is known to be behind, and the database it stood on when it was last compared. */
export async function readMarks(redis: IngestRedis): Promise<{ isStoreBehind: boolean; lineage: string | null }> {
  const [since, lineage = null] = await remembered(redis, [BEHIND_FIELD, LINEAGE_FIELD]);
  return { isStoreBehind: since !== null, lineage };
}

/**
 * Notes that the origin is behind and makes the audit of every series due, so that the provider's whole history reaches
 * it at the next tick. True if this was not known before.
 */
export async function noteStoreBehind(redis: IngestRedis, nowMs: number): Promise<boolean> {
  const [since] = await remembered(redis, [BEHIND_FIELD]);
  if (since !== null && nowMs - Number(since) < REPAIR_AGAIN_MS) return false;
  await attempt(redis, [
    ["HSET", INGEST_KEY, BEHIND_FIELD, nowMs],
    ["HDEL", INGEST_KEY, "audit_due", "attempt:audit", ...banxico.series.map(({ id }) => `audit_due:${id}`)],
  ]);
  return since === null;
}

export async function noteStoreRepaired(redis: IngestRedis): Promise<void> {
  if ((await readMarks(redis)).isStoreBehind) await attempt(redis, [["HDEL", INGEST_KEY, BEHIND_FIELD]]);
}

/**
 * Notes which database the origin stands on and how far it has come. True if it is another one than before: then older
 * values of it may be older revisions.
 */
export async function noteLineage(redis: IngestRedis, { lineage, pages }: Digests): Promise<boolean> {
  if (lineage === "") return false;
  const versions = banxico.series.map(({ id }) => [id, maxVersion(Object.values(pages[id] ?? {}))] as const);
  const [known, ...noted] = await remembered(redis, [LINEAGE_FIELD, ...versions.map(([id]) => versionField(id))]);
  const isOther = known !== null && known !== lineage;
  const changed = versions.filter((_, index) => isOther || noted[index] === null);
  const fields = changed.flatMap(([id, version]) => [versionField(id), version]);
  if (known !== lineage || fields.length > 0)
    await attempt(redis, [["HSET", INGEST_KEY, LINEAGE_FIELD, lineage, ...fields]]);
  return isOther;
}

/** Notes each series' newest date among published pages, and the highest version that the origin gave. */
export async function notePublished(
  redis: IngestRedis,
  published: readonly Page[],
  given: readonly Page[],
): Promise<void> {
  const series = [...new Set(given.map((page) => page.series))];
  const known = await remembered(redis, [...series.map(newestField), ...series.map(versionField)]);
  const commands = series.flatMap((id, index): Command[] => {
    const own = published.filter((page) => page.series === id);
    const version = maxVersion(given.filter((page) => page.series === id));
    const isHigher = !(Number(known[series.length + index] ?? 0) >= version);
    return [
      ...newestCommand(newestField(id), known[index] ?? null, own),
      ...(isHigher ? [["HSET", INGEST_KEY, versionField(id), version] as const] : []),
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
function newestCommand(field: string, known: string | null, pages: readonly Page[]): Command[] {
  const [newest] = newestDates(pages).values();
  const isRead = known !== null && pages.some(({ year }) => year === yearOf(known));
  if (newest !== undefined && (known === null || newest > known || (isRead && newest < known)))
    return [["HSET", INGEST_KEY, field, newest]];
  return newest === undefined && isRead ? [["HDEL", INGEST_KEY, field]] : [];
}

function maxVersion(pages: readonly { version: number }[]): number {
  return Math.max(0, ...pages.map(({ version }) => version));
}

async function remembered(redis: IngestRedis, fields: readonly string[]): Promise<(string | null)[]> {
  const reply = await redis.send(["HMGET", INGEST_KEY, ...fields]).catch((): Reply => null);
  return fields.map((_, index) => (Array.isArray(reply) && typeof reply[index] === "string" ? reply[index] : null));
}

async function attempt(redis: IngestRedis, commands: readonly Command[]): Promise<void> {
  await redis.pipeline(commands).catch(() => undefined);
}
