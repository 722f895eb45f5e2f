import type { EdgeIncident } from "#core/wire/internal.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Scope } from "./scope.ts";

/** The same event is not sent again within this time by one isolate. */
const QUIET_MS = 60_000;

/** Sends events of the edge to the origin, where they become metrics and alarms. Best effort, after the response. */
export class EventClient {
  readonly #client: Pick<OriginClient, "sendEvent">;
  readonly #sentMs = new Map<string, number>();

  constructor(client: Pick<OriginClient, "sendEvent">) {
    this.#client = client;
  }

  /** Sends an event, unless the same one was just sent. */
  send(event: EdgeIncident["event"], name: string, detail: string, scope: Scope): void {
    const nowMs = scope.now();
    const key = `${event}:${name}:${detail}`.slice(0, 120);
    const lastMs = this.#sentMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < QUIET_MS) return;
    if (this.#sentMs.size > 200) this.#sentMs.clear();
    this.#sentMs.set(key, nowMs);
    const sent = this.#client.sendEvent(
      { event, name: name.slice(0, 60), detail: detail.slice(0, 300), at: new Date(nowMs).toISOString() },
      { traceparent: scope.traceparent },
    );
    // If the origin can't be reached, the log still has it.
    scope.waitUntil(sent.catch(() => undefined));
  }
}
