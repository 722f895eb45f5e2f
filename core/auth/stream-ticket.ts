import { hintOf, type TicketGrant, verifyTicketToken } from "./jwt.ts";
import type { TrustedIssuer } from "./verifier.ts";

/**
 * A stream ticket opens one live connection with an account's own events, once and within a minute. It is a signed token of
 * another type than access tokens, so neither does for the other; the account's hub remembers those that were used.
 */

/** What a ticket that may be used says. */
export interface StreamTicket extends TicketGrant {
  expiresAtMs: number;
}

/** `own`: ourselves as an issuer. "unavailable": its keys can't be read. */
export async function verifyTicket(
  text: string,
  { issuer, keys }: TrustedIssuer,
  nowMs: number,
): Promise<StreamTicket | "invalid" | "unavailable"> {
  const hint = hintOf(text);
  if (hint?.iss !== issuer.iss) return "invalid";
  const resolver = await keys.keysFor(hint.kid, nowMs);
  return resolver === undefined ? "unavailable" : verifyTicketToken(text, issuer, resolver, nowMs);
}
