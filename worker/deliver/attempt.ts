import { ATTEMPT_TIMEOUT_MS } from "#core/alerts/webhook-schedule.ts";
import { type TargetRules, targetFault } from "#core/alerts/webhook-target.ts";
import type { AttemptReport, Delivery } from "#core/wire/deliveries.ts";

export interface AttemptDeps {
  fetch: typeof fetch;
  /** Epoch milliseconds. */
  now: () => number;
  timeoutMs?: number;
}

/**
 * Sends one delivery once. Of the response nothing is kept but its status: neither its body, which is not read, nor its
 * headers, so that nobody learns through us what an address behind a receiver answers.
 */
export async function attempt(
  { id, url, headers, body }: Delivery,
  rules: TargetRules,
  { fetch: send, now, timeoutMs = ATTEMPT_TIMEOUT_MS }: AttemptDeps,
): Promise<AttemptReport> {
  // What was allowed when the endpoint was created may not be any more.
  if (targetFault(url, rules) !== undefined) return { id, error: "refused_target", duration_ms: 0 };
  const startMs = now();
  const elapsed = () => Math.max(0, Math.round(now() - startMs));
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await send(url, { method: "POST", headers, body, redirect: "manual", signal });
    // An unread body would keep its connection.
    await response.body?.cancel().catch(() => undefined);
    return { id, ...judge(response), duration_ms: elapsed() };
  } catch (error) {
    const isTimeout = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
    return { id, error: isTimeout ? "timeout" : "connection", duration_ms: elapsed() };
  }
}

function judge({ status, headers }: Response): Pick<AttemptReport, "status" | "error" | "retry_after_seconds"> {
  if (status >= 200 && status < 300) return { status };
  const seconds = /^\d{1,6}$/.exec(headers.get("Retry-After") ?? "")?.[0];
  const retry = seconds === undefined ? {} : { retry_after_seconds: Number(seconds) };
  if (status >= 300 && status < 400) return { status, error: "redirect", ...retry };
  const isChallenge = headers.get("cf-mitigated") === "challenge";
  return { status, error: isChallenge ? "challenge" : "http", ...retry };
}
