import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, Env } from "hono";
import { type Position, parsePosition } from "../live/position.ts";
import { PREFIX } from "./endpoint.ts";
import { type EventFilterQuery, eventFilterOf, eventFilterParameters } from "./event-filter.ts";
import type { RateEventFilter } from "./event-source.ts";
import { invalidParameter, problemOf } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { noParameters } from "./parameters.ts";
import { problemResponse } from "./problem.ts";

/** What a reader of live updates wants. */
export interface LiveRequest {
  /** Where to go on; undefined: from now on. */
  position: Position | undefined;
  filter: RateEventFilter;
}

/** Live updates of one request, as a host serves them. */
export interface LiveSource {
  /** Server-sent events. */
  stream(wanted: LiveRequest, request: Request): Promise<Response>;
  /** A WebSocket. */
  socket(wanted: LiveRequest, request: Request): Promise<Response>;
}

const POSITION_RULE = "must be the id of a message, such as 1042";

const query = z.strictObject({
  after: z
    .string()
    .transform(parsePosition)
    .refine((position) => position !== undefined, { error: POSITION_RULE })
    .optional()
    .openapi({
      type: "string",
      pattern: "^\\d{1,16}(\\.\\d{1,16})?$",
      example: "1042",
      description:
        "The `id` of the last message that was received: what came after it is sent first. Default: nothing.",
    }),
  ...eventFilterParameters,
});

const FOLLOWS =
  "The first message is `hello`: `latest` is the highest number so far. Then come `rate.published`, `rate.revised` and `rate.withdrawn`, each with its value. First values of dates more than 14 days back are only in `/events`. After `resync`, read `/events` from its `after` on: more was missed than is kept for connections.";

/** What the document says of the two, and where they are. */
export const LIVE_ENDPOINTS = {
  stream: {
    id: "stream",
    summary: "Rates as they are published, as server-sent events",
    description: `For \`EventSource\` and anything else that reads a response line by line. ${FOLLOWS} A comment comes every 25 seconds. When the connection ends, connect again with \`Last-Event-ID\`, as \`EventSource\` does by itself, or with \`after\`.`,
    returns: "A stream of events that does not end.",
    status: 200,
    contentType: "text/event-stream",
    route: createRoute({
      method: "get",
      path: `${PREFIX}/stream`,
      request: { params: noParameters, query },
      responses: { 200: { description: "" } },
    }),
  },
  socket: {
    id: "socket",
    summary: "Rates as they are published, over a WebSocket",
    description: `The messages of \`/stream\` as JSON texts. ${FOLLOWS} Send \`ping\` to get \`pong\`; anything else closes the connection (1008). When it closes, connect again with \`after\`.`,
    returns: "The connection becomes a WebSocket.",
    status: 101,
    contentType: undefined,
    route: createRoute({
      method: "get",
      path: `${PREFIX}/ws`,
      request: { params: noParameters, query },
      responses: { 101: { description: "" } },
    }),
  },
} as const;

/** Mounts both on the public API. */
export function mountLive<E extends Env>(app: OpenAPIHono<E>, hostOf: (c: Context<E>) => ApiHost): void {
  for (const [kind, { route }] of Object.entries(LIVE_ENDPOINTS)) {
    app.openapi(route as typeof LIVE_ENDPOINTS.stream.route, async (c) => {
      try {
        const host = hostOf(c);
        const wanted = wantedBy(host, c.req.valid("query"), c.req.header("Last-Event-ID"));
        return (await host.live[kind as keyof LiveSource](wanted, c.req.raw)) as never;
      } catch (error) {
        const problem = problemOf(error);
        if (!problem) throw error;
        return problemResponse(problem, c.req.url) as never;
      }
    });
  }
}

function wantedBy(
  host: ApiHost,
  { after, ...filter }: EventFilterQuery & { after?: Position | undefined },
  lastEventId: string | undefined,
): LiveRequest {
  const position = lastEventId ? parsePosition(lastEventId) : after;
  if (lastEventId && position === undefined) throw invalidParameter("Last-Event-ID", POSITION_RULE);
  return { position, filter: eventFilterOf(host, filter) };
}
