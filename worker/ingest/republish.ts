import type { Provider } from "#core/providers/provider.ts";
import { isEmptyPage, type Page, type PageKey, pageDigest } from "#core/rates/page.ts";
import { addDays, later, yearOf, yearsBetween } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import type { Digests, Versions } from "#core/wire/internal.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { newestDates, noteLineage, noteStoreBehind, noteStoreRepaired } from "./marks.ts";
import { enqueue, type RepublishRequest, type StoredPages } from "./messages.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { readPages } from "./stored.ts";

/** What is compared. `isFirst`: nothing is remembered, so that all of it may be missing. */
export interface Comparison {
  provider: Provider;
  isFirst: boolean;
}

/** Pages in one comparison: some 3 MB. Of more, those of former years take turns. */
const MAX_PAGES = 500;
const HOUR_MS = 3_600_000;

/**
 * Compares the content of a provider's pages in Redis with the origin's and has each one that differs published from the
 * origin, whichever of them has the higher version.
 */
export async function republish(
  { provider, isFirst }: Comparison,
  deps: Pick<IngestDeps, "redis" | "origin" | "queue" | "now">,
  watch: Watch,
): Promise<{ requested: number; newest: ReadonlyMap<string, string> }> {
  const keys = pagesToCompare(provider, isFirst, deps.now());
  // Redis first: what is published in between makes the origin's version the higher one, never the lower.
  const copies = await readPages(deps.redis, keys);
  const digests = await deps.origin.digests(provider.id);
  const requests = differingSpans(keys, copies, digests);
  // Before the pages are asked for: what another database says of known dates is not taken without a confirmation.
  const isOther = await noteLineage(deps.redis, provider.id, digests);
  if (isOther && requests.length > 0) await reportStoreBehind(provider.id, "it is another database", deps, watch);
  if (requests.length === 0) await noteStoreRepaired(deps.redis, provider.id);
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
  provider: string,
  what: string,
  { redis, now }: Pick<IngestDeps, "redis" | "now">,
  watch: Watch,
): Promise<void> {
  if (!(await noteStoreBehind(redis, provider, now()))) return;
  watch.notice("the origin has lost what readers have seen", { provider, what });
  watch.event("store_behind", "origin", what);
}

/** The years, joined to spans, of which Redis has no copy or one that differs. `keys`: by series, years ascending. */
export function differingSpans(keys: readonly PageKey[], copies: StoredPages, digests: Digests): RepublishRequest[] {
  const requests: RepublishRequest[] = [];
  for (const { series, year } of keys) {
    if (isEqual(copies.get(pageKeyOf(series, year)), digests.pages[series]?.[year])) continue;
    const last = requests.at(-1);
    if (last?.republish === series && last.to_year === year - 1) last.to_year = year;
    else requests.push({ republish: series, from_year: year, to_year: year });
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

/** Of many pages those of this year and the last, and as many others as there is room for, each in its turn. */
function pagesToCompare(provider: Provider, isFirst: boolean, nowMs: number): PageKey[] {
  const today = dateIn(provider.publication.zone, nowMs);
  const last = addDays(today, provider.horizonDays);
  const all = provider.series.flatMap(({ id, since, until = later(last, since) }) =>
    yearsBetween(since, until).map((year) => ({ series: id, year })),
  );
  if (isFirst || all.length <= MAX_PAGES) return all;
  const isRecent = ({ year }: PageKey) => year >= yearOf(today) - 1;
  const others = all.filter((key) => !isRecent(key));
  const room = Math.max(1, MAX_PAGES - (all.length - others.length));
  const turns = Math.ceil(others.length / room);
  const turn = Math.floor(nowMs / HOUR_MS) % turns;
  const chosen = new Set(others.slice(turn * room, (turn + 1) * room));
  return all.filter((key) => isRecent(key) || chosen.has(key));
}

/** Whether the series has any data at the origin. */
export function hasData(versions: Versions, series: string): boolean {
  return Object.keys(versions[series] ?? {}).length > 0;
}
