import { isNews, messageOf } from "#core/live/message.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { MAX_EVENTS_PER_PAGE, RATE_EVENT_TYPES, type RateEvent } from "#core/wire/events.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import type { Watch } from "../ingest/ports.ts";
import type { HubBatch, HubMessage } from "./hub.ts";
import { moveCursor, readCursor, readEvents } from "./origin-events.ts";

/** A hub, as the publisher calls it. */
export interface HubPort {
  name: string;
  publish(batch: HubBatch): Promise<unknown>;
}

export interface PublisherDeps {
  origin: Pick<OriginClient, "read" | "write">;
  hubs: readonly HubPort[];
  catalogue: Catalogue;
}

/** With so many messages a batch is sent. */
const MESSAGES_PER_BATCH = 200;
/** Calls in flight at once: a worker holds six connections. */
const LANES = 6;
/** A first fill has many pages; what is left comes with the next turn. */
const MAX_PAGES = 100;

/**
 * Brings the events after the cursor to every hub, and then moves the cursor. Hubs know what they have, so it may be done
 * twice and from two places at once. While a hub can't be reached the others are served, and the cursor stays.
 */
export async function publishEvents(deps: PublisherDeps, watch: Watch): Promise<void> {
  try {
    await new Publisher(deps, watch).run();
  } catch (error) {
    // An origin of the release before has no log.
    if (error instanceof OriginFailure && error.status === 404) return;
    watch.exception(error, "publishing events");
  }
}

class Publisher {
  readonly #deps: PublisherDeps;
  readonly #watch: Watch;
  readonly #failed = new Set<HubPort>();
  #cursor = 0;

  constructor(deps: PublisherDeps, watch: Watch) {
    this.#deps = deps;
    this.#watch = watch;
  }

  async run(): Promise<void> {
    this.#cursor = await readCursor(this.#deps.origin, "hub");
    let messages: HubMessage[] = [];
    let [after, through] = [this.#cursor, this.#cursor];
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await this.#read(through);
      messages.push(...page.events.filter(isNews).map(hubMessageOf));
      if (page.next < through) return this.#goBack(page.next);
      const isLast = page.next >= page.latest;
      through = page.next;
      if (through === after) return;
      if (!isLast && messages.length < MESSAGES_PER_BATCH && pages + 1 < MAX_PAGES) continue;
      const isOn = await this.#send({ after, through, messages });
      if (isLast || !isOn) return;
      [after, messages] = [through, []];
    }
  }

  #read(after: number) {
    const providers = this.#deps.catalogue.providers.filter(({ isPrivate }) => !isPrivate).map(({ id }) => id);
    const wanted = { types: RATE_EVENT_TYPES, providers, limit: MAX_EVENTS_PER_PAGE };
    return readEvents(this.#deps.origin, { ...wanted, after });
  }

  /** The database is an older one than before. */
  async #goBack(id: number): Promise<void> {
    this.#watch.notice("the log of events went back", { from: this.#cursor, to: id });
    await this.#send({ after: id, through: id, messages: [], isReset: true });
  }

  /** Whether to go on: not if someone else moved the cursor. */
  async #send(batch: HubBatch): Promise<boolean> {
    const waiting = [...this.#deps.hubs];
    const lane = async () => {
      for (let hub = waiting.shift(); hub; hub = waiting.shift())
        await hub.publish(batch).catch((error) => {
          this.#failed.add(hub);
          this.#watch.exception(error, `publishing to ${hub.name}`);
        });
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (this.#failed.size > 0) return true;
    const { seq } = await moveCursor(this.#deps.origin, "hub", { from: this.#cursor, to: batch.through });
    this.#cursor = seq;
    return seq === batch.through;
  }
}

function hubMessageOf(event: RateEvent): HubMessage {
  return { id: event.seq, type: event.type, series: event.subject, text: JSON.stringify(messageOf(event)) };
}
