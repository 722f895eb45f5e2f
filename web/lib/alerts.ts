import { effect, signal } from "@preact/signals-core";
import type { alertResponse, eventsResponse } from "#core/api/private/alerts-fields.ts";
import type { deliveryResponse, newWebhookResponse, webhookResponse } from "#core/api/private/webhooks-fields.ts";
import { apiPath, type Currencies, type Providers, type Received, type Shape } from "./api.ts";
import { Feed } from "./feed.ts";
import { keepCurrent, wake } from "./feeds.ts";
import { follow as followStream } from "./live.ts";
import { call, readPrivately, session } from "./session.ts";

/** What the page of alerts reads for who is signed in. */

export type Alert = Shape<typeof alertResponse>;
export type AccountEvent = Shape<typeof eventsResponse>["events"][number];
export type Webhook = Shape<typeof webhookResponse>;
export type NewWebhook = Shape<typeof newWebhookResponse>;
export type Delivery = Shape<typeof deliveryResponse>;

/** Of what /account says. */
interface Account {
  name: string;
  plan: string;
  scopes: readonly string[];
}

/** What an account is told; the rates that come along move nothing here. */
const EVENT_TYPES = ["alert.triggered", "endpoint.disabled"];
/** As many as a response has at most. */
export const MAX_ALERTS = 500;
const EVENTS_PER_RESPONSE = 500;
/** The history that a page keeps. */
export const MAX_EVENTS = 200;

export const currencies = new Feed<Currencies>(apiPath("/currencies"));
export const providers = new Feed<Providers>(apiPath("/providers"));

const privateFeed = <T>(path: string) => new Feed<T>(apiPath(path), { load: readPrivately<T> });

/** What belongs to one account: made again for the next one. */
function workspaceOf() {
  return {
    account: privateFeed<Account>("/account"),
    alerts: privateFeed<{ alerts: Alert[]; next: number | null }>(`/alerts?limit=${MAX_ALERTS}`),
    webhooks: privateFeed<{ webhooks: Webhook[] }>("/webhooks"),
    events: eventFeed(),
  };
}

export type Workspace = ReturnType<typeof workspaceOf>;

export const workspace = signal<Workspace | undefined>(undefined);
/** The webhook whose deliveries are shown. */
export const shownWebhook = signal<string | undefined>(undefined);
export const deliveries = signal<Feed<{ deliveries: Delivery[] }> | undefined>(undefined);

/** Reads what is shown, and again when that changes. */
export function follow(): void {
  effect(() => {
    const isSignedIn = session.value !== undefined;
    if (isSignedIn === (workspace.peek() !== undefined)) return;
    workspace.value = isSignedIn ? workspaceOf() : undefined;
    shownWebhook.value = undefined;
  });
  effect(() => {
    const id = shownWebhook.value;
    deliveries.value = id === undefined ? undefined : privateFeed(`/webhooks/${id}/deliveries`);
  });
  effect(() => {
    const own = workspace.value;
    const feeds = [currencies, providers, ...(own ? Object.values(own) : []), deliveries.value];
    keepCurrent(feeds.filter((feed) => feed !== undefined) as Feed<unknown>[], () => undefined);
  });
  followStream({ pathOf: ticketedPath, types: EVENT_TYPES, onEvent: wake, isSingleUse: true, by: workspace });
}

/** A ticket opens one connection; the token itself is never part of a URL. */
async function ticketedPath(): Promise<string | undefined> {
  if (!workspace.peek()) return undefined;
  const { data } = await call<{ ticket: string }>("POST", apiPath("/stream/tickets"));
  return apiPath("/stream", { ticket: data.ticket });
}

/** Reads again what a change may have changed, even while the page is paused. */
export async function refresh(): Promise<void> {
  const own = workspace.peek();
  const feeds = own ? [own.alerts, own.webhooks, own.events, deliveries.peek()] : [];
  await Promise.all(feeds.map((feed) => feed?.refresh()));
}

interface Events {
  events: AccountEvent[];
}

/** The account's newest events, newest first. The API gives them oldest first: what was read once is not read again. */
function eventFeed(): Feed<Events> {
  let events: AccountEvent[] = [];
  let after = 0;
  const load = async (path: string): Promise<Received<Events>> => {
    for (;;) {
      const from = `${path}?after=${after}&limit=${EVENTS_PER_RESPONSE}`;
      const { data, ...rest } = await readPrivately<Events & { next: number }>(from);
      // Two reads may have met.
      const newest = events[0]?.id ?? 0;
      const added = data.events.filter(({ id }) => id > newest).reverse();
      events = [...added, ...events].slice(0, MAX_EVENTS);
      after = Math.max(after, data.next);
      if (data.events.length < EVENTS_PER_RESPONSE) return { ...rest, data: { events } };
    }
  };
  return new Feed<Events>(apiPath("/alerts/events"), { load });
}
