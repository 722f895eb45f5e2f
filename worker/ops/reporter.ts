import type { Toucan } from "toucan-js";
import { scrub } from "#core/ops/scrub.ts";
import type { Scope } from "./scope.ts";

/** Plain facts that go with a report. */
export type Facts = Record<string, string | number | boolean | null>;

/** Reports faults to operators, without secrets. */
export interface Reporter {
  /** A fault of ours. `where` says what was being done. */
  exception(error: unknown, where: string, scope: Scope): void;
  /** Something that operators should know of. */
  notice(message: string, facts: Facts, scope: Scope): void;
}

export interface ReportSettings {
  environment: string;
  /** Absent: only the log. */
  dsn?: string | undefined;
  release?: string | undefined;
  /** Values that must never appear in a report. */
  secrets: readonly string[];
  log?: (line: string) => void;
}

/** Reports to the log as one line of JSON each and, if there is a DSN, to Sentry. */
export class SentryReporter implements Reporter {
  readonly #settings: ReportSettings;

  constructor(settings: ReportSettings) {
    this.#settings = settings;
  }

  exception(error: unknown, where: string, scope: Scope): void {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    this.#log("error", where, { name, reason: message, stack: stack ?? null }, scope);
    // A new error without causes and extra fields, which could quote what was sent.
    const cleaned = Object.assign(new Error(this.#clean(message)), { name });
    if (stack !== undefined) cleaned.stack = this.#clean(stack);
    this.#send(scope, (sentry) => sentry.captureException(cleaned, { data: { where: this.#clean(where) } }));
  }

  notice(message: string, facts: Facts, scope: Scope): void {
    this.#log("warning", message, facts, scope);
    this.#send(scope, (sentry) =>
      sentry.captureMessage(this.#clean(message), "warning", { data: this.#cleanFacts(facts) }),
    );
  }

  /** A client per report, since it needs the request's waitUntil. The SDK is loaded at the first report. */
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
      release: this.#settings.release,
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
