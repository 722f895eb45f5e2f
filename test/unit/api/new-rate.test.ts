import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { type ApiVariables, publicApi } from "#core/api/app.ts";
import { readDocument } from "#core/api/document-files.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { encodeBoard } from "#core/pages/board.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import { isIntraday, type Provider } from "#core/providers/provider.ts";
import { NAMED_IDS, PROVIDERS } from "#core/providers/provider-list.ts";
import { emptyPage, type Page } from "#core/rates/page.ts";
import type { Series } from "#core/rates/series.ts";
import type { PlainDate } from "#core/time/dates.ts";
import { announcedAtMs, nextDateAfter, type Publication } from "#core/time/publication.ts";
import { Guard } from "../../../worker/clients/guard.ts";
import { Announcements } from "../../../worker/tiers/announcements.ts";
import { BoardMemory } from "../../../worker/tiers/board-memory.ts";
import { IsolateTier } from "../../../worker/tiers/isolate-tier.ts";
import { Renewals } from "../../../worker/tiers/renewals.ts";
import type { PageTier } from "../../../worker/tiers/tier.ts";
import { TieredBoards } from "../../../worker/tiers/tiered-boards.ts";
import { TieredPages } from "../../../worker/tiers/tiered-pages.ts";
import { NO_ARCHIVE } from "../archive.ts";
import { catalogue } from "../catalogues.ts";
import { eventsInMemory, noLive } from "../events.ts";

const MAX_SECONDS = 15;
const policy = DEFAULT_POLICY;
const SECONDS_LOOKED_AT = 60;
/** Each isolate once per renewal; jitter shortens it by a tenth. */
const MAX_REDIS_READS = 3 * Math.ceil((SECONDS_LOOKED_AT * 1_000) / (0.9 * policy.AWAITED_FRESH_MS));

interface Kept {
  readAtMs: number;
  atMs: number;
  freshMs: number;
  staleMs: number;
  clientMs: number;
}

/**
 * A warm edge of one data centre: three isolates, their data centre's cache, and the shared cache in front of them. What Redis holds
 * changes every second and says which second it is, so every response tells how old it is.
 */
class WarmEdge {
  nowMs = 0;
  redisReads = 0;
  readonly #startMs: number;
  readonly #series: Series;
  readonly #dates: readonly PlainDate[];
  readonly #colo = new Map<number, CachedPage>();
  readonly #isolates: Hono<{ Variables: ApiVariables }>[];
  readonly #shared = new Map<string, Kept>();

  constructor(provider: Provider, series: Series, dates: readonly PlainDate[], startMs: number) {
    this.#startMs = startMs;
    this.#series = series;
    this.#dates = dates;
    this.#isolates = [0, 0.5, 0.999].map((random) => this.#isolate(provider, random));
  }

  /** When what a reader gets was in Redis, and until when the reader's own cache may repeat it. */
  async read(path: string, isolate: number): Promise<{ readAtMs: number; untilMs: number }> {
    const held = this.#shared.get(path);
    const ageMs = this.nowMs - (held?.atMs ?? 0);
    if (held && ageMs < held.freshMs) return { readAtMs: held.readAtMs, untilMs: held.atMs + held.clientMs };
    const response = await this.#isolates[isolate]?.request(path);
    if (response?.status !== 200) throw new Error(`${path}: ${response?.status} ${await response?.text()}`);
    const msOf = (header: string, name: string) =>
      1_000 * Number(new RegExp(`${name}=(\\d+)`).exec(response.headers.get(header) ?? "")?.[1] ?? 0);
    const second = /"1\.(\d{5})/.exec(await response.text())?.[1];
    const made = {
      readAtMs: this.#startMs + 1_000 * Number(second),
      atMs: this.nowMs,
      freshMs: msOf("Cloudflare-CDN-Cache-Control", "max-age"),
      staleMs: msOf("Cloudflare-CDN-Cache-Control", "stale-while-revalidate"),
      clientMs: msOf("Cache-Control", "max-age"),
    };
    this.#shared.set(path, made);
    // The reader who makes the shared cache revalidate gets what it had.
    const isRevalidated = held !== undefined && ageMs < held.freshMs + held.staleMs;
    return isRevalidated
      ? { readAtMs: held.readAtMs, untilMs: this.nowMs }
      : { readAtMs: made.readAtMs, untilMs: this.nowMs + made.clientMs };
  }

  #isolate(provider: Provider, random: number): Hono<{ Variables: ApiVariables }> {
    const own = catalogue([provider.id]);
    const common = { policy, announcements: new Announcements(own, policy) };
    const settings = {
      ...common,
      tiers: [new IsolateTier(policy), this.#coloTier, this.#redisTier],
      renewals: new Renewals(),
      conditions: () => ({ isRedisAway: false, isDatabaseDegraded: false }),
      originClosedForMs: () => 0,
      events: { read: () => {}, failed: () => {}, fillFailed: () => {}, servedStale: () => {} },
      random: () => random,
    };
    const guard = new Guard({
      name: "redis",
      deadlineMs: 1_000,
      classify: () => "failure",
      policy: { failureThreshold: 3, openMs: 1, probeMs: 1 },
      onChange: () => undefined,
    });
    const boards = {
      ...common,
      memory: new BoardMemory(),
      redis: { mget: async () => [this.#board()] },
      redisGuard: guard,
      origin: { board: async () => undefined },
      originGuard: guard,
      catalogue: own,
    };
    const scope = { now: () => this.nowMs, waitUntil: () => undefined };
    return new Hono<{ Variables: ApiVariables }>().route(
      "/",
      publicApi<{ Variables: ApiVariables }>(() => {
        const pages = new TieredPages(settings, scope);
        return {
          pages,
          boards: new TieredBoards(boards, pages, scope),
          archive: NO_ARCHIVE,
          events: eventsInMemory(),
          live: noLive,
          document: readDocument,
          nowMs: this.nowMs,
          elapsedMs: () => 0,
          policy,
          catalogue: own,
        };
      }),
    );
  }

  get #coloTier(): PageTier {
    return {
      name: "colo",
      read: async (_, years) => {
        const entries = years.flatMap((year) => this.#colo.get(year) ?? []);
        return { entries: new Map(entries.map((entry) => [entry.page.year, entry])), corrupt: [] };
      },
      write: (_, entries) => {
        for (const entry of entries) this.#colo.set(entry.page.year, entry);
      },
    };
  }

  get #redisTier(): PageTier {
    return {
      name: "redis",
      read: async (series, years) => {
        this.redisReads++;
        const times = { storedAtMs: this.nowMs, confirmedAtMs: this.nowMs, jitter: 1 };
        const entries = years.map((year) => [year, { page: this.#page(series, year), ...times }] as const);
        return { entries: new Map(entries), corrupt: [] };
      },
      write: () => undefined,
    };
  }

  #page(series: string, year: number): Page {
    const dates = this.#dates.filter((date) => date.startsWith(`${year}`));
    if (dates.length === 0) return emptyPage({ series, year });
    const observations = dates.map((date) => [date, this.#value] as const);
    return { series, year, version: this.nowMs, updated_at: "2026-01-01T00:00:00Z", observations };
  }

  #board(): string {
    this.redisReads++;
    const { id, provider } = this.#series;
    return encodeBoard({ provider, version: 1, values: { [id]: [this.#dates.at(-1) ?? "", this.#value] } });
  }

  get #value(): string {
    return `1.${String(Math.floor((this.nowMs - this.#startMs) / 1_000)).padStart(5, "0")}`;
  }
}

/** Every publication of every daily provider, by one of its series. */
const PUBLICATIONS = PROVIDERS.filter((one) => !isIntraday(one) && !NAMED_IDS.includes(one.id)).flatMap((provider) => {
  const inUse = provider.series.filter(({ until }) => until === undefined);
  const series = Map.groupBy(inUse, ({ publication }) => publication ?? provider.publication);
  return Array.from(series, ([publication, [first]]) => ({ provider, publication, series: first as Series }));
});

/** Dates with a value up to one in June, and the date after them. */
function datesOf(publication: Publication): { before: PlainDate[]; next: PlainDate } {
  const dates: PlainDate[] = [];
  for (
    let date = nextDateAfter(publication, "2026-05-03");
    date < "2026-06-10";
    date = nextDateAfter(publication, date)
  )
    dates.push(date);
  return { before: dates, next: nextDateAfter(publication, dates.at(-1) ?? "") };
}

describe.each(PUBLICATIONS)("while the next $series.id is awaited", ({ provider, publication, series }) => {
  const { before, next } = datesOf(publication);
  const announcedMs = announcedAtMs(publication, next);
  const query = `base=${series.base}&provider=${provider.id}`;

  test.each([
    `/api/v1/rates/current?${query}&quote=${series.quote}`,
    `/api/v1/rates/average/7d?${query}&quote=${series.quote}`,
    `/api/v1/rates/latest?${query}`,
  ])("%s repeats what Redis no longer has for 15 s at most, also in the reader's own cache", async (path) => {
    const startMs = announcedMs - 30_000;
    const lateMs = announcedMs + policy.AWAITED_WINDOW_MS - 1_000 * SECONDS_LOOKED_AT;
    for (const [beganMs, everySeconds] of [
      [startMs, 1],
      [lateMs, 1],
      [lateMs, 20],
    ] as const) {
      const edge = new WarmEdge(provider, series, before, startMs);
      let maxAgeMs = 0;
      for (let second = 0; second < SECONDS_LOOKED_AT; second += everySeconds) {
        edge.nowMs = beganMs + second * 1_000 + 7;
        for (const isolate of [0, 1, 2]) {
          const { readAtMs, untilMs } = await edge.read(path, isolate);
          if (edge.nowMs >= announcedMs) maxAgeMs = Math.max(maxAgeMs, untilMs - Math.max(readAtMs, announcedMs));
        }
      }
      expect(maxAgeMs).toBeGreaterThan(0);
      expect(maxAgeMs / 1_000).toBeLessThanOrEqual(MAX_SECONDS);
      expect(edge.redisReads).toBeLessThanOrEqual(MAX_REDIS_READS);
    }
  });
});
