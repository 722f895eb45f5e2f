import { randomUUID } from "node:crypto";
import { scrub } from "#core/ops/scrub.ts";
import { withDeadline } from "../deadline.ts";
import type { Log } from "./log.ts";

export interface ReportSettings {
  dsn: string;
  environment: string;
  /** Values that must never be seen, whatever text they turn up in. */
  secrets: readonly string[];
  /** Epoch milliseconds. */
  now: () => number;
}

/** What is reported, and how often at most. A store that is away fails with each request. */
const EVERY_MS: Readonly<Record<string, number>> = { error: 0, fatal: 0, store_failed: 60_000 };
/** So that a storm of faults takes neither memory nor the network. */
const MOST_UNDER_WAY = 10;
const DEADLINE_MS = 2_000;

/**
 * Reports to Sentry what the log is told of faults; nothing secret leaves through it. As an envelope of our own
 * (https://develop.sentry.dev/sdk/data-model/envelopes/): an SDK would weigh on every start, and toucan-js brings the
 * types of the Workers' runtime, which contradict Node's.
 */
export class Reports {
  readonly #settings: ReportSettings;
  readonly #url: string;
  readonly #key: string;
  readonly #underWay = new Set<Promise<void>>();
  readonly #lastMs = new Map<string, number>();

  constructor(settings: ReportSettings) {
    this.#settings = settings;
    const { protocol, host, username, pathname } = new URL(settings.dsn);
    const at = pathname.lastIndexOf("/");
    this.#url = `${protocol}//${host}${pathname.slice(0, at)}/api${pathname.slice(at)}/envelope/`;
    this.#key = username;
  }

  /** The log, with faults reported beside it. */
  around(log: Log): Log {
    return (event, fields = {}) => {
      log(event, fields);
      this.#take(event, fields);
    };
  }

  /** Waits for what is under way, for as long as one report may take. */
  async stop(): Promise<void> {
    await withDeadline(Promise.all(this.#underWay), DEADLINE_MS, "the last reports").catch(() => undefined);
  }

  #take(event: string, fields: Record<string, unknown>): void {
    const everyMs = EVERY_MS[event];
    const nowMs = this.#settings.now();
    if (everyMs === undefined || nowMs - (this.#lastMs.get(event) ?? -Infinity) < everyMs) return;
    if (this.#underWay.size >= MOST_UNDER_WAY) return;
    this.#lastMs.set(event, nowMs);
    // A report that does not arrive must not become a fault that is reported: the log has it.
    const work = this.#post(event, fields, nowMs).catch(() => undefined);
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
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

  /** As Sentry takes it, of the fields that errorFields gives and those that say where. */
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
      logger: event,
      exception: { values: [value] },
      extra: Object.fromEntries(Object.entries(where).map(([name, fact]) => [name, this.#clean(fact)])),
    };
  }

  #clean(fact: unknown): string {
    return scrub(String(fact), this.#settings.secrets);
  }
}

/** What of the environment must not be seen: tokens, and the databases' passwords as they are and as a URL has them. */
export function secretsOf(env: {
  databaseUrl: string;
  databaseReaderUrl: string | undefined;
  edgeTokens: readonly string[];
}): string[] {
  const passwords = [env.databaseUrl, env.databaseReaderUrl ?? ""].flatMap((url) => {
    const raw = URL.parse(url)?.password ?? "";
    return [raw, decoded(raw)];
  });
  return [...env.edgeTokens, ...passwords].filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
