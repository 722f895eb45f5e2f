/** What an alert watches. One value for each observation, whatever the alert's threshold. */
export type Metric =
  | { kind: "rate"; base: string; quote: string }
  /** Percent against the fixing `window` fixings before. */
  | { kind: "change"; window: number; base: string; quote: string }
  /** How many publications of a provider are missing. */
  | { kind: "stale"; provider: string };

export const MAX_WINDOW = 260;

const RATE = /^rate:([A-Z]{3})\/([A-Z]{3})$/;
const CHANGE = /^change:([1-9]\d{0,2}):([A-Z]{3})\/([A-Z]{3})$/;
const STALE = /^stale:([a-z][a-z-]{0,19})$/;

/** `rate:USD/EUR`, `change:1:USD/EUR`, `stale:ecb`: how a metric is stored. */
export function metricName(metric: Metric): string {
  switch (metric.kind) {
    case "rate":
      return `rate:${metric.base}/${metric.quote}`;
    case "change":
      return `change:${metric.window}:${metric.base}/${metric.quote}`;
    case "stale":
      return `stale:${metric.provider}`;
  }
}

/** The metric of a stored name; undefined if a newer release wrote one of another kind. */
export function parseMetric(name: string): Metric | undefined {
  const [, base, quote] = RATE.exec(name) ?? [];
  if (base !== undefined && quote !== undefined) return { kind: "rate", base, quote };
  const [, window, from, to] = CHANGE.exec(name) ?? [];
  if (from !== undefined && to !== undefined) return { kind: "change", window: Number(window), base: from, quote: to };
  const [, provider] = STALE.exec(name) ?? [];
  return provider === undefined ? undefined : { kind: "stale", provider };
}
