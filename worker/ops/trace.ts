import { SAMPLED_SHARE, SPAN_BYTES, spanWithin } from "#core/ops/trace.ts";

/** The traceparent of our own span in the trace of `incoming`, or in a new trace if there is none. */
export function traceparentOf(incoming: string | null | undefined): string {
  return spanWithin(incoming, randomHex(SPAN_BYTES), SAMPLED_SHARE).traceparent;
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
