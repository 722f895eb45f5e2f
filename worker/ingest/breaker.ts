import { z } from "zod";
import { type Breaker, type BreakerPolicy, CLOSED } from "#core/ops/breaker.ts";
import type { Reply } from "../clients/redis-client.ts";

const breakerSchema = z.lazy(() => {
  const instant = z.int().min(0);
  return z.discriminatedUnion("state", [
    z.strictObject({ state: z.literal("closed"), failures: z.int().min(0) }),
    z.strictObject({ state: z.literal("open"), untilMs: instant }),
    z.strictObject({ state: z.literal("half_open"), probeUntilMs: instant }),
  ]);
});

/** A breaker as it is kept in Redis; closed where there is none or it makes no sense. */
export function decodeBreaker(text: Reply | undefined, nowMs: number, policy: BreakerPolicy): Breaker {
  if (typeof text !== "string") return CLOSED;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return CLOSED;
  }
  const { success, data } = breakerSchema.safeParse(json);
  if (!success) return CLOSED;
  // An instant further ahead than it can be comes from a clock that was set back: it is over, or it would never be.
  if (data.state === "open" && data.untilMs > nowMs + policy.openMs) return { ...data, untilMs: nowMs };
  if (data.state === "half_open" && data.probeUntilMs > nowMs + policy.probeMs) return { ...data, probeUntilMs: nowMs };
  return data;
}
