import { withDeadline } from "#core/ops/deadline.ts";
import type { SpanContext } from "#core/ops/trace.ts";
import { errorFields, type Log } from "./log.ts";

/**
 * Sends spans of served requests to a collector by OTLP/HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/). Why
 * without the OpenTelemetry SDK: docs/decisions/0005.
 */

export interface SpanSettings {
  /** The collector's base URL, without a signal's path. */
  endpoint: string;
  serviceName: string;
  environment: string;
}

/** A served request. */
export interface ServerSpan {
  context: SpanContext;
  method: string;
  /** The route's pattern, without the values of its parameters. */
  route: string;
  status: number;
  /** Epoch milliseconds. */
  startMs: number;
  durationMs: number;
}

export interface SpanLimits {
  /** How long a span waits for others, and how many one request holds at most. */
  batchMs: number;
  batchSpans: number;
  maxWaiting: number;
  /** For one request, and for all remaining spans at shutdown. */
  deadlineMs: number;
}

const LIMITS: SpanLimits = { batchMs: 5_000, batchSpans: 200, maxWaiting: 2_000, deadlineMs: 2_000 };

/** Collects spans and sends them, one request at a time. Spans that the collector refuses are lost; nothing waits for them. */
export class SpanExporter {
  readonly #settings: SpanSettings;
  readonly #url: string;
  readonly #log: Log;
  readonly #limits: SpanLimits;
  #waiting: ServerSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #isFailing = false;

  constructor(settings: SpanSettings, log: Log, limits: SpanLimits = LIMITS) {
    this.#settings = settings;
    this.#url = `${settings.endpoint.replace(/\/+$/, "")}/v1/traces`;
    this.#log = log;
    this.#limits = limits;
  }

  /** Takes a span that has ended, if its trace is recorded. */
  add(span: ServerSpan): void {
    if (!span.context.isSampled) return;
    const { maxWaiting, batchSpans, batchMs } = this.#limits;
    if (this.#waiting.length >= maxWaiting) this.#waiting.splice(0, batchSpans);
    this.#waiting.push(span);
    // A failing collector gets a pause, even if many spans wait.
    if (this.#waiting.length >= batchSpans && !this.#isFailing) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), batchMs).unref();
  }

  /** Sends the remaining spans, for as long as one request may take. */
  async stop(): Promise<void> {
    const rest = async () => {
      await this.#sending;
      while (this.#waiting.length > 0) {
        this.#send();
        await this.#sending;
      }
    };
    await withDeadline(rest(), this.#limits.deadlineMs, "sending the last spans").catch(() => undefined);
    clearTimeout(this.#timer);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    const { batchSpans, batchMs } = this.#limits;
    const batch = this.#waiting.splice(0, batchSpans);
    this.#sending = this.#post(batch).finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length >= batchSpans && !this.#isFailing) this.#send();
      else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#send(), batchMs).unref();
    });
  }

  async #post(batch: readonly ServerSpan[]): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(tracesOf(batch, this.#settings)),
        redirect: "error",
        signal: AbortSignal.timeout(this.#limits.deadlineMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the collector responded ${response.status}`);
      this.#isFailing = false;
    } catch (error) {
      // Once per outage, not per batch.
      if (!this.#isFailing) this.#log("spans_lost", errorFields(error));
      this.#isFailing = true;
    }
  }
}

const KIND_SERVER = 2;
const STATUS_ERROR = 2;

/** Spans as an ExportTraceServiceRequest. */
export function tracesOf(spans: readonly ServerSpan[], { serviceName, environment }: SpanSettings): object {
  const resource = {
    attributes: [text("service.name", serviceName), text("deployment.environment.name", environment)],
  };
  const scopeSpans = [{ scope: { name: "paridad" }, spans: spans.map(otlpSpan) }];
  return { resourceSpans: [{ resource, scopeSpans }] };
}

function otlpSpan({ context, method, route, status, startMs, durationMs }: ServerSpan): object {
  const { traceId, spanId, parentSpanId } = context;
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: `${method} ${route}`,
    kind: KIND_SERVER,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(startMs + durationMs),
    attributes: [
      text("http.request.method", method),
      text("http.route", route),
      { key: "http.response.status_code", value: { intValue: String(status) } },
    ],
    ...(status >= 500 && { status: { code: STATUS_ERROR } }),
  };
}

/** Exact to the microsecond: a double holds no more digits of an epoch. */
function nanoseconds(epochMs: number): string {
  return `${Math.round(epochMs * 1_000)}000`;
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}
