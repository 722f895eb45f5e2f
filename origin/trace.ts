import { randomFillSync } from "node:crypto";

/** W3C trace context: the caller's trace goes on, or a new one begins. */

export const TRACE_HEADER = "Traceparent";

const SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Random bytes are fetched for many spans at once: one by one they would be a tenth of an answer's work. */
const SPAN_BYTES = 24;
const POOL_BYTES = SPAN_BYTES * 200;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Our own span in the trace of `incoming`; in a new trace where that is none. */
export function traceparentOf(incoming: string | undefined): string {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + SPAN_BYTES);
  used += SPAN_BYTES;
  const [, trace = random.slice(16), flags = "00"] = (incoming !== undefined && SHAPE.exec(incoming)) || [];
  return `00-${trace}-${random.slice(0, 16)}-${flags}`;
}
