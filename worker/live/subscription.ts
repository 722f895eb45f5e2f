import type { LiveRequest } from "#core/api/live.ts";
import { RATE_EVENT_TYPES } from "#core/wire/events.ts";
import type { HubMessage } from "./hub.ts";

/** What one socket wants of a hub: sent in the URL that opens it, kept in its attachment, and in its tags. */
export interface Subscription {
  /** Where to go on; undefined: from now on. */
  after?: number | undefined;
  /** undefined: all. */
  series?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  /** Of a socket to an account's hub: the key that it depends on. */
  keyId?: string | undefined;
}

/** Opens a socket to an account's hub. */
export interface Admission {
  ticketId: string;
  /** Until then the ticket must be remembered. */
  rememberUntilMs: number;
  nowMs: number;
  /** The socket is closed when this key ends. */
  keyId: string;
  /** Of the account, at once. */
  maxSockets: number;
}

/** A socket has at most ten tags. */
const MAX_TAGS = 10;

/** The URL by which a hub is asked for a socket. */
export function subscriptionUrl({ filter }: Pick<LiveRequest, "filter">, after: number | undefined): string {
  const url = new URL("https://hub/");
  if (after !== undefined) url.searchParams.set("after", String(after));
  if (filter.series !== undefined) url.searchParams.set("series", filter.series.join());
  if (filter.types.length < RATE_EVENT_TYPES.length) url.searchParams.set("types", filter.types.join());
  return url.href;
}

/** The URL by which the hub of an account is asked for a socket. */
export function admissionUrl(admission: Admission, after: number | undefined): string {
  const url = new URL("https://hub/");
  for (const [name, value] of Object.entries(admission)) url.searchParams.set(name, String(value));
  if (after !== undefined) url.searchParams.set("after", String(after));
  return url.href;
}

/** undefined: the hub is none of an account. */
export function admissionIn({ searchParams }: URL): Admission | undefined {
  const { ticketId, keyId, ...numbers } = Object.fromEntries(searchParams);
  if (ticketId === undefined || keyId === undefined) return undefined;
  return {
    ticketId,
    keyId,
    rememberUntilMs: Number(numbers.rememberUntilMs),
    nowMs: Number(numbers.nowMs),
    maxSockets: Number(numbers.maxSockets),
  };
}

export function subscriptionIn({ searchParams }: URL): Subscription {
  const list = (name: string) => searchParams.get(name)?.split(",");
  const after = searchParams.get("after");
  return {
    after: after === null ? undefined : Number(after),
    series: list("series"),
    types: list("types"),
    keyId: searchParams.get("keyId") ?? undefined,
  };
}

/** What is kept with the socket while its hub sleeps. */
export function attachmentOf({ after, series, types, keyId }: Subscription): Subscription {
  return {
    ...(after !== undefined && { after }),
    ...(series && { series }),
    ...(types && { types }),
    ...(keyId && { keyId }),
  };
}

/** By these a hub finds the sockets that a message is for: only few of them have to be looked at. */
export function tagsOf({ after, series, types }: Subscription): string[] {
  if (series !== undefined && series.length <= MAX_TAGS) return series.map((id) => `s:${id}`);
  return after === undefined && series === undefined && types === undefined ? ["all"] : ["checked"];
}

export function isWanted({ after, series, types }: Subscription, message: Omit<HubMessage, "text">): boolean {
  return (
    message.id > (after ?? 0) && (series?.includes(message.series) ?? true) && (types?.includes(message.type) ?? true)
  );
}
