import type { Policy } from "../ops/policy.ts";
import type { Boards, Pages } from "../pages/page-source.ts";
import type { Catalogue } from "../providers/catalogue.ts";

/** What a host gives the public API for one request. */
export interface ApiHost {
  pages: Pages;
  boards: Boards;
  /** Epoch milliseconds; the API reads no other clock. */
  nowMs: number;
  /** Whole milliseconds since the request came in, only for Server-Timing. */
  elapsedMs: () => number;
  policy: Policy;
  /** The providers that this deployment has. */
  catalogue: Catalogue;
  /** Where clients reach the API; undefined if this host was not told. */
  publicUrl?: string | undefined;
}
