import { randomFillSync } from "node:crypto";
import { SPAN_BYTES, type SpanContext, spanWithin } from "#core/ops/trace.ts";

/** Random bytes are fetched for many spans at once: one by one they would be a tenth of a response's cost. */
const POOL_BYTES = SPAN_BYTES * 200;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Our own span in the trace of `incoming`, or in a new trace, of which `sampledShare` are recorded. */
export function spanOf(incoming: string | undefined, sampledShare: number): SpanContext {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + SPAN_BYTES);
  used += SPAN_BYTES;
  return spanWithin(incoming, random, sampledShare);
}
