/** What belongs to one request: passed on, never kept by anything that outlives it. */
export interface Scope {
  /** The clock, epoch milliseconds. */
  now(): number;
  /** Lets work continue after the response. */
  waitUntil(work: Promise<unknown>): void;
  /** W3C trace context to pass on. */
  traceparent?: string | undefined;
}
