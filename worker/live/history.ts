import { isNews, messageOf } from "#core/live/message.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { MAX_EVENTS_PER_PAGE, RATE_EVENT_TYPES } from "#core/wire/events.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { HubBatch, HubMessage } from "./hub.ts";
import { MAX_KEPT } from "./hub-log.ts";
import { readEvents } from "./origin-events.ts";

export interface HistoryDeps {
  origin: Pick<OriginClient, "read">;
  catalogue: Catalogue;
}

/** A page of the log, as far as hubs send it. */
export async function readNews({ origin, catalogue }: HistoryDeps, after: number) {
  const providers = catalogue.providers.filter(({ isPrivate }) => !isPrivate).map(({ id }) => id);
  const query = { types: RATE_EVENT_TYPES, providers, limit: MAX_EVENTS_PER_PAGE, after };
  const { events, next, latest } = await readEvents(origin, query);
  const messages = events.filter(isNews).map(
    (event): HubMessage => ({
      id: event.seq,
      type: event.type,
      series: event.subject,
      text: JSON.stringify(messageOf(event)),
    }),
  );
  return { messages, next, latest };
}

/** What hubs without storage begin with: new ones, and on a developer's machine all of them after a restart. */
export class History {
  readonly #deps: HistoryDeps;
  readonly #batches = new Map<number, Promise<HubBatch>>();

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
  }

  /** The newest messages up to a number; read once for all hubs. */
  upTo(id: number): Promise<HubBatch> {
    const batch = this.#batches.get(id) ?? this.#read(id);
    this.#batches.set(id, batch);
    return batch;
  }

  async #read(through: number): Promise<HubBatch> {
    const after = Math.max(0, through - MAX_KEPT);
    const messages: HubMessage[] = [];
    for (let at = after; at < through; ) {
      const page = await readNews(this.#deps, at);
      messages.push(...page.messages.filter(({ id }) => id <= through));
      if (page.next <= at) break;
      at = page.next;
    }
    return { kind: "history", after, through, messages };
  }
}
