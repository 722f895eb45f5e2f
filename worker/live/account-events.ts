import {
  type AccountEvent,
  type AccountEventPage,
  accountEventPageSchema,
  accountHistorySchema,
} from "#core/wire/account-events.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import type { Watch } from "../ingest/ports.ts";
import type { Hub, HubBatch, HubMessage } from "./hub.ts";
import { moveCursor, readCursor } from "./origin-events.ts";

/** The hub of an account, as it is told of events. */
export type AccountHub = Pick<Hub, "publish" | "disconnect">;

export interface AccountEventsDeps {
  origin: Pick<OriginClient, "read" | "write">;
  hubOf(accountId: string): AccountHub | Pick<DurableObjectStub<Hub>, "publish" | "disconnect">;
}

/** Calls in flight at once: a worker holds six connections. */
const LANES = 6;
/** What is left comes with the next turn. */
const MAX_PAGES = 20;
const ENDED = "the key has ended";

/**
 * Brings accounts' own events to their hubs, and ends the connections of keys that have ended. A hub that nobody has ever
 * opened takes nothing. Safe to do twice and from two places at once. While a hub can't be reached the others are served, and
 * the cursor stays.
 */
export async function publishAccountEvents(deps: AccountEventsDeps, watch: Watch): Promise<void> {
  try {
    const faults: unknown[] = [];
    let at = await readCursor(deps.origin, "accounts");
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await deps.origin.read(`account-events?after=${at}`, accountEventPageSchema, {});
      faults.push(...(await sendPage(deps, page, pages === 0)));
      if (page.next === at) break;
      if (faults.length === 0) {
        const { seq } = await moveCursor(deps.origin, "accounts", { from: at, to: page.next });
        if (seq !== page.next) break;
      }
      if (!page.more) break;
      at = page.next;
    }
    if (faults.length > 0) throw faults[0];
  } catch (error) {
    // An origin of the release before does not tell.
    if (error instanceof OriginFailure && error.status === 404) return;
    watch.exception(error, "publishing events of accounts");
  }
}

/** What a hub of an account begins with. Once it has that, it takes what the publisher brings. */
export async function accountHistory(origin: Pick<OriginClient, "read">, accountId: string): Promise<HubBatch> {
  const path = `accounts/${encodeURIComponent(accountId)}/events`;
  const { events, floor } = await origin.read(path, accountHistorySchema, {});
  return { kind: "history", after: floor, through: events.at(-1)?.id ?? floor, messages: events.map(messageOf) };
}

/** Returns why hubs could not be reached. */
async function sendPage(
  { hubOf }: AccountEventsDeps,
  { events, ended }: AccountEventPage,
  isFirst: boolean,
): Promise<unknown[]> {
  const faults: unknown[] = [];
  const calls = [...Map.groupBy(events, ({ account }) => account)].map(([account, ofAccount]) => async () => {
    // No gap can be seen in one account's numbers, so the batch says that it follows on whatever the hub has.
    const batch = { after: 0, through: ofAccount.at(-1)?.id ?? 0, messages: ofAccount.map(messageOf) };
    await hubOf(account).publish(batch);
  });
  if (isFirst)
    calls.push(
      ...ended.map(
        ({ account, key }) =>
          async () =>
            hubOf(account).disconnect(ENDED, key),
      ),
    );
  const lane = async () => {
    for (let call = calls.shift(); call; call = calls.shift())
      await call().catch((error: unknown) => void faults.push(error));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return faults;
}

function messageOf({ id, type, body }: AccountEvent): HubMessage {
  return { id, type, series: "", text: `{"id":${id},${body.slice(1)}` };
}
