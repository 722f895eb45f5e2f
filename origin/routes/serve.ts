import { findSeries } from "#core/providers/provider-list.ts";
import type { Page } from "#core/rates/page.ts";
import type { Services } from "../services.ts";

/** Serves pages that were just committed from the next request on. */
export function serveFromNowOn(touched: readonly Page[], { pages, boards, hotResponses }: Services): void {
  pages.learn(touched);
  for (const { series } of touched) boards.forget(findSeries(series)?.provider ?? "");
  hotResponses.clear();
}
