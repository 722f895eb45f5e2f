import type { LiveRequest, LiveSource } from "#core/api/live.ts";
import { problemResponse } from "#core/api/problem.ts";
import type { Env } from "../env.ts";
import { eventStream } from "./bridge.ts";
import { hubOf, regionOf, shardsOf } from "./shards.ts";
import { subscriptionUrl } from "./subscription.ts";

const RETRY_AFTER_SECONDS = 5;
/** Hubs of the region that are tried before a reader is told to come back. */
const MAX_TRIES = 3;

/** Live updates at the edge: one socket to a hub of the reader's region, drawn at random. */
export function edgeLive({ env, random }: { env: Env; random: () => number }): LiveSource {
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
      const response = await hubOf(env.hubs, shard).fetch(url, { headers: { Upgrade: "websocket" } });
      if (response.webSocket !== null) return response;
    }
    return undefined;
  }
}

function overloaded({ url }: Request): Response {
  return problemResponse({ code: "too_many_connections", retryAfterSeconds: RETRY_AFTER_SECONDS }, url);
}
