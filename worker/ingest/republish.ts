import { banxico } from "#core/providers/banxico.ts";
import { isEmptyPage, type Page, type PageKey, pageDigest } from "#core/rates/page.ts";
import { yearOf, yearsBetween } from "#core/time/dates.ts";
import { mexicoCityDate } from "#core/time/mexico.ts";
import type { Digests, Versions } from "#core/wire/internal.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { newestDates, noteLineage, noteStoreBehind, noteStoreRepaired } from "./marks.ts";
import { enqueue, type RepublishRequest, type StoredPages } from "./messages.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { readPages } from "./stored.ts";

/**
 * Compares the content of every page in Redis with the origin's and has each one that differs published from the origin,
 * whichever of them has the higher version.
 */
export async function republish(
  deps: Pick<IngestDeps, "redis" | "origin" | "queue" | "now">,
  watch: Watch,
): Promise<{ requested: number; newest: ReadonlyMap<string, string> }> {
  // Redis first: what is published in between makes the origin's version the higher one, never the lower.
  const copies = await readPages(deps.redis, everyPage(deps.now()));
  const digests = await deps.origin.digests();
  const requests = differingSpans(copies, digests);
  // Before the pages are asked for: what another database says of known dates is not taken without a confirmation.
  const isOther = await noteLineage(deps.redis, digests);
  if (isOther && requests.length > 0) await reportStoreBehind("it is another database", deps, watch);
  if (requests.length === 0) await noteStoreRepaired(deps.redis);
  await enqueue(deps.queue, requests);
  const ahead = [...copies.values()].filter((page) => isAhead(page, digests)).length;
  if (ahead > 0) {
    watch.notice("Redis holds newer pages than the origin", { pages: ahead });
    watch.event("corrupt_page", "redis", `${ahead} pages are ahead of the origin`);
  }
  return { requested: requests.length, newest: newestDates(copies.values()) };
}

/** Wakes operators, once, and has the provider's whole history read. */
export async function reportStoreBehind(
  what: string,
  { redis, now }: Pick<IngestDeps, "redis" | "now">,
  watch: Watch,
): Promise<void> {
  if (!(await noteStoreBehind(redis, now()))) return;
  watch.notice("the origin has lost what readers have seen", { what });
  watch.event("store_behind", "origin", what);
}

/** The years, joined to spans, of which Redis has no copy or one that differs. */
export function differingSpans(copies: StoredPages, digests: Digests): RepublishRequest[] {
  const requests: RepublishRequest[] = [];
  for (const { id, since } of banxico.series) {
    const held = [...copies.values()].filter(({ series }) => series === id).map(({ year }) => year);
    const years = [...new Set([...held, ...Object.keys(digests.pages[id] ?? {}).map(Number)])]
      .filter((year) => year >= yearOf(since) && !isEqual(copies.get(pageKeyOf(id, year)), digests.pages[id]?.[year]))
      .sort((a, b) => a - b);
    for (const year of years) {
      const last = requests.at(-1);
      if (last?.republish === id && last.to_year === year - 1) last.to_year = year;
      else requests.push({ republish: id, from_year: year, to_year: year });
    }
  }
  return requests;
}

type Digest = Digests["pages"][string][string];

function isEqual(copy: Page | undefined, digest: Digest | undefined): boolean {
  if (copy === undefined || digest === undefined) return digest === undefined && (!copy || isEmptyPage(copy));
  return copy.version === digest.version && hasDigest(copy, digest);
}

function isAhead(page: Page, { pages }: Digests): boolean {
  const digest = pages[page.series]?.[page.year];
  return page.version > (digest?.version ?? 0) && !(digest && digest.digest !== "" && hasDigest(page, digest));
}

/** An older release's origin knows no digests. */
function hasDigest(page: Page, { digest }: Digest): boolean {
  return digest === "" || digest === pageDigest(page);
}

function everyPage(nowMs: number): PageKey[] {
  const today = mexicoCityDate(nowMs);
  return banxico.series.flatMap(({ id, since }) => yearsBetween(since, today).map((year) => ({ series: id, year })));
}

/** Whether the series has any data at the origin. */
export function hasData(versions: Versions, series: string): boolean {
  return Object.keys(versions[series] ?? {}).length > 0;
}
