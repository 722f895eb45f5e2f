import type { LiveRequest, LiveSource } from "#core/api/live.ts";
import { problemResponse } from "#core/api/problem.ts";
import { type StreamTicket, verifyTicket } from "#core/auth/stream-ticket.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import type { Part } from "#core/live/merge.ts";
import { retryLine, STREAM_HEADERS } from "#core/live/sse.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Env } from "../env.ts";
import { isWithinLimit, RATE_LIMIT_PERIOD_SECONDS } from "../ops/rate-limit.ts";
import { accountHistory } from "./account-events.ts";
import { eventStream, mergedSocket } from "./bridge.ts";
import { History } from "./history.ts";
import { FULL_STATUS, type Hub, NEEDS_HISTORY_STATUS, USED_STATUS } from "./hub.ts";
import { readCursor } from "./origin-events.ts";
import { accountHubOf, hubOf, regionOf, shardsOf } from "./shards.ts";
import { admissionUrl, subscriptionUrl } from "./subscription.ts";

const RETRY_AFTER_SECONDS = 5;
/** Hubs of the region that are tried before a reader is told to come back. */
const MAX_TRIES = 3;
/** Longer than clocks of hosts may differ: until then a ticket that has expired might still be taken. */
const TICKET_GRACE_MS = 60_000;
const NORMAL_CLOSURE = 1000;

export interface EdgeLiveSettings {
  env: Pick<Env, "hubs" | "policy" | "catalogue" | "connectRateLimiter">;
  origin: Pick<OriginClient, "read">;
  /** Ourselves: who signs tickets. */
  issuer: TrustedIssuer;
  now: () => number;
  /** 0 to 1. */
  random: () => number;
}

type Sockets = Map<Part, WebSocket>;

/** Live updates at the edge: one socket to a hub of the reader's region, drawn at random, and with a ticket one to the account's. */
export function edgeLive({ env, origin, issuer, now, random }: EdgeLiveSettings): LiveSource {
  return {
    async stream(wanted, request) {
      const isBack = wanted.ticket === undefined && request.headers.has("Last-Event-ID");
      const sockets = await open(wanted, request).catch((error: unknown) => {
        if (!isBack) throw error;
        return overloaded(request);
      });
      if (!(sockets instanceof Response)) return eventStream(sockets, { random });
      // EventSource gives up at any other status; at the end of a stream it comes back.
      return isBack ? new Response(retryLine(random()), { headers: STREAM_HEADERS }) : sockets;
    },
    async socket(wanted, request) {
      if (request.method !== "GET" || request.headers.get("Upgrade")?.toLowerCase() !== "websocket")
        return problemResponse({ code: "upgrade_required" }, request.url);
      // Without a ticket the worker is out of the way from here on.
      if (wanted.ticket === undefined)
        return (await tooFast(request)) ?? (await connect(wanted, request)) ?? overloaded(request);
      const sockets = await open(wanted, request);
      return sockets instanceof Response ? sockets : mergedSocket(sockets);
    },
  };

  async function tooFast(request: Request): Promise<Response | undefined> {
    if (await isWithinLimit(env.connectRateLimiter, request)) return undefined;
    return problemResponse({ code: "rate_limited", retryAfterSeconds: RATE_LIMIT_PERIOD_SECONDS }, request.url);
  }

  async function open(wanted: LiveRequest, request: Request): Promise<Sockets | Response> {
    const refusal = await tooFast(request);
    if (refusal !== undefined) return refusal;
    const ticket = wanted.ticket === undefined ? undefined : await verifyTicket(wanted.ticket, issuer, now());
    if (ticket === "unavailable") return overloaded(request);
    if (ticket === "invalid") return noTicket(request);
    if (request.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
    const publicSocket = (await connect(wanted, request))?.webSocket;
    if (!publicSocket) return overloaded(request);
    const sockets: Sockets = new Map([["public", publicSocket]]);
    if (ticket === undefined) return sockets;
    const response = await connectAccount(ticket, wanted.position?.account).catch((error: unknown) => {
      giveUp(publicSocket);
      throw error;
    });
    if (response.webSocket !== null) return sockets.set("account", response.webSocket);
    giveUp(publicSocket);
    if (response.status === USED_STATUS) return noTicket(request);
    const limit = ticket.maxStreams;
    return problemResponse(
      { code: "too_many_connections", retryAfterSeconds: RETRY_AFTER_SECONDS, limit },
      request.url,
    );
  }

  async function connectAccount(ticket: StreamTicket, after: number | undefined): Promise<Response> {
    if (env.hubs === undefined) return new Response(null, { status: FULL_STATUS });
    const { accountId, ticketId, keyId, maxStreams: maxSockets, expiresAtMs } = ticket;
    const hub = accountHubOf(env.hubs, accountId);
    const rememberUntilMs = expiresAtMs + TICKET_GRACE_MS;
    const url = admissionUrl({ ticketId, keyId, maxSockets, rememberUntilMs, nowMs: now() }, after);
    const openHub = () => hub.fetch(url, { headers: { Upgrade: "websocket" } });
    const response = await openHub();
    if (response.status !== NEEDS_HISTORY_STATUS) return response;
    await unlessAway(async () => {
      // Twice: what was stored during the first is not brought to a hub that has nothing.
      for (const _ of [1, 2]) await hub.publish(await accountHistory(origin, accountId));
    });
    return openHub();
  }

  async function connect({ position, filter }: LiveRequest, request: Request): Promise<Response | undefined> {
    if (env.hubs === undefined) return undefined;
    const url = subscriptionUrl({ filter }, position?.public);
    const shards = shardsOf(regionOf(request.cf as IncomingRequestCfProperties | undefined), env.policy.HUB_SHARDS);
    const first = Math.floor(random() * shards.length);
    const inTurn = [...shards.slice(first), ...shards.slice(0, first)].slice(0, MAX_TRIES);
    for (const shard of inTurn) {
      const hub = hubOf(env.hubs, shard);
      const open = () => hub.fetch(url, { headers: { Upgrade: "websocket" } });
      let response = await open();
      if (response.status === NEEDS_HISTORY_STATUS) {
        await begin(hub);
        response = await open();
      }
      if (response.webSocket !== null) return response;
    }
    return undefined;
  }

  /** Gives a hub what the others have. */
  function begin(hub: DurableObjectStub<Hub>): Promise<void> {
    return unlessAway(async () => {
      const through = await readCursor(origin, "hub");
      await hub.publish(await new History({ origin, catalogue: env.catalogue }).upTo(through));
    });
  }
}

async function unlessAway(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new PagesUnavailable(RETRY_AFTER_SECONDS, { cause });
  }
}

/** Frees the place of a socket that its reader will not get. */
function giveUp(socket: WebSocket): void {
  socket.accept();
  socket.close(NORMAL_CLOSURE);
}

function noTicket({ url }: Request): Response {
  return problemResponse({ code: "unauthorized", reason: "ticket" }, url);
}

function overloaded({ url }: Request): Response {
  return problemResponse({ code: "too_many_connections", retryAfterSeconds: RETRY_AFTER_SECONDS }, url);
}
