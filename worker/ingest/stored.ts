import { later, type PlainDate } from "#core/dates.ts";
import { decodePage, encodePage, newerPage, type Page, type PageKey } from "#core/page.ts";
import { pageKeyOf } from "../keys.ts";
import { type Command, setCommand } from "../redis.ts";
import type { StoredPages } from "./messages.ts";
import type { IngestRedis } from "./ports.ts";
import { INGEST_KEY, newestField, versionField } from "./state.ts";

/** Pages in one call: 40 are some 250 kB, which any Redis plan takes. */
const PAGES_A_CALL = 40;

/** What Redis holds under the keys of these pages; a corrupt copy counts as none. Throws where Redis can't be read. */
export async function readPages(redis: IngestRedis, keys: readonly PageKey[]): Promise<StoredPages> {
  const pages = new Map<string, Page>();
  for (const chunk of chunks(keys, PAGES_A_CALL)) {
    const texts = await redis.send(["MGET", ...chunk.map(({ series, year }) => pageKeyOf(series, year))]);
    for (const [index, key] of chunk.entries()) {
      const text = Array.isArray(texts) ? texts[index] : null;
      const page = typeof text === "string" ? decodePage(text, key) : undefined;
      if (page) pages.set(pageKeyOf(key.series, key.year), page);
    }
  }
  return pages;
}

/**
 * Writes the pages that are newer than their copies in Redis, or hold something else under the same version (the origin
 * is right), and notes each series' newest date. Only one consumer runs at a time and readers fill but gaps, so nothing
 * newer can come between the comparison and the write.
 */
export async function publishPages(redis: IngestRedis, pages: readonly Page[]): Promise<Page[]> {
  const newest = new Map<string, Page>();
  for (const page of pages.filter(({ version }) => version > 0)) {
    const key = pageKeyOf(page.series, page.year);
    newest.set(key, newerPage(newest.get(key) ?? page, page));
  }
  const written: Page[] = [];
  for (const chunk of chunks([...newest.values()], PAGES_A_CALL)) {
    const copies = await readPages(redis, chunk);
    const lagging = chunk.filter((page) => {
      const copy = copies.get(pageKeyOf(page.series, page.year));
      if (copy === undefined || copy.version < page.version) return true;
      return copy.version === page.version && encodePage(copy) !== encodePage(page);
    });
    const sets = lagging.map((page) => setCommand(pageKeyOf(page.series, page.year), encodePage(page)));
    await redis.pipeline([...sets, ...(await newestCommands(redis, chunk))]);
    written.push(...lagging);
  }
  return written;
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

/** The commands that note newer dates, and higher versions, than those known. */
async function newestCommands(redis: IngestRedis, pages: readonly Page[]): Promise<Command[]> {
  const noted = new Map<string, string | number>();
  for (const [series, date] of newestDates(pages)) noted.set(newestField(series), date);
  for (const { series, version } of pages) {
    const field = versionField(series);
    noted.set(field, Math.max(Number(noted.get(field) ?? 0), version));
  }
  const fields = [...noted];
  if (fields.length === 0) return [];
  const known = await redis.send(["HMGET", INGEST_KEY, ...fields.map(([field]) => field)]);
  const ahead = fields.filter(([, value], index) => {
    const before = (Array.isArray(known) && known[index]) || "";
    return typeof value === "number" ? !(value <= Number(before || 0)) : value > String(before);
  });
  return ahead.map(([field, value]) => ["HSET", INGEST_KEY, field, value]);
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
