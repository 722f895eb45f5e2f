/** W3C trace context (https://www.w3.org/TR/trace-context/): the caller's trace goes on, or a new one begins. */

export const TRACE_HEADER = "Traceparent";

const SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Our own span in the trace of `incoming`; in a new trace where that is none. */
export function traceparentOf(incoming: string | null | undefined): string {
  const [, trace = randomHex(16), flags = "00"] = SHAPE.exec(incoming ?? "") ?? [];
  return `00-${trace}-${randomHex(8)}-${flags}`;
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
