import { withDeadline } from "#core/ops/deadline.ts";
import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import {
  type Archive,
  type BoardCopy,
  type PageCopy,
  PagesUnavailable,
  type WindowCopy,
} from "#core/pages/page-source.ts";
import { revisionsSchema, windowSchema } from "#core/wire/archive.ts";
import { boardSchema } from "#core/wire/internal.ts";
import type { Guard } from "../clients/guard.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Scope } from "../ops/scope.ts";
import { rangesOf } from "./origin-tier.ts";

export interface ArchiveSettings {
  origin: Pick<OriginClient, "pages" | "read">;
  originGuard: Guard;
  policy: Policy;
}

const RETRY_AFTER_SECONDS = 5;
/** What was stored at an instant does not change. */
const FRESH = { tier: "origin", freshUntilMs: Number.POSITIVE_INFINITY } as const;

/** What was stored at any instant. The edge's own tiers hold only what is in force, so the origin is always asked. */
export class OriginArchive implements Archive {
  readonly #settings: ArchiveSettings;
  readonly #scope: Scope;

  constructor(settings: ArchiveSettings, scope: Scope) {
    this.#settings = settings;
    this.#scope = scope;
  }

  at(knownAtMs: number) {
    const { origin } = this.#settings;
    const { traceparent } = this.#scope;
    return {
      read: async (series: string, years: readonly number[]): Promise<PageCopy[]> => {
        const read = rangesOf(years).map(([from, to]) =>
          this.#ask(to - from + 1, () => origin.pages(series, from, to, { traceparent }, `as-of/${knownAtMs}/pages`)),
        );
        const pages = new Map((await Promise.all(read)).flat().map((page) => [page.year, page]));
        return years.flatMap((year) => {
          const page = pages.get(year);
          return page === undefined ? [] : [{ page, ...FRESH }];
        });
      },
      readBoards: (providers: readonly string[]): Promise<BoardCopy[]> =>
        Promise.all(
          providers.map(async (id) => {
            const path = `as-of/${knownAtMs}/boards/${id}`;
            const board = await this.#ask(1, () => origin.read(path, boardSchema, { traceparent }));
            return { board, ...FRESH };
          }),
        ),
      readWindow: async (provider: string, date: string): Promise<WindowCopy> => {
        const path = `as-of/${knownAtMs}/windows/${provider}/${date}`;
        const { values } = await this.#ask(1, () => origin.read(path, windowSchema, { traceparent }));
        return { values, ...FRESH };
      },
    };
  }

  async revisions(series: string, date: string) {
    const { origin } = this.#settings;
    const { traceparent } = this.#scope;
    const path = `revisions/${series}/${date}`;
    return (await this.#ask(1, () => origin.read(path, revisionsSchema, { traceparent }))).revisions;
  }

  /** Throws PagesUnavailable if the origin does not respond in time, or is of a release that keeps no record. */
  async #ask<T>(pages: number, call: () => Promise<T>): Promise<T> {
    const { originGuard, policy } = this.#settings;
    try {
      const read = originGuard.run(this.#scope, call);
      this.#scope.waitUntil(read.catch(() => undefined));
      // Nothing else has it, so a late response is waited for at once.
      const deadlineMs = readDeadlineMs("ORIGIN", pages, policy) + readDeadlineMs("LATE", pages, policy);
      return await withDeadline(read, deadlineMs, "the origin's archive");
    } catch (error) {
      const waitMs = originGuard.closedForMs(this.#scope.now());
      const retryAfterSeconds = Math.max(RETRY_AFTER_SECONDS, Math.ceil(waitMs / 1000));
      throw new PagesUnavailable(retryAfterSeconds, { cause: error });
    }
  }
}
