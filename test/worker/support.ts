import { env } from "cloudflare:workers";
import { inject } from "vitest";
import type { Timer } from "#core/ops/deadline.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import type { Tier } from "#core/pages/page-source.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { type Page, pageDigest } from "#core/rates/page.ts";
import type { Digests } from "#core/wire/internal.ts";
import type { Scope } from "../../worker/ops/scope.ts";
import { Announcements } from "../../worker/tiers/announcements.ts";
import type { PageTier, TierEvents, TierResult } from "../../worker/tiers/tier.ts";

/** A bank day in Mexico City, an hour before the FIX. */
export const START_MS = Date.parse("2023-12-29T17:00:00Z");
export const SERIES = "banxico.SF43718";

export const announcements = new Announcements(catalogueFor("local", DEFAULT_POLICY), DEFAULT_POLICY);

/** A clock that stands still until it is moved. */
export class TestClock {
  ms = START_MS;
  readonly now = (): number => this.ms;

  advance(ms: number): void {
    this.ms += ms;
  }
}

/** Deadlines that pass when a test says so. */
export class TestTimer {
  readonly startedMs: number[] = [];
  readonly #pending = new Set<() => void>();

  readonly start: Timer = (ms, fire) => {
    this.startedMs.push(ms);
    this.#pending.add(fire);
    return () => this.#pending.delete(fire);
  };

  /** Lets every deadline that is running pass. */
  fire(): void {
    for (const fire of this.#pending) fire();
    this.#pending.clear();
  }

  get running(): number {
    return this.#pending.size;
  }
}

/** A request's scope that a test can wait for. */
export class TestScope implements Scope {
  readonly #work: Promise<unknown>[] = [];
  readonly now: () => number;
  traceparent: string | undefined;

  constructor(now: () => number) {
    this.now = now;
  }

  waitUntil(work: Promise<unknown>): void {
    this.#work.push(work);
  }

  async settled(): Promise<void> {
    while (this.#work.length > 0) await this.#work.shift();
  }
}

/** A page whose values show its version. */
export function pageOf(year: number, version: number, series = SERIES): Page {
  if (version === 0) return { series, year, version, updated_at: null, observations: [] };
  return {
    series,
    year,
    version,
    updated_at: `${year}-01-05T18:00:00Z`,
    observations: [
      [`${year}-01-03`, "17.0000"],
      [`${year}-01-04`, `17.${String(version).padStart(4, "0")}`],
    ],
  };
}

export function cached(page: Page, atMs: number, confirmedAtMs = atMs): CachedPage {
  return { page, storedAtMs: atMs, confirmedAtMs, jitter: 1 };
}

/** A tier in a Map that counts what it is asked. */
export class MapTier implements PageTier {
  readonly name: Tier;
  readonly pages = new Map<string, CachedPage>();
  readonly reads: number[][] = [];
  readonly writes: { years: number[]; corrupt: readonly number[] }[] = [];
  /** What to do instead of answering. */
  chaos: "none" | "throw" | "hang" = "none";
  corrupt: number[] = [];
  /** Set: readers wait no longer than a deadline. */
  deadlineMs?: (pages: number) => number;
  /** Ends a read that hangs with what the tier then holds. */
  arrive: () => void = () => undefined;

  constructor(name: Tier) {
    this.name = name;
  }

  hold(...entries: CachedPage[]): this {
    for (const entry of entries) this.pages.set(`${entry.page.series}:${entry.page.year}`, entry);
    return this;
  }

  async read(series: string, years: readonly number[]): Promise<TierResult> {
    this.reads.push([...years]);
    if (this.chaos === "throw") throw new Error(`${this.name} fails`);
    if (this.chaos === "hang") await new Promise<void>((resolve) => (this.arrive = resolve));
    const entries = new Map<number, CachedPage>();
    for (const year of years) {
      const entry = this.pages.get(`${series}:${year}`);
      if (entry && !this.corrupt.includes(year)) entries.set(year, entry);
    }
    return { entries, corrupt: years.filter((year) => this.corrupt.includes(year)) };
  }

  write(_series: string, entries: readonly CachedPage[], corrupt: readonly number[]): void {
    this.writes.push({ years: entries.map(({ page }) => page.year), corrupt });
    this.hold(...entries);
  }
}

/** Writes down what the tiers tell. */
export class EventLog implements TierEvents {
  readonly lines: string[] = [];

  read(tier: Tier, { hits, misses, corrupt }: { hits: number; misses: number; corrupt: number }): void {
    this.lines.push(`${tier} ${hits}/${misses}${corrupt > 0 ? ` corrupt ${corrupt}` : ""}`);
  }
  failed(tier: Tier): void {
    this.lines.push(`${tier} failed`);
  }
  fillFailed(tier: Tier): void {
    this.lines.push(`${tier} fill failed`);
  }
  servedStale(count: number): void {
    this.lines.push(`stale ${count}`);
  }
}

let hosts = 0;

/**
 * Bindings of the local environment, with a host name that no other test's cache entries have. A test that reads from Redis names
 * one of its own (`upstashOf`): pages of another would come from a shared one.
 */
export function testBindings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...(env as unknown as Record<string, unknown>),
    PUBLIC_URL: `https://test-${hosts++}-${crypto.randomUUID()}.example.com`,
    UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
    UPSTASH_REDIS_REST_TOKEN: inject("redisToken"),
    ...overrides,
  };
}

/** Bindings with all the time that a busy machine needs. */
export const PATIENT = { REDIS_DEADLINE_MS: "60000", REDIS_PATIENCE_MS: "60000", ORIGIN_DEADLINE_MS: "60000" };

/** An origin in a Map, spoken to through `fetch`. */
export class TestOrigin {
  readonly pages = new Map<string, Page>();
  readonly requests: { method: string; path: string; headers: Headers; body: string }[] = [];
  chaos: "none" | "unreachable" | "hang" | number = "none";
  headers: Record<string, string> = {};
  /** Responses of routes other than those of pages and digests, by path. */
  readonly others = new Map<string, unknown>();
  lineage = "first";
  maxSeq = 1_000;

  hold(...pages: Page[]): this {
    for (const page of pages) this.pages.set(`${page.series}:${page.year}`, page);
    return this;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    const { pathname } = new URL(request.url);
    this.requests.push({
      method: request.method,
      path: pathname,
      headers: request.headers,
      body: await request.clone().text(),
    });
    if (this.chaos === "unreachable") throw new TypeError("network connection lost");
    if (this.chaos === "hang") return hangUntil(init?.signal ?? undefined);
    if (typeof this.chaos === "number") return new Response("{}", { status: this.chaos, headers: this.headers });
    const [, series = "", from = "", to = from] = /^\/internal\/pages\/([^/]+)\/(\d+)-?(\d+)?$/.exec(pathname) ?? [];
    if (pathname === "/internal/digests") return Response.json(this.#digests(), { headers: this.headers });
    if (this.others.has(pathname)) return Response.json(this.others.get(pathname), { headers: this.headers });
    if (/^\/internal\/(as-of|revisions)\//.test(pathname)) return new Response("{}", { status: 404 });
    if (series === "") return Response.json({}, { headers: this.headers });
    const years = Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index);
    const pages = years.map((year) => this.pages.get(`${series}:${year}`) ?? pageOf(year, 0, series));
    return Response.json({ pages }, { headers: this.headers });
  };

  #digests(): Digests {
    const pages: Digests["pages"] = {};
    for (const page of this.pages.values())
      pages[page.series] = {
        ...pages[page.series],
        [page.year]: { version: page.version, digest: pageDigest(page) },
      };
    return { lineage: this.lineage, max_seq: this.maxSeq, pages };
  }
}

function hangUntil(signal: AbortSignal | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
