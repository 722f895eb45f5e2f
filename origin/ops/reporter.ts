import { randomUUID } from "node:crypto";
import { withDeadline } from "#core/ops/deadline.ts";
import { scrub } from "#core/ops/scrub.ts";
import type { Log } from "./log.ts";

export interface ReportSettings {
  dsn: string;
  environment: string;
  release?: string | undefined;
  /** Values that must never appear in a report. */
  secrets: readonly string[];
  /** Epoch milliseconds. */
  now: () => number;
}

/** What is reported, and how often at most. An unreachable store fails with each request. */
const EVERY_MS: Readonly<Record<string, number>> = { error: 0, fatal: 0, store_failed: 60_000 };
/** So that many faults at once take neither memory nor the network. */
const MAX_IN_FLIGHT = 10;
const DEADLINE_MS = 2_000;

/**
 * Reports logged faults to Sentry, without secrets. Writes the envelope itself
 * (https://develop.sentry.dev/sdk/data-model/envelopes/): docs/decisions/0005 says what an SDK costs, and toucan-js depends
 * on the types of the Workers' runtime, which contradict Node's.
 */
export class Reports {
  readonly #settings: ReportSettings;
  readonly #url: string;
  readonly #key: string;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #lastMs = new Map<string, number>();

  constructor(settings: ReportSettings) {
    this.#settings = settings;
    const { protocol, host, username, pathname } = new URL(settings.dsn);
    const at = pathname.lastIndexOf("/");
    this.#url = `${protocol}//${host}${pathname.slice(0, at)}/api${pathname.slice(at)}/envelope/`;
    this.#key = username;
  }

  /** The log, which also reports faults. */
  around(log: Log): Log {
    return (event, fields = {}) => {
      log(event, fields);
      this.#take(event, fields);
    };
  }

  /** Waits for reports in flight, for as long as one may take. */
  async stop(): Promise<void> {
    await withDeadline(Promise.all(this.#inFlight), DEADLINE_MS, "the last reports").catch(() => undefined);
  }

  #take(event: string, fields: Record<string, unknown>): void {
    const everyMs = EVERY_MS[event];
    const nowMs = this.#settings.now();
    if (everyMs === undefined || nowMs - (this.#lastMs.get(event) ?? -Infinity) < everyMs) return;
    if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
    this.#lastMs.set(event, nowMs);
    // A lost report must not become a reported fault; it is in the log.
    const work = this.#post(event, fields, nowMs).catch(() => undefined);
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
  }

  async #post(event: string, fields: Record<string, unknown>, nowMs: number): Promise<void> {
    const id = randomUUID().replaceAll("-", "");
    const parts = [{ event_id: id }, { type: "event" }, this.#event(id, event, fields, nowMs)];
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-sentry-envelope",
        "X-Sentry-Auth": `Sentry sentry_version=7, sentry_client=paridad/1, sentry_key=${this.#key}`,
      },
      body: parts.map((part) => JSON.stringify(part)).join("\n"),
      redirect: "error",
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await response.body?.cancel();
  }

  /** A Sentry event, from the fields of errorFields and those that say where. */
  #event(id: string, event: string, fields: Record<string, unknown>, nowMs: number): object {
    const { error, message, stack, ...where } = fields;
    const frames = Array.isArray(stack) ? stack.map((line) => ({ function: this.#clean(line) })).reverse() : [];
    const value = { type: this.#clean(error ?? event), value: this.#clean(message ?? ""), stacktrace: { frames } };
    return {
      event_id: id,
      timestamp: nowMs / 1_000,
      platform: "node",
      level: event === "fatal" ? "fatal" : "error",
      environment: this.#settings.environment,
      ...(this.#settings.release !== undefined && { release: this.#settings.release }),
      logger: event,
      exception: { values: [value] },
      extra: Object.fromEntries(Object.entries(where).map(([name, fact]) => [name, this.#clean(fact)])),
    };
  }

  #clean(fact: unknown): string {
    return scrub(String(fact), this.#settings.secrets);
  }
}

/** The secrets of the environment: tokens, signing keys, and the databases' passwords, plain and URL-encoded. */
export function secretsOf(env: {
  databaseUrl: string;
  databaseReaderUrl: string | undefined;
  edgeTokens: readonly string[];
  deliverTokens: readonly string[];
  webhookKey: string | undefined;
  metricsToken: string | undefined;
  tokenKeys: readonly { d: string }[];
}): string[] {
  const passwords = [env.databaseUrl, env.databaseReaderUrl ?? ""].flatMap((url) => {
    const raw = URL.parse(url)?.password ?? "";
    return [raw, decoded(raw)];
  });
  const keys = env.tokenKeys.map(({ d }) => d);
  const own = [...env.edgeTokens, ...env.deliverTokens, env.webhookKey ?? "", env.metricsToken ?? "", ...keys];
  return [...own, ...passwords].filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
