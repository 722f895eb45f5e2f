import { z } from "@hono/zod-openapi";
import { isPlainDate } from "../time/dates.ts";
import { type Lifetimes, RECORDED, UNCONFIRMED } from "./caching.ts";
import { ApiFailure, invalidParameter } from "./failure.ts";
import type { ApiHost } from "./host.ts";

/** `known_at`: the response as it would have been at an instant, from what was stored then. */

const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** A parameter that is an instant. */
export const instant = () =>
  z
    .string()
    // A plus sign that was not encoded arrives as a space.
    .transform((text) => text.replace(" ", "+"))
    .refine((text) => isPlainDate(INSTANT.exec(text)?.[1] ?? ""), {
      error: "must be an instant such as 2023-12-29T18:30:00Z",
    });

/** The parameter of every endpoint with rates. */
export const knownAtParameter = () => ({
  known_at: instant().optional().openapi({
    type: "string",
    format: "date-time",
    description: "Respond as at this instant, from what was stored then. Default: now.",
    example: "2026-01-02T18:30:00Z",
  }),
});

/** By then every commit that began before an instant has ended, whatever the clocks of the origin's instances differ by. */
const SETTLED_AFTER_MS = 120_000;
/** A recorded response is made again after this long. */
const HOT_MS = 3_600_000;

/** The host as it was at an instant. Throws ApiFailure if that is yet to come. */
export function hostAt(host: ApiHost, knownAt: string): ApiHost {
  // Before 1970 nothing was stored either; what else is wrong with the request comes first.
  const nowMs = Math.max(0, Date.parse(knownAt));
  if (nowMs > host.nowMs) throw invalidParameter("known_at", "must not be in the future");
  const record = host.archive.at(nowMs);
  // What ticks were known when is not recorded.
  const { ticks: _, ...others } = host;
  return { ...others, pages: record, boards: record, windows: record, nowMs, requestedAtMs: host.nowMs };
}

/** The failure of a request for an instant before anything was stored. */
export function nothingStored(knownAtMs: number): ApiFailure {
  const at = new Date(knownAtMs).toISOString();
  return new ApiFailure({ code: "no_data", detail: `No rate of this request was stored at ${at}.` });
}

/** How long a response as at an instant may be kept, and until when this host may reuse it. */
export function lifetimesAt(knownAtMs: number, requestedAtMs: number): { lifetimes: Lifetimes; hotUntilMs: number } {
  const isSettled = requestedAtMs - knownAtMs >= SETTLED_AFTER_MS;
  return isSettled
    ? { lifetimes: RECORDED, hotUntilMs: requestedAtMs + HOT_MS }
    : { lifetimes: UNCONFIRMED, hotUntilMs: requestedAtMs };
}
