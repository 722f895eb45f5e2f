import type { Scope } from "./scope.ts";
import { TRACE_HEADER, traceparentOf } from "./trace.ts";

/** The scope of one HTTP request. */
export class RequestScope implements Scope {
  readonly now: () => number;
  readonly #context: Pick<ExecutionContext, "waitUntil">;
  readonly #incoming: string | null;
  #traceparent: string | undefined;

  constructor(now: () => number, context: Pick<ExecutionContext, "waitUntil">, request: Request) {
    this.now = now;
    this.#context = context;
    this.#incoming = request.headers.get(TRACE_HEADER);
  }

  /** Whether the reader sent a trace context. */
  get isTraced(): boolean {
    return this.#incoming !== null;
  }

  /** Our span in the reader's trace, or in a new one; made when first needed. */
  get traceparent(): string {
    this.#traceparent ??= traceparentOf(this.#incoming);
    return this.#traceparent;
  }

  waitUntil(work: Promise<unknown>): void {
    this.#context.waitUntil(work);
  }
}
