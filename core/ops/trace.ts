/** W3C trace context (https://www.w3.org/TR/trace-context/): continues the caller's trace, or begins a new one. */

export const TRACE_HEADER = "Traceparent";

/** Random bytes that a host must supply for one span: its two ids. */
export const SPAN_BYTES = 24;

/** The share of new traces that is recorded. The edge begins most of them, and the origin follows its decision. */
export const SAMPLED_SHARE = 0.1;

/** Our own span. Ids are in lower-case hexadecimal. */
export interface SpanContext {
  traceId: string;
  spanId: string;
  /** The caller's span; undefined if the trace begins here. */
  parentSpanId: string | undefined;
  isSampled: boolean;
  /** The header to send. */
  traceparent: string;
}

const SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/**
 * Our span in the trace of `incoming`, or in a new trace if there is none. `random`: SPAN_BYTES in hexadecimal. A caller's
 * trace is recorded if the caller records it; of new ones, `sampledShare`.
 */
export function spanWithin(incoming: string | null | undefined, random: string, sampledShare: number): SpanContext {
  const spanId = random.slice(0, 16);
  const [, parentTraceId, parentSpanId, parentFlags] = SHAPE.exec(incoming ?? "") ?? [];
  const traceId = parentTraceId ?? random.slice(16, 48);
  const flags = parentFlags ?? (isInShare(traceId, sampledShare) ? "01" : "00");
  const isSampled = (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED;
  return { traceId, spanId, parentSpanId, isSampled, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/**
 * Whether a trace is in the recorded share: the same id and share always give the same result. Uses the end of the id,
 * which is random in every kind of id; 52 bits, which a double holds exactly.
 */
export function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-13), 16) >= (1 - share) * 2 ** 52;
}
