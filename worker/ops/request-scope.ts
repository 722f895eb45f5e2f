import { TRACE_HEADER } from "#core/ops/trace.ts";
import type { Scope } from "./scope.ts";
import { traceparentOf } from "./trace.ts";

/** The scope of one invocation: an HTTP request, or an event without one. */
export class RequestScope implements Scope {
  readonly now: () => number;
  readonly #context: Pick<ExecutionContext, "waitUntil">;
  readonly #incoming: string | null;
  #traceparent: string | undefined;

  constructor(now: () => number, context: Pick<ExecutionContext, "waitUntil">, request?: Request) {
    this.now = now;
    this.#context = context;
    this.#incoming = request?.headers.get(TRACE_HEADER) ?? null;
  }

  /** Whether the caller sent a trace context. */
  get isTraced(): boolean {
    return this.#incoming !== null;
  }

  /** Our span in the caller's trace, or in a new one; made on first use. */
  get traceparent(): string {
    this.#traceparent ??= traceparentOf(this.#incoming);
    return this.#traceparent;
  }

  waitUntil(work: Promise<unknown>): void {
    this.#context.waitUntil(work);
  }
}
