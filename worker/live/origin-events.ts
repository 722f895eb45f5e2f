import type { EventSource, RateEventQuery } from "#core/api/event-source.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";
import {
  type Cursor,
  type CursorName,
  cursorSchema,
  type RateEventPage,
  rateEventPageSchema,
} from "#core/wire/events.ts";
import type { CallOptions, OriginClient } from "../clients/origin-client.ts";
import type { Scope } from "../ops/scope.ts";
import type { Services } from "../services.ts";

const RETRY_AFTER_SECONDS = 5;

/** The log of events as the public API reads it: nothing of it is kept at the edge. */
export function originEvents({ origin, originGuard }: Services, scope: Scope): EventSource {
  return {
    readEvents: async (query) => {
      try {
        const { traceparent } = scope;
        return await originGuard.run(scope, () => readEvents(origin, query, { traceparent }));
      } catch (cause) {
        throw new PagesUnavailable(RETRY_AFTER_SECONDS, { cause });
      }
    },
  };
}

/** A page of the log, of public types. */
export function readEvents(
  origin: Pick<OriginClient, "read">,
  { after, limit, types, series, providers }: RateEventQuery,
  options: CallOptions = {},
): Promise<RateEventPage> {
  const wanted = series === undefined ? `providers=${providers}` : `series=${series}`;
  return origin.read(`events?after=${after}&limit=${limit}&types=${types}&${wanted}`, rateEventPageSchema, options);
}

/** Where a consumer of the log goes on. */
export async function readCursor(origin: Pick<OriginClient, "read">, consumer: CursorName): Promise<number> {
  return (await origin.read(`cursors/${consumer}`, cursorSchema, {})).seq;
}

/** Moves a consumer's cursor, unless an operator has moved it in the meantime. */
export async function moveCursor(
  origin: Pick<OriginClient, "write">,
  consumer: CursorName,
  move: { from: number; to: number },
): Promise<Cursor> {
  return cursorSchema.parse(await origin.write(`cursors/${consumer}`, move, {}));
}
