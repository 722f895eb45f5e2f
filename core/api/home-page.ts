import { cacheHeaders, type Lifetimes } from "./caching.ts";
import { currentRate } from "./endpoints/current.ts";
import { etagOf } from "./etag.ts";
import { problemOf } from "./failure.ts";
import { type FinishedResponse, finish } from "./finished-response.ts";
import { escapeHtml } from "./html/text.ts";
import { DEFAULT_BASE, DEFAULT_QUOTE, routeOf } from "./parameters.ts";
import type { RateReader } from "./rate-reader.ts";
import { RATE_PLACE, SITE_HEADERS } from "./site-headers.ts";

const HEADERS = { ...SITE_HEADERS, "Content-Type": "text/html; charset=utf-8" };
const UNCACHED: Lifetimes = { clientSeconds: 0, edgeSeconds: 0, edgeStaleSeconds: 0, edgeErrorSeconds: 0 };

/** The home page with the current rate in it; without one if none can be read, since the page looks again by itself. */
export async function homeResponse(reader: RateReader, html: string): Promise<FinishedResponse> {
  try {
    const route = routeOf(reader.host, { base: DEFAULT_BASE, quote: DEFAULT_QUOTE });
    const content = await currentRate(reader, route);
    const body = html.replace(RATE_PLACE, () => rateHtml(content));
    const latest = [{ route, date: content.date }];
    return finish(reader, { content, kind: "now", latest }, { body, headers: HEADERS }, withoutClients);
  } catch (error) {
    if (!problemOf(error)) throw error;
    const headers = { ...HEADERS, ETag: etagOf(html), ...cacheHeaders(UNCACHED) };
    return { body: html, headers, lifetimes: UNCACHED, hotUntilMs: reader.host.nowMs };
  }
}

/** Browsers look each time: the page names files that a later release may no longer have. */
function withoutClients(lifetimes: Lifetimes): Lifetimes {
  return { ...lifetimes, clientSeconds: 0 };
}

function rateHtml(current: Awaited<ReturnType<typeof currentRate>>): string {
  const { base, quote, rate, date } = current;
  // In a script element, only this could end the data early.
  const data = JSON.stringify(current).replaceAll("<", "\\u003c");
  return `<p class="now"><span>1 ${base} =</span> <b>${escapeHtml(rate)}</b> <span>${quote}</span> <time datetime="${date}">${date}</time></p>
<script type="application/json" id="current">${data}</script>`;
}
