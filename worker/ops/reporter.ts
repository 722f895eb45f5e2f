import type { Toucan } from "toucan-js";
import { scrub } from "#core/ops/scrub.ts";
import type { Scope } from "./scope.ts";

/** Plain facts that go with a report. */
export type Facts = Record<string, string | number | boolean | null>;

/** Tells operators what went wrong; nothing secret leaves through it. */
export interface Reporter {
  /** A fault of ours. `where` says what was being done, in our own words. */
  exception(error: unknown, where: string, scope: Scope): void;
  /** Something that operators should know of. */
  notice(message: string, facts: Facts, scope: Scope): void;
}

export interface ReportSettings {
  environment: string;
  /** Absent: the log alone. */
  dsn?: string | undefined;
  release?: string | undefined;
  /** Values that must never be seen, whatever text they turn up in. */
  secrets: readonly string[];
  log?: (line: string) => void;
}

/** Reports to the log as one line of JSON each and, where there is a DSN, to Sentry. */
export class SentryReporter implements Reporter {
  readonly #settings: ReportSettings;

  constructor(settings: ReportSettings) {
    this.#settings = settings;
  }

  exception(error: unknown, where: string, scope: Scope): void {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    this.#log("error", where, { name, reason: message, stack: stack ?? null }, scope);
    // A copy without causes and fields of its own, which could quote what was sent.
    const copy = Object.assign(new Error(this.#clean(message)), { name });
    if (stack !== undefined) copy.stack = this.#clean(stack);
    this.#send(scope, (sentry) => sentry.captureException(copy, { data: { where: this.#clean(where) } }));
  }

  notice(message: string, facts: Facts, scope: Scope): void {
    this.#log("warning", message, facts, scope);
    this.#send(scope, (sentry) =>
      sentry.captureMessage(this.#clean(message), "warning", { data: this.#cleanFacts(facts) }),
    );
  }

  /** A client for each report, since it needs the waitUntil of the request at hand; an isolate without any loads none. */
  #send(scope: Scope, report: (sentry: Toucan) => unknown): void {
    const { dsn, environment, release } = this.#settings;
    if (dsn === undefined) return;
    const send = async () => {
      const { Toucan } = await import("toucan-js");
      const client = new Toucan({
        dsn,
        environment,
        ...(release !== undefined && { release }),
        context: { waitUntil: (work) => scope.waitUntil(work) },
        beforeBreadcrumb: () => null,
        beforeSend: (event, hint) => {
          const { request: _, breadcrumbs: __, user: ___, server_name: ____, ...kept } = event;
          return { ...kept, extra: (hint.data ?? {}) as Record<string, unknown> };
        },
      });
      report(client);
    };
    scope.waitUntil(send());
  }

  #log(level: "error" | "warning", message: string, facts: Facts, scope: Scope): void {
    const head = {
      level,
      message: this.#clean(message),
      at: new Date(scope.now()).toISOString(),
      ...(scope.traceparent !== undefined && { traceparent: scope.traceparent }),
    };
    // No fact takes the place of what every line says; `head` first keeps it at the front.
    (this.#settings.log ?? console.log)(JSON.stringify({ ...head, ...this.#cleanFacts(facts), ...head }));
  }

  #cleanFacts(facts: Facts): Facts {
    return Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [name, typeof fact === "string" ? this.#clean(fact) : fact]),
    );
  }

  #clean(text: string): string {
    return scrub(text, this.#settings.secrets);
  }
}
