/** Upper bounds of the response-time histograms of both hosts; slower responses count in the last, unbounded bucket. */
export const LATENCY_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000] as const;
