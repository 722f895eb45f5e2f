import { randomBytes } from "node:crypto";

/** W3C trace context: the caller's trace goes on, or a new one begins. */

export const TRACE_HEADER = "Traceparent";

const SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Our own span in the trace of `incoming`; in a new trace where that is none. */
export function traceparentOf(incoming: string | undefined): string {
  const random = randomBytes(24).toString("hex");
  const [, trace = random.slice(16), flags = "00"] = SHAPE.exec(incoming ?? "") ?? [];
  return `00-${trace}-${random.slice(0, 16)}-${flags}`;
}
