import { decodeBoard, encodeBoard, withSeenValues } from "#core/pages/board.ts";
import { decidePublication, isWriteNeeded, type Publication, type PublicationFacts } from "#core/pages/publication.ts";
import { decodePage, encodePage, isEmptyPage, type Page, type PageKey } from "#core/rates/page.ts";
import { boardKeyOf, pageKeyOf } from "#core/wire/keys.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import { type Command, setCommand } from "../clients/redis-client.ts";
import { lineageOf, notePublished, providerOf, readMarks } from "./marks.ts";
import type { StoredPages } from "./messages.ts";
import type { IngestDeps, IngestRedis } from "./ports.ts";

/** Pages in one call: 40 are some 250 kB, which any Redis plan takes. */
const PAGES_PER_CALL = 40;

/** A page as the origin gave it, and for which dates the provider's own word had just been committed. */
export interface OriginPage {
  page: Page;
  isConfirmed: (date: string) => boolean;
}

export interface Published {
  written: Page[];
  /** Pages that keep dates which the origin has lost. */
  behind: Page[];
  /** Why boards could not be published. */
  failures: unknown[];
}

type StoredDeps = Pick<IngestDeps, "redis" | "origin" | "now">;

/** What Redis holds under the keys of these pages; a corrupt copy counts as none. Throws if Redis can't be read. */
export async function readPages(redis: IngestRedis, keys: readonly PageKey[]): Promise<StoredPages> {
  const pages = new Map<string, Page>();
  for (const chunk of chunks(keys, PAGES_PER_CALL)) {
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
 * Writes what the origin gave over what Redis holds, as core/pages/publication decides, and each provider's board with its
 * pages. Only one consumer runs at a time and readers only fill gaps, so nothing else is written between the comparison and
 * the write.
 */
export async function publishPages(given: readonly OriginPage[], deps: StoredDeps): Promise<Published> {
  const published: Published = { written: [], behind: [], failures: [] };
  for (const [provider, ofProvider] of Map.groupBy(given, ({ page }) => providerOf(page.series))) {
    const [first] = ofProvider;
    const facts = factsOf(provider, first?.page.series ?? "", deps);
    const byKey = Map.groupBy(ofProvider, ({ page }) => pageKeyOf(page.series, page.year));
    const all = [...chunks([...byKey], PAGES_PER_CALL)];
    const pages: Page[] = [];
    for (const chunk of all) {
      const planned = await planChunk(chunk, facts, deps, published);
      pages.push(...planned.pages);
      if (chunk === all.at(-1)) {
        const publication = { provider, given: ofProvider, pages, facts };
        planned.writes.push(...(await boardCommands(publication, deps, published)));
      }
      if (planned.writes.length > 0) await deps.redis.pipeline(planned.writes);
      published.written.push(...planned.written);
      const ofChunk = chunk.flatMap(([, versions]) => versions.map(({ page }) => page));
      await notePublished(deps.redis, provider, planned.pages, ofChunk);
    }
  }
  return published;
}

/** What is published of one provider. `pages`: as they will be in Redis. */
interface OfProvider {
  provider: string;
  given: readonly OriginPage[];
  pages: readonly Page[];
  facts: Facts;
}

/** The provider's newest values, if the pages may have changed them. Pages are not held up for them. */
async function boardCommands(
  { provider, given, pages, facts }: OfProvider,
  { redis, origin, now }: StoredDeps,
  { behind, failures }: Published,
): Promise<Command[]> {
  const thisYear = new Date(now()).getUTCFullYear();
  const recent = given.map(({ page }) => page).filter(({ year }) => year >= thisYear - 1);
  if (recent.length === 0) return [];
  try {
    const [board, text] = await Promise.all([origin.board(provider), readBoardText(redis, provider)]);
    if (board === undefined) return [];
    // The origin's reader may lag behind a commit of this moment.
    if (recent.some(({ version }) => version > board.version))
      throw new RangeError(`the board of ${provider} is not up to date`);
    const replica = text === undefined ? undefined : decodeBoard(text, provider);
    const own = encodeBoard(board);
    const seen = replica === undefined ? own : encodeBoard(withSeenValues(board, replica, pages));
    const isBehind = async () =>
      behind.some(({ series }) => providerOf(series) === provider) || (await facts()).isStoreBehind;
    const published = seen !== own && (await isBehind()) ? seen : own;
    return published === text ? [] : [setCommand(boardKeyOf(provider), published)];
  } catch (error) {
    // What is not a board will be none at the next delivery either.
    if (!(error instanceof OriginFailure && error.kind === "invalid")) failures.push(error);
    return [];
  }
}

/** A provider's board as Redis holds it, valid or not; undefined if it holds none. */
export async function readBoardText(redis: IngestRedis, provider: string): Promise<string | undefined> {
  const text = await redis.send(["GET", boardKeyOf(provider)]);
  return typeof text === "string" ? text : undefined;
}

/** What core/pages/publication goes by, found out once, when readers may lose what the origin may have lost. */
function factsOf(provider: string, series: string, { redis, origin }: StoredDeps): Facts {
  const find = async (): Promise<OriginFacts> => {
    const marks = await readMarks(redis, provider);
    const digests = await origin.digests([series]);
    const isOther = lineageOf(marks.lineage, digests) !== "same";
    return { maxSeq: digests.max_seq, isStoreBehind: marks.isStoreBehind || isOther };
  };
  let found: Promise<OriginFacts> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

interface PlannedChunk {
  /** As they will be in Redis. */
  pages: Page[];
  /** Those that differ from what Redis holds, and the commands that write them. */
  written: Page[];
  writes: Command[];
}

async function planChunk(
  chunk: readonly [key: string, versions: OriginPage[]][],
  facts: Facts,
  { redis }: StoredDeps,
  { behind }: Published,
): Promise<PlannedChunk> {
  const replicas = await readPages(
    redis,
    chunk.map(([, [first]]) => (first as OriginPage).page),
  );
  const planned: PlannedChunk = { pages: [], written: [], writes: [] };
  for (const [key, versions] of chunk) {
    const replica = replicas.get(key);
    const { page, lostDates } = await fold(replica, versions, facts);
    planned.pages.push(page);
    if (lostDates.length > 0) behind.push(page);
    if (!isWriteNeeded(replica, page)) continue;
    planned.writes.push(isEmptyPage(page) ? ["DEL", key] : setCommand(key, encodePage(page)));
    planned.written.push(page);
  }
  return planned;
}

type OriginFacts = Pick<PublicationFacts, "maxSeq" | "isStoreBehind">;
type Facts = () => Promise<OriginFacts>;
/** The worst that may be: then every date that is not confirmed is kept. */
const UNTRUSTED: OriginFacts = { maxSeq: 0, isStoreBehind: true };

/**
 * The page that comes of a replica and of what the origin gave for it, oldest version first: commits side by side end in any
 * order, and each may touch pages of other providers.
 */
async function fold(replica: Page | undefined, given: readonly OriginPage[], facts: Facts): Promise<Publication> {
  const [first, ...others] = given.toSorted((a, b) => a.page.version - b.page.version);
  if (first === undefined) throw new RangeError("no page was given");
  const decide = async (before: Page | undefined, { page, isConfirmed }: OriginPage) => {
    const atWorst = decidePublication(before, page, { ...UNTRUSTED, isConfirmed });
    // Nothing that readers have seen goes, whatever the facts are.
    if (atWorst.page === page) return atWorst;
    return decidePublication(before, page, { ...(await facts()), isConfirmed });
  };
  let decision = await decide(replica, first);
  for (const other of others) decision = await decide(decision.page, other);
  return decision;
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
