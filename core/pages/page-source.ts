import type { Observation, Page } from "../rates/page.ts";
import type { PlainDate } from "../time/dates.ts";
import type { Board } from "./board.ts";

/** Where a page came from, nearest to the client first. */
export const TIERS = ["isolate", "colo", "redis", "origin"] as const;
export type Tier = (typeof TIERS)[number];

/** Why a stale entry is served: what could not be reached to renew it. */
export type StaleReason = "redis_and_origin_unavailable" | "origin_unavailable";

/** A page as one host read it. */
export interface PageCopy {
  page: Page;
  tier: Tier;
  /** Set if the page is past its freshness and could not be renewed. */
  stale?: StaleReason;
  /** Epoch milliseconds until which this host may use the page without reading it again. */
  freshUntilMs: number;
}

/**
 * The only data source of the public API. The edge implements it over its tiers, the origin over its store.
 *
 * `read` returns one page per requested year, in that order; a year without data at the origin is an empty page.
 * Throws PagesUnavailable if a page can't be read.
 */
export interface Pages {
  read(series: string, years: readonly number[]): Promise<PageCopy[]>;
}

/** A board as one host read it. */
export interface BoardCopy extends Omit<PageCopy, "page"> {
  board: Board;
}

/** Boards in the order of the providers that are asked for. Throws PagesUnavailable if one can't be read. */
export interface Boards {
  readBoards(providers: readonly string[]): Promise<BoardCopy[]>;
}

/** The values of each series of a provider over the days from which a rate may be carried to a date. */
export interface WindowCopy extends Omit<PageCopy, "page"> {
  values: Readonly<Record<string, readonly Observation[]>>;
}

/** One read for a whole table of rates. Throws PagesUnavailable if the window can't be read. */
export interface Windows {
  readWindow(provider: string, date: PlainDate): Promise<WindowCopy>;
}

/** One of the values that were stored for a date. */
export interface Revision {
  value: string;
  /** The provider took the date back: from then on it had no value. */
  withdrawn: boolean;
  /** When it was stored (RFC 3339, UTC). */
  knownFrom: string;
}

/** What was stored at any instant. Only the origin has it: no copy of a page says what was in it before. */
export interface Archive {
  /** The pages, boards and windows of an instant (epoch milliseconds). */
  at(knownAtMs: number): Pages & Boards & Windows;
  /** Every value that was ever stored for a date, oldest first. Throws PagesUnavailable if they can't be read. */
  revisions(series: string, date: PlainDate): Promise<Revision[]>;
}

export class PagesUnavailable extends Error {
  override name = "PagesUnavailable";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super("no tier has the page", options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A page that could be read, and is not there although its series has values of its year: history is loading. */
export class PageAbsent extends PagesUnavailable {}
