import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import { LIVE_PATHS, liveSchemas } from "../live.ts";
import { problemReferences } from "./responses.ts";

/** What the OpenAPI document says of live updates. */

const FOLLOWS =
  "The first message is `hello`: `latest` is the highest number so far. Then come `rate.published`, `rate.revised` and `rate.withdrawn`, each with its value; that of a withdrawal is null, and `previous` was taken back. First values of dates more than 14 days back are only in `/events`. After `resync`, read `/events` from its `after` on: more was missed than is kept for connections. With a ticket the account's own events come too, such as `alert.triggered`; the position is then two numbers, as 1042.883, and a `resync` with `log` account means `/alerts/events`.";

const STREAM = `retry: 4321

event: hello
data: {"type":"hello","latest":1041,"heartbeat_seconds":25}

id: 1042
event: rate.published
data: {"type":"rate.published","id":1042,"series":"${EXAMPLE.series}","base":"${EXAMPLE.base}","quote":"${EXAMPLE.quote}","date":"2023-12-29","rate":"16.9190","previous":"16.9087","version":8079,"revised":false,"at":"2023-12-29T18:01:00Z"}
`;

const LIVE_ENDPOINTS = {
  stream: {
    id: "stream",
    summary: "Rates as they are published, as server-sent events",
    description: `For \`EventSource\` and anything else that reads a response line by line. ${FOLLOWS} A comment comes every 25 seconds. When the connection ends, connect again with \`Last-Event-ID\`, as \`EventSource\` does by itself, or with \`after\`. With a ticket, each connection needs another one.`,
    returns: "A stream of events that does not end.",
    status: 200,
    contentType: "text/event-stream",
    path: LIVE_PATHS.stream,
  },
  socket: {
    id: "socket",
    summary: "Rates as they are published, over a WebSocket",
    description: `The messages of \`/stream\` as JSON texts. ${FOLLOWS} Send \`ping\` to get \`pong\`; anything else closes the connection (1008). When it closes, connect again with \`after\`. With a ticket each message has a \`position\` for it.`,
    returns: "The connection becomes a WebSocket.",
    status: 101,
    contentType: undefined,
    path: LIVE_PATHS.socket,
  },
} as const;

/** The routes of connections that stay open. */
export function liveRoutes(): RouteConfig[] {
  return Object.values(LIVE_ENDPOINTS).map(({ path, id, summary, description, returns, status, contentType }) => {
    const content = contentType && { [contentType]: { schema: { type: "string" as const, example: STREAM } } };
    return createRoute({
      method: "get",
      path,
      request: liveSchemas(),
      operationId: id,
      tags: ["Events"],
      summary,
      description,
      responses: {
        [status]: { description: returns, ...(content && { content }) },
        ...(status === 101 && { 200: { description: "The same over HTTP/2 and HTTP/3 (RFC 8441, RFC 9220)." } }),
        ...problemReferences([400, 401, 404, ...(status === 101 ? [426] : []), 429, 500, 503]),
      },
    } as RouteConfig);
  });
}
