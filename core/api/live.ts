import { z } from "@hono/zod-openapi";
import type { Context, Env, Hono } from "hono";
import { type Position, parsePosition } from "../live/position.ts";
import { once } from "../ops/once.ts";
import { PREFIX } from "./endpoint.ts";
import { type EventFilterQuery, eventFilterOf, eventFilterParameters } from "./event-filter.ts";
import type { RateEventFilter } from "./event-source.ts";
import { invalidParameter, problemOf } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { noParameters } from "./parameters.ts";
import { parseParameters } from "./parse-parameters.ts";
import { problemResponse } from "./problem.ts";

/** What a reader of live updates wants. */
export interface LiveRequest {
  /** Where to go on; undefined: from now on. */
  position: Position | undefined;
  filter: RateEventFilter;
  /** For the account's own events as well. */
  ticket?: string | undefined;
}

/** Live updates of one request, as a host serves them. */
export interface LiveSource {
  /** Server-sent events. */
  stream(wanted: LiveRequest, request: Request): Promise<Response>;
  /** A WebSocket. */
  socket(wanted: LiveRequest, request: Request): Promise<Response>;
}

const POSITION_RULE = "must be the id of a message, such as 1042";

const TICKET_RULE = "must be a ticket of POST /stream/tickets";
const MAX_TICKET_LENGTH = 4_096;

const query = () =>
  z.strictObject({
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
    ticket: z
      .string()
      .min(1, TICKET_RULE)
      .max(MAX_TICKET_LENGTH, TICKET_RULE)
      .optional()
      .openapi({ description: "A ticket of `POST /stream/tickets`, for the account's own events as well." }),
    ...eventFilterParameters(),
  });

/** Where the two are; what the document says of them is in openapi/live.ts. */
export const LIVE_PATHS = { stream: `${PREFIX}/stream`, socket: `${PREFIX}/ws` } as const;

/** The parameters of both. */
export const liveSchemas = once(() => ({ params: noParameters(), query: query() }));

/** Mounts both on the public API. */
export function mountLive<E extends Env>(app: Hono<E>, hostOf: (c: Context<E>) => ApiHost): void {
  for (const [kind, path] of Object.entries(LIVE_PATHS)) {
    app.get(path, async (c) => {
      try {
        const host = hostOf(c);
        const wanted = wantedBy(
          host,
          parseParameters(c, liveSchemas(), host.catalogue).query as LiveQuery,
          c.req.header("Last-Event-ID"),
        );
        return await host.live[kind as keyof LiveSource](wanted, c.req.raw);
      } catch (error) {
        const problem = problemOf(error);
        if (!problem) throw error;
        return problemResponse(problem, c.req.url);
      }
    });
  }
}

type LiveQuery = EventFilterQuery & { after?: Position | undefined; ticket?: string | undefined };

function wantedBy(
  host: ApiHost,
  { after, ticket, ...filter }: LiveQuery,
  lastEventId: string | undefined,
): LiveRequest {
  const position = lastEventId ? parsePosition(lastEventId) : after;
  if (lastEventId && position === undefined) throw invalidParameter("Last-Event-ID", POSITION_RULE);
  return { position, filter: eventFilterOf(host, filter), ticket };
}
