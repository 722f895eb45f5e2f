/** A steady load of mixed reads, open-loop: slow responses do not slow the requests, as with real clients. */

/** How long a reader waits. */
const PATIENCE_MS = 10_000;

/** Reads of every shape, over a few pages that are warm. */
export const MIXED_READS = [
  "/api/v1/rates/current",
  "/api/v1/rates/current?base=EUR",
  "/api/v1/rates/current?base=EUR&quote=USD",
  "/api/v1/rates/current?base=MXN&quote=USD",
  "/api/v1/rates/historical?days=10",
  "/api/v1/rates/historical?limit=100",
  "/api/v1/rates/historical?from=2022-01-01&to=2022-12-31",
  "/api/v1/rates/average/15d",
  "/api/v1/rates/average/30d?basis=calendar",
  "/api/v1/rates/average/2022-10",
  "/api/v1/rates/on/2023-04-09",
  "/api/v1/convert?from=USD&to=MXN&amount=100.10",
];

export interface LoadResult {
  requests: number;
  /** What failed (5xx, timeouts, resets), as text with a count each. */
  failures: Map<string, number>;
  latenciesMs: number[];
  /** Responses marked stale, by reason. */
  staleByReason: Map<string, number>;
  /** The longest time over which every response was marked stale. */
  longestStaleMs: number;
  tiers: Map<string, number>;
}

export interface Load {
  /** What was measured since the start or the last call. */
  take(): LoadResult;
  /** Stops sending, and waits for requests in flight. */
  stop(): Promise<void>;
}

/** How fast readers ask, and for how long each waits. */
export interface Pace {
  requestsPerSecond: number;
  patienceMs?: number | undefined;
}

export function startLoad(
  baseUrl: string,
  { requestsPerSecond, patienceMs = PATIENCE_MS }: Pace,
  paths: readonly string[] = MIXED_READS,
): Load {
  let result = emptyResult();
  let staleSinceMs: number | undefined;
  const pending = new Set<Promise<void>>();
  let sent = 0;
  const startedMs = performance.now();

  const ask = async (path: string) => {
    const beganMs = performance.now();
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        // Requests the tier; it does not change where the response comes from.
        headers: { "Cache-Control": "no-cache" },
        signal: AbortSignal.timeout(patienceMs),
      });
      await response.arrayBuffer();
      if (response.status >= 400) count(result.failures, `${response.status} ${path}`);
      const reason = response.headers.get("paridad-stale");
      if (reason !== null) count(result.staleByReason, reason);
      count(result.tiers, response.headers.get("paridad-tier") ?? "none");
      const nowMs = performance.now();
      staleSinceMs = reason === null ? undefined : (staleSinceMs ?? nowMs);
      if (staleSinceMs !== undefined) result.longestStaleMs = Math.max(result.longestStaleMs, nowMs - staleSinceMs);
    } catch (error) {
      const cause =
        error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.name) : String(error);
      count(result.failures, `${cause} ${path}`);
    }
    result.requests++;
    result.latenciesMs.push(performance.now() - beganMs);
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * requestsPerSecond);
    for (; sent < due; sent++) {
      const asked = ask(paths[sent % paths.length] as string);
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
    }
  }, 5);

  return {
    take() {
      const taken = result;
      result = emptyResult();
      return taken;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
    },
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, value) => sum + value, 0);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function emptyResult(): LoadResult {
  return {
    requests: 0,
    failures: new Map(),
    latenciesMs: [],
    staleByReason: new Map(),
    longestStaleMs: 0,
    tiers: new Map(),
  };
}
