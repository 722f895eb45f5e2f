import type { PlainDate } from "../time/dates.ts";
import type { Direction } from "./crossing.ts";
import { type Metric, metricName } from "./metric.ts";
import { thresholdText } from "./scaled.ts";

/** What fired an alert. */
export interface Crossing {
  metric: Metric;
  date: PlainDate;
  /** The highest sequence number among the observations behind the value: another one is another event. */
  version: number;
  value: string;
  /** What was evaluated before; null at the metric's first value. */
  previous: string | null;
  kind: "published" | "revised";
  /** When it was evaluated (epoch milliseconds). */
  firedAtMs: number;
}

export interface TriggeredAlert {
  publicId: string;
  direction: Direction;
  threshold: bigint;
  note: string | null;
}

/** The body of `alert.triggered`: stored once and delivered byte for byte. */
export function triggeredBody(alert: TriggeredAlert, crossing: Crossing): string {
  const { metric, date, version, value, previous, kind, firedAtMs } = crossing;
  return JSON.stringify({
    type: "alert.triggered",
    timestamp: new Date(firedAtMs).toISOString(),
    data: {
      alert_id: alert.publicId,
      metric: metricName(metric),
      ...(metric.kind === "stale" ? { provider: metric.provider } : { pair: `${metric.base}/${metric.quote}` }),
      condition: alert.direction,
      threshold: thresholdText(alert.threshold),
      value,
      previous,
      date,
      version,
      kind,
      ...(alert.note !== null && { note: alert.note }),
    },
  });
}
