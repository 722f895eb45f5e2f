import type { ParseResult, ProviderError, ProviderResponse } from "./provider.ts";

const MAX_WAIT_SECONDS = 86_400;
const DEFAULT_WAIT_SECONDS = 1_200;

/** What a response means that holds no data at all; undefined for a 200 that may hold some. */
export function failureOf(response: ProviderResponse, nowMs: number): ParseResult | undefined {
  const { status, headers, body } = response;
  if (status === 200) return isPage(body) ? failed({ kind: "transient", reason: "an HTML page" }) : undefined;
  if (status === 429) return failed({ kind: "rate_limited", resetMs: resetMs(headers.get("Retry-After"), nowMs) });
  if (status === 401) return failed({ kind: "unauthorized", reason: "status 401" });
  if (status === 400 || status === 404) return failed({ kind: "bad_request", reason: `status ${status}` });
  return failed({ kind: "transient", reason: `status ${status}` });
}

export function failed(error: ProviderError): ParseResult {
  return { ok: false, error };
}

export function invalid(reason: string): ParseResult {
  return failed({ kind: "invalid_response", reason });
}

/** When to come back, from `Retry-After` in seconds; at least a second from now, at most a day. */
export function resetMs(retryAfter: string | null, nowMs: number): number {
  const seconds = retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : DEFAULT_WAIT_SECONDS;
  return nowMs + Math.min(Math.max(seconds, 1), MAX_WAIT_SECONDS) * 1_000;
}

/** Firewalls and gateways respond 200 with a page for people. */
function isPage(body: string): boolean {
  return /^\s*<(!doctype\s+html|html)\b/i.test(body);
}
