import type { Services } from "../services.ts";
import type { ServerSpan } from "./spans.ts";

/** Notes a request that was served: in the log, which metrics count, in the timings, and as a span. */
export function recordServed(span: ServerSpan, services: Pick<Services, "timings" | "spans" | "log">): void {
  const { context, method, route, status, durationMs } = span;
  services.timings.record(durationMs);
  services.spans?.add(span);
  services.log("request", {
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    traceparent: context.traceparent,
  });
}
