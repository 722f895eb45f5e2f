import { withDeadline } from "#core/ops/deadline.ts";
import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import { type Board, decodeBoard } from "#core/pages/board.ts";
import { PageBoards } from "#core/pages/page-boards.ts";
import {
  type BoardCopy,
  type Boards,
  type Pages,
  PagesUnavailable,
  type StaleReason,
} from "#core/pages/page-source.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { boardKeyOf } from "#core/wire/keys.ts";
import type { Guard } from "../clients/guard.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { RedisClient } from "../clients/redis-client.ts";
import type { Scope } from "../ops/scope.ts";
import type { Announcements } from "./announcements.ts";
import type { BoardMemory, HeldBoard } from "./board-memory.ts";

export interface BoardsSettings {
  memory: BoardMemory;
  redis: Pick<RedisClient, "mget">;
  redisGuard: Guard;
  origin: Pick<OriginClient, "board">;
  originGuard: Guard;
  policy: Policy;
  catalogue: Catalogue;
  announcements: Announcements;
}

/** Of a provider with so few series the board can be made of pages, where there is none. */
const MAX_SERIES_OF_PAGES = 20;
const RETRY_AFTER_SECONDS = 5;

/** Boards of one request: from the isolate, else from Redis in one round trip, else from the origin. */
export class TieredBoards implements Boards {
  readonly #settings: BoardsSettings;
  readonly #pages: Pages;
  readonly #scope: Scope;

  constructor(settings: BoardsSettings, pages: Pages, scope: Scope) {
    this.#settings = settings;
    this.#pages = pages;
    this.#scope = scope;
  }

  async readBoards(providers: readonly string[]): Promise<BoardCopy[]> {
    const nowMs = this.#scope.now();
    const found = new Map<string, BoardCopy>();
    for (const id of providers) {
      const held = this.#fromIsolate(id, nowMs);
      if (held) found.set(id, held);
    }
    const missing = () => providers.filter((id) => !found.has(id));
    let failure: StaleReason = "origin_unavailable";
    if (missing().length > 0) {
      const boards = await this.#fromRedis(missing()).catch(() => undefined);
      if (boards === undefined) failure = "redis_and_origin_unavailable";
      for (const board of boards ?? []) found.set(board.provider, this.#keep(board, "redis", nowMs));
    }
    await Promise.all(
      missing().map(async (id) => {
        const board = await this.#fromOrigin(id).catch(() => undefined);
        if (board) found.set(id, this.#keep(board, "origin", nowMs));
      }),
    );
    return Promise.all(providers.map((id) => found.get(id) ?? this.#lastResort(id, failure, nowMs)));
  }

  /** A fresh board, or one that another request is renewing. */
  #fromIsolate(provider: string, nowMs: number): BoardCopy | undefined {
    const { memory } = this.#settings;
    const held = memory.get(provider);
    if (held === undefined) return undefined;
    const freshUntilMs = this.#freshUntilMs(held, nowMs);
    const isUsed = nowMs < freshUntilMs || !memory.claim(provider, nowMs, nowMs + this.#lookupMs());
    return isUsed ? { board: held.board, tier: "isolate", freshUntilMs: Math.max(freshUntilMs, nowMs) } : undefined;
  }

  async #fromRedis(providers: readonly string[]): Promise<Board[]> {
    const { redis, redisGuard, policy } = this.#settings;
    const read = redisGuard.run(this.#scope, () => redis.mget(providers.map(boardKeyOf)));
    this.#scope.waitUntil(read.catch(() => undefined));
    const texts = await withDeadline(read, readDeadlineMs("REDIS", providers.length, policy), "boards from Redis");
    return providers.flatMap((id, index) => {
      const text = texts[index] ?? null;
      return (text === null ? undefined : decodeBoard(text, id)) ?? [];
    });
  }

  async #fromOrigin(provider: string): Promise<Board | undefined> {
    const { origin, originGuard, policy } = this.#settings;
    const { traceparent } = this.#scope;
    const read = originGuard.run(this.#scope, () => origin.board(provider, { traceparent }));
    this.#scope.waitUntil(read.catch(() => undefined));
    return withDeadline(read, readDeadlineMs("ORIGIN", 1, policy), "a board from the origin");
  }

  /** The board as last seen, marked stale, or one made of pages. */
  async #lastResort(provider: string, stale: StaleReason, nowMs: number): Promise<BoardCopy> {
    const { memory, policy, catalogue } = this.#settings;
    const held = memory.get(provider);
    if (held && nowMs - held.readAtMs < policy.STALE_HORIZON_MS)
      return { board: held.board, tier: "isolate", stale, freshUntilMs: nowMs };
    const series = catalogue.findProvider(provider)?.series ?? [];
    if (series.length > MAX_SERIES_OF_PAGES) throw new PagesUnavailable(RETRY_AFTER_SECONDS);
    const [made] = await new PageBoards(this.#pages, catalogue, nowMs).readBoards([provider]);
    return made as BoardCopy;
  }

  #keep(board: Board, tier: "redis" | "origin", nowMs: number): BoardCopy {
    this.#settings.memory.keep(board, nowMs);
    return { board, tier, freshUntilMs: this.#freshUntilMs({ board, readAtMs: nowMs }, nowMs) };
  }

  /** Until when a board is fresh: shorter while a value of it is awaited. */
  #freshUntilMs({ board, readAtMs }: HeldBoard, nowMs: number): number {
    const { policy, announcements, redisGuard } = this.#settings;
    const untilMs = readAtMs + policy.ISOLATE_FRESH_MS;
    if (redisGuard.isAway) return untilMs;
    const awaited = Object.entries(board.values).flatMap(
      ([series, [newest]]) => announcements.awaitedSinceMs(series, newest, nowMs) ?? [],
    );
    return Math.min(untilMs, Math.max(readAtMs + policy.AWAITED_FRESH_MS, Math.min(...awaited)));
  }

  #lookupMs(): number {
    const { policy } = this.#settings;
    return readDeadlineMs("REDIS", 1, policy) + readDeadlineMs("ORIGIN", 1, policy);
  }
}
