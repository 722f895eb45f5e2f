import { z } from "@hono/zod-openapi";
import { newId } from "../../auth/api-key.ts";
import { TICKET_SECONDS } from "../../auth/issuers.ts";
import { PLANS } from "../../auth/plans.ts";
import { ApiFailure } from "../failure.ts";
import { privateEndpoint } from "./endpoint.ts";
import { instant, instantOf, nothing } from "./fields.ts";

/** A deployment whose keys do not sign yet, or that has none. */
const RETRY_AFTER_SECONDS = 60;

export const createStreamTicket = privateEndpoint({
  id: "create-stream-ticket",
  method: "post",
  path: "/stream/tickets",
  tag: "Alerts",
  scope: "stream:alerts",
  summary: "Create a stream ticket",
  description:
    "`/stream?ticket=` and `/ws?ticket=` then also send the account's own events, such as `alert.triggered`. For browsers, whose `EventSource` sends no headers: a ticket is good once and for a minute, so that nobody can use it again. Each connection needs another one. It ends when the key of the token is revoked.",
  returns: "The ticket. A repeated request with the same `Idempotency-Key` returns null in its place.",
  status: 201,
  params: nothing,
  query: nothing,
  response: () =>
    z
      .object({ ticket: z.string().nullable().openapi({ example: "eyJhbGciOiJFUzI1NiIs…" }), expires_at: instant() })
      .openapi("StreamTicket"),
  secretFields: ["ticket"],
  handle: async ({ caller: { account, keyId }, nowMs, random, signTicket }) => {
    const { streams: maxStreams } = PLANS[account.plan];
    const ticket = await signTicket({ accountId: account.id, keyId, ticketId: newId("tkt", random), maxStreams });
    if (ticket === undefined) throw new ApiFailure({ code: "unavailable", retryAfterSeconds: RETRY_AFTER_SECONDS });
    const expiresAtMs = (Math.floor(nowMs / 1_000) + TICKET_SECONDS) * 1_000;
    return { ticket, expires_at: instantOf(expiresAtMs) };
  },
});
