import type { TickSource } from "../ingest/tick-source.ts";
import type { Policy } from "../ops/policy.ts";
import type { Archive, Boards, Pages, Windows } from "../pages/page-source.ts";
import type { Catalogue } from "../providers/catalogue.ts";

import type { DocumentFile } from "./documents.ts";
import type { EventSource } from "./event-source.ts";
import type { LiveSource } from "./live.ts";

/** What a host gives the public API for one request. */
export interface ApiHost {
  pages: Pages;
  boards: Boards;
  events: EventSource;
  live: LiveSource;
  archive: Archive;
  /** Intraday values; only a host that serves private providers has them. */
  ticks?: TickSource;
  /** Epoch milliseconds; the API reads no other clock. */
  nowMs: number;
  /** Set if `nowMs` is a past instant that the request is about: when it came in. */
  requestedAtMs?: number;
  /** Set with `requestedAtMs`: of a past instant, pages are read one series at a time and from far away. */
  windows?: Windows;
  /** Whole milliseconds since the request came in, only for Server-Timing. */
  elapsedMs: () => number;
  policy: Policy;
  /** The providers that this deployment has. */
  catalogue: Catalogue;
  /** The dashboard's home page (web/); undefined if this deployment has no pages: then `/` leads to /docs. */
  homePage?: () => Promise<string | undefined>;
  /** Reads a document of core/api/document-files.ts; undefined if there is none of that name. Throws PagesUnavailable. */
  document: (name: string) => Promise<DocumentFile | undefined>;
  /** Where clients reach the API; undefined if this host was not told. */
  publicUrl?: string | undefined;
}
