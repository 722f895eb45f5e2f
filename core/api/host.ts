import type { Policy } from "../ops/policy.ts";
import type { Pages } from "../pages/page-source.ts";

/** What a host gives the public API for one request. */
export interface ApiHost {
  pages: Pages;
  /** Epoch milliseconds; the API reads no other clock. */
  nowMs: number;
  /** Whole milliseconds since the request came in, only for Server-Timing. */
  elapsedMs: () => number;
  policy: Policy;
}
