import type { LiveRequest, LiveSource } from "#core/api/live.ts";
import { problemResponse } from "#core/api/problem.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Env } from "../env.ts";
import { eventStream } from "./bridge.ts";
import { History } from "./history.ts";
import { type Hub, NEEDS_HISTORY_STATUS } from "./hub.ts";
import { readCursor } from "./origin-events.ts";
import { hubOf, regionOf, shardsOf } from "./shards.ts";
import { subscriptionUrl } from "./subscription.ts";

const RETRY_AFTER_SECONDS = 5;
/** Hubs of the region that are tried before a reader is told to come back. */
const MAX_TRIES = 3;

export interface EdgeLiveSettings {
  env: Pick<Env, "hubs" | "policy" | "catalogue">;
  origin: Pick<OriginClient, "read">;
  /** 0 to 1. */
  random: () => number;
}

/** Live updates at the edge: one socket to a hub of the reader's region, drawn at random. */
export function edgeLive({ env, origin, random }: EdgeLiveSettings): LiveSource {
  return {
    async stream(wanted, request) {
      const socket = (await connect(wanted, request))?.webSocket;
      return socket ? eventStream(socket, { random }) : overloaded(request);
    },
    async socket(wanted, request) {
      if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket")
        return problemResponse({ code: "upgrade_required" }, request.url);
      // The worker is out of the way from here on.
      return (await connect(wanted, request)) ?? overloaded(request);
    },
  };

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
  async function begin(hub: DurableObjectStub<Hub>): Promise<void> {
    try {
      const through = await readCursor(origin, "hub");
      await hub.publish(await new History({ origin, catalogue: env.catalogue }).upTo(through));
    } catch (cause) {
      throw new PagesUnavailable(RETRY_AFTER_SECONDS, { cause });
    }
  }
}

function overloaded({ url }: Request): Response {
  return problemResponse({ code: "too_many_connections", retryAfterSeconds: RETRY_AFTER_SECONDS }, url);
}
