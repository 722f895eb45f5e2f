/** What belongs to one request: handed on, never kept by anything that outlives it. */
export interface Scope {
  /** The clock, epoch milliseconds. */
  now(): number;
  /** Lets work go on after the answer. */
  waitUntil(work: Promise<unknown>): void;
  /** W3C trace context to pass on. */
  traceparent?: string | undefined;
}
