import type { Instant, TickPage } from "../rates/ticks.ts";
import type { TickState } from "./ticks.ts";

/** Where the public API reads ticks. Only the origin has them: responses with a private provider's rates are made there. */
export interface TickSource {
  /** The newest values of a provider; undefined if it was never polled. */
  state(provider: string): Promise<TickState | undefined>;
  /** The kept pages of a series with its ticks from an instant on; the first of them may begin before it. */
  pages(series: string, from: Instant): Promise<TickPage[]>;
}
