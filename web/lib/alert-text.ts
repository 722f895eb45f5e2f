import { parseMetric } from "#core/alerts/metric.ts";
import type { AccountEvent, Alert } from "./alerts.ts";
import { dateInMexico, showDate, showTime } from "./format.ts";
import { fill } from "./language.ts";
import { language, words } from "./reader.ts";

/** Alerts and what they said, in sentences. */

type Watched = Pick<Alert, "kind" | "pair" | "window" | "provider" | "condition" | "threshold">;

/** What an alert watches: "USD/MXN below 17.5". */
export function alertText({ kind, condition, ...places }: Watched): string {
  return fill(words("alerts").sentences[kind][condition], { window: 1, ...places });
}

/** What an event's alert watches, from what was sent with it: the alert itself may be gone. */
export function eventText({ type, data }: AccountEvent): string {
  const text = words("alerts");
  if (type !== "alert.triggered")
    return fill(text.disabled, { ...data, reason: text.reasons[data.reason as "gone"] ?? data.reason });
  return alertText({ ...data, ...parseMetric(String(data.metric)) } as unknown as Watched);
}

/** A date and a time of day in Mexico City. */
export function showInstant(instant: string): string {
  const ms = Date.parse(instant);
  return `${showDate(dateInMexico(ms), language.value, "short")}, ${showTime(ms, language.value, true)}`;
}
