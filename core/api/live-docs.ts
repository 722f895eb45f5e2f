import { LIVE_ROUTES } from "./live.ts";

/** What the OpenAPI document says of live updates. Only it needs these words. */

const FOLLOWS =
  "The first message is `hello`: `latest` is the highest number so far. Then come `rate.published`, `rate.revised` and `rate.withdrawn`, each with its value. First values of dates more than 14 days back are only in `/events`. After `resync`, read `/events` from its `after` on: more was missed than is kept for connections.";

export const LIVE_ENDPOINTS = {
  stream: {
    id: "stream",
    summary: "Rates as they are published, as server-sent events",
    description: `For \`EventSource\` and anything else that reads a response line by line. ${FOLLOWS} A comment comes every 25 seconds. When the connection ends, connect again with \`Last-Event-ID\`, as \`EventSource\` does by itself, or with \`after\`.`,
    returns: "A stream of events that does not end.",
    status: 200,
    contentType: "text/event-stream",
    route: LIVE_ROUTES.stream,
  },
  socket: {
    id: "socket",
    summary: "Rates as they are published, over a WebSocket",
    description: `The messages of \`/stream\` as JSON texts. ${FOLLOWS} Send \`ping\` to get \`pong\`; anything else closes the connection (1008). When it closes, connect again with \`after\`.`,
    returns: "The connection becomes a WebSocket.",
    status: 101,
    contentType: undefined,
    route: LIVE_ROUTES.socket,
  },
} as const;
