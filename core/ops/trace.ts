/** W3C trace context (https://www.w3.org/TR/trace-context/): the caller's trace goes on, or a new one begins. */

export const TRACE_HEADER = "Traceparent";

/** What a host must bring for one span, as hexadecimal digits: the two ids. */
export const SPAN_BYTES = 24;

/** The share of new traces that is recorded. The edge begins most of them, and the origin goes by what it decided. */
export const SAMPLED_SHARE = 0.1;

/** Our own span. Ids are in lower-case hexadecimal. */
export interface SpanContext {
  traceId: string;
  spanId: string;
  /** The caller's span; undefined where the trace begins here. */
  parentSpanId: string | undefined;
  isSampled: boolean;
  /** All of it, as the header goes out. */
  traceparent: string;
}

const SHAPE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/**
 * Our span in the trace of `incoming`; in a new trace where that is none. `random`: SPAN_BYTES of randomness. A caller's
 * trace is recorded where the caller records it; of new ones, `sampledShare`.
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
 * Whether a trace is among the share that is recorded: all who have the same id and share find the same. By the id's
 * end, which is random in every kind of id; 52 bits, for so many a double holds exactly.
 */
export function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-13), 16) >= (1 - share) * 2 ** 52;
}
