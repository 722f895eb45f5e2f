import { encodeBoard } from "#core/pages/board.ts";
import { recentFrom, seriesDigests } from "#core/pages/series-digests.ts";
import type { Provider } from "#core/providers/provider.ts";
import { isEmptyPage, type Page, type PageKey, pageDigest } from "#core/rates/page.ts";
import { addDays, later, yearsBetween } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import type { Digests, Versions } from "#core/wire/internal.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { lineageOf, newestDates, noteLineage, noteStoreBehind, noteStoreRepaired, readMarks } from "./marks.ts";
import { enqueue, type RepublishRequest, type StoredPages } from "./messages.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { readBoardText, readPages } from "./stored.ts";

/** What is compared. `isFirst`: nothing is remembered, so that all of it may be missing. */
export interface Comparison {
  provider: Provider;
  isFirst: boolean;
}

/** With so few pages all are compared one by one each hour; of more, those of former years take turns. */
const MAX_PAGES = 500;
const MAX_SERIES_PER_CALL = 50;
/** Within so many hours each page of a former year has been compared. */
const TURNS = 24;
const HOUR_MS = 3_600_000;

/**
 * Compares the content of a provider's pages in Redis with the origin's and has each one that differs published from the
 * origin, whichever of them has the higher version.
 */
export async function republish(
  comparison: Comparison,
  deps: Pick<IngestDeps, "redis" | "origin" | "queue" | "now">,
  watch: Watch,
): Promise<{ requested: number; newest: ReadonlyMap<string, string> }> {
  const { id } = comparison.provider;
  const keys = pagesToCompare(comparison, deps.now());
  // Redis first: what is published in between makes the origin's version the higher one, never the lower.
  const copies = await readPages(deps.redis, keys);
  const newest = newestDates(copies.values());
  const compared = await digestsOf(comparison, keys, copies, deps.origin);
  if (compared === undefined) return { requested: 0, newest };
  const { digests, series } = compared;
  const requests = differingSpans(
    keys.filter((key) => series.has(key.series)),
    copies,
    digests,
  );
  // Before the pages are asked for: what another database says of known dates is not taken without a confirmation.
  const { lineage: known } = await readMarks(deps.redis, id);
  const lineage = lineageOf(known, digests);
  const contradicting = [...copies.values()].filter(
    (page) => series.has(page.series) && isContradicting(page, digests),
  );
  if (requests.length > 0 && (lineage === "another" || (lineage === "perhaps another" && contradicting.length > 0)))
    await reportStoreBehind(id, `it is ${lineage} database`, deps, watch);
  // Only now: a publication trusts the database that is noted.
  await noteLineage(deps.redis, id, known, digests, series);
  if (requests.length === 0) await noteStoreRepaired(deps.redis, id);
  if (await isBoardDifferent(comparison, requests, deps)) requests.push(anyRecentPage(comparison.provider, deps.now()));
  await enqueue(deps.queue, requests);
  const ahead = contradicting.filter((page) => page.version > versionAt(page, digests)).length;
  if (ahead > 0) {
    watch.notice("Redis holds newer pages than the origin", { pages: ahead });
    watch.event("corrupt_page", "redis", `${ahead} pages are ahead of the origin`);
  }
  return { requested: requests.length, newest };
}

/**
 * The origin's digests of the series that are to be compared page by page: of many only those that differ at all.
 * Undefined if the origin does not know the provider.
 */
async function digestsOf(
  { provider }: Comparison,
  keys: readonly PageKey[],
  copies: StoredPages,
  origin: Pick<IngestDeps["origin"], "digests" | "digestSummary">,
): Promise<{ digests: Digests; series: ReadonlySet<string> } | undefined> {
  const ids = [...new Set(keys.map(({ series }) => series))];
  if (keys.length <= MAX_PAGES && ids.length <= MAX_SERIES_PER_CALL && provider.series.length === ids.length)
    return { digests: await origin.digests(ids), series: new Set(ids) };
  const summary = await origin.digestSummary(provider.id);
  if (summary === undefined) return undefined;
  const { lineage, max_seq, recent_from } = summary;
  const keysById = Map.groupBy(keys, ({ series }) => series);
  const differing = ids.filter((id) => isDifferent(keysById.get(id) ?? [], copies, recent_from, summary.series[id]));
  const pages: Digests["pages"] = {};
  for (let start = 0; start < differing.length; start += MAX_SERIES_PER_CALL) {
    const found = await origin.digests(differing.slice(start, start + MAX_SERIES_PER_CALL));
    Object.assign(pages, found.pages);
  }
  return { digests: { lineage, max_seq, pages }, series: new Set(differing) };
}

/** Whether the board in Redis is not the origin's, and no page that is published again brings it along. */
async function isBoardDifferent(
  { provider }: Comparison,
  requests: readonly RepublishRequest[],
  { redis, origin, now }: Pick<IngestDeps, "redis" | "origin" | "now">,
): Promise<boolean> {
  if (requests.some(({ to_year }) => to_year >= recentFrom(new Date(now()).getUTCFullYear()))) return false;
  const board = await origin.board(provider.id).catch(() => undefined);
  if (board === undefined || board.version === 0) return false;
  return (await readBoardText(redis, provider.id)) !== encodeBoard(board);
}

/** The consumer publishes a provider's board with any page of this year. */
function anyRecentPage({ series }: Provider, nowMs: number): RepublishRequest {
  const year = new Date(nowMs).getUTCFullYear();
  const { id = "" } = series.find(({ until }) => until === undefined) ?? {};
  return { republish: id, from_year: year, to_year: year };
}

/** Whether a series' copies differ from the origin's pages. Years that were not read from Redis are not compared. */
function isDifferent(
  keys: readonly PageKey[],
  copies: StoredPages,
  recentFrom: number,
  [past, recent]: readonly [string | null, string | null] = [null, null],
): boolean {
  const held = keys.flatMap((key) => {
    const copy = copies.get(pageKeyOf(key.series, key.year));
    return copy && !isEmptyPage(copy) ? [[key.year, { digest: pageDigest(copy) }] as const] : [];
  });
  const [ownPast, ownRecent] = seriesDigests(Object.fromEntries(held), recentFrom);
  const hasPast = keys.some(({ year }) => year < recentFrom);
  return ownRecent !== recent || (hasPast && ownPast !== past);
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

/** Whether a copy says something else than the origin, under no lower version. */
function isContradicting(page: Page, digests: Digests): boolean {
  const digest = digests.pages[page.series]?.[page.year];
  const isSame = digest === undefined ? isEmptyPage(page) : digest.digest !== "" && hasDigest(page, digest);
  return !isSame && page.version >= versionAt(page, digests);
}

function versionAt({ series, year }: Page, { pages }: Digests): number {
  return pages[series]?.[year]?.version ?? 0;
}

/** An older release's origin knows no digests. */
function hasDigest(page: Page, { digest }: Digest): boolean {
  return digest === "" || digest === pageDigest(page);
}

/** Of many pages those of this year and the last, and those of former years for the series whose turn it is. */
function pagesToCompare({ provider, isFirst }: Comparison, nowMs: number): PageKey[] {
  const { zone } = provider.publication;
  const last = addDays(dateIn(zone, nowMs), provider.horizonDays);
  const bySeries = provider.series.map(({ id, since, until = later(last, since) }) =>
    yearsBetween(since, until).map((year) => ({ series: id, year })),
  );
  const isSmall = bySeries.reduce((count, { length }) => count + length, 0) <= MAX_PAGES;
  if (isFirst || isSmall) return bySeries.flat();
  // By the same clock as the origin's.
  const recentFromYear = recentFrom(new Date(nowMs).getUTCFullYear());
  const turn = Math.floor(nowMs / HOUR_MS) % TURNS;
  return bySeries.flatMap((keys, index) =>
    index % TURNS === turn ? keys : keys.filter(({ year }) => year >= recentFromYear),
  );
}

/** Whether the series has any data at the origin. */
export function hasData(versions: Versions, series: string): boolean {
  return Object.keys(versions[series] ?? {}).length > 0;
}
