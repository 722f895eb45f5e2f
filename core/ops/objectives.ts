/** The share of events that may fail before an objective of the service is missed. */
export const BUDGETS = {
  /** Responses that are server errors: 99.95 % are none. */
  availability: 0.0005,
  /** Responses that take longer than 200 ms: 95 % don't. */
  latency: 0.05,
  /** Page reads that reach the origin: 90 % don't. */
  cache: 0.1,
} as const;
