import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from "jose";
import {
  type Issuer,
  TICKET_SECONDS,
  TICKET_TYPE,
  TOKEN_ALGORITHM,
  TOKEN_SECONDS,
  TOKEN_TYPE,
  type Token,
} from "./issuers.ts";
import type { KeySet } from "./key-set.ts";
import { type Scope, scopesIn } from "./scopes.ts";
import type { TokenKey } from "./token-keys.ts";

/** Access tokens: signed JWTs (RFC 9068). The only file that knows the library. */

/** What an unverified token says of itself: by it the issuer and its key are found. */
export interface TokenHint {
  iss: string;
  kid: string;
}

/** Clocks of hosts and issuers may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 30;
const MAX_TOKEN_LENGTH = 4_096;
const MAX_KEY_ID_LENGTH = 100;

/** Undefined if the text is no token that names both. */
export function hintOf(token: string): TokenHint | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    const { kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    return typeof iss === "string" && typeof kid === "string" ? { iss, kid } : undefined;
  } catch {
    return undefined;
  }
}

/** An issuer's public keys, ready for verification. */
export type KeyResolver = ReturnType<typeof createLocalJWKSet>;

/** Throws if it is no set of keys. */
export function keyResolver(keys: KeySet): KeyResolver {
  return createLocalJWKSet(keys as JSONWebKeySet);
}

/** What a token says; "expired" or "invalid" if it is not in force. */
export async function verifyToken(
  token: string,
  issuer: Issuer,
  keys: KeyResolver,
  nowMs: number,
): Promise<Token | "expired" | "invalid"> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...issuer.algorithms],
      issuer: issuer.iss,
      ...(issuer.audience !== undefined && { audience: issuer.audience }),
      ...(issuer.typ !== undefined && { typ: issuer.typ }),
      // Without this a token that never expires would be accepted.
      requiredClaims: ["exp", "iat", "sub", "client_id", "scope", "jti"],
      maxTokenAge: issuer.maxTokenAgeSeconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    const { client_id: clientId, scope, exp, ...claims } = payload;
    if (typeof clientId !== "string" || typeof scope !== "string" || exp === undefined) return "invalid";
    const isRight = Object.entries(issuer.claims).every(([name, value]) => claims[name] === value);
    const keyId = issuer.name === "" ? clientId : `${issuer.name}:${clientId}`;
    if (!isRight || clientId === "" || keyId.length > MAX_KEY_ID_LENGTH) return "invalid";
    return { keyId, scopes: scopesIn(withoutPrefix(scope, issuer.scopePrefix)), expiresAtMs: exp * 1_000 };
  } catch (error) {
    return error instanceof errors.JWTExpired ? "expired" : "invalid";
  }
}

/** What our own token is for. */
export interface Grant {
  accountId: string;
  keyId: string;
  scopes: readonly Scope[];
  tokenId: string;
}

/** A new access token, from this instant on. */
export async function signToken(grant: Grant, issuer: Issuer, key: TokenKey, nowMs: number): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1_000);
  return new SignJWT({ client_id: grant.keyId, scope: grant.scopes.join(" ") })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: key.kid })
    .setIssuer(issuer.iss)
    .setAudience(issuer.audience ?? issuer.iss)
    .setSubject(grant.accountId)
    .setJti(grant.tokenId)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + TOKEN_SECONDS)
    .sign(await importJWK(key, TOKEN_ALGORITHM));
}

/** What a stream ticket is for. */
export interface TicketGrant {
  accountId: string;
  /** While this key is in force, the connection may stay. */
  keyId: string;
  /** Each ticket has another one. */
  ticketId: string;
  /** How many connections the account may have at once. */
  maxStreams: number;
}

/** A new stream ticket, from this instant on. */
export async function signTicket(grant: TicketGrant, issuer: Issuer, key: TokenKey, nowMs: number): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1_000);
  return new SignJWT({ client_id: grant.keyId, streams: grant.maxStreams })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TICKET_TYPE, kid: key.kid })
    .setIssuer(issuer.iss)
    .setAudience(issuer.iss)
    .setSubject(grant.accountId)
    .setJti(grant.ticketId)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + TICKET_SECONDS)
    .sign(await importJWK(key, TOKEN_ALGORITHM));
}

/** What a ticket of ours says; "invalid" if it is not in force. Whether it was used already, only its hub knows. */
export async function verifyTicketToken(
  ticket: string,
  issuer: Issuer,
  keys: KeyResolver,
  nowMs: number,
): Promise<(TicketGrant & { expiresAtMs: number }) | "invalid"> {
  try {
    const { payload } = await jwtVerify(ticket, keys, {
      algorithms: [TOKEN_ALGORITHM],
      issuer: issuer.iss,
      audience: issuer.iss,
      typ: TICKET_TYPE,
      requiredClaims: ["exp", "iat", "sub", "client_id", "jti"],
      maxTokenAge: TICKET_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    const { sub, jti, client_id: keyId, streams, exp } = payload;
    const isWhole = typeof keyId === "string" && typeof streams === "number" && sub && jti && exp !== undefined;
    if (!isWhole) return "invalid";
    return { accountId: sub, keyId, ticketId: jti, maxStreams: streams, expiresAtMs: exp * 1_000 };
  } catch {
    return "invalid";
  }
}

/** A new signing key, named by its thumbprint (RFC 7638). */
export async function newTokenKey(signsFrom?: string): Promise<TokenKey> {
  const { privateKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true });
  const { x = "", y = "", d = "" } = await exportJWK(privateKey);
  const key = { kty: "EC", crv: "P-256", x, y } as const;
  return {
    ...key,
    d,
    kid: await calculateJwkThumbprint(key),
    ...(signsFrom !== undefined && { signs_from: signsFrom }),
  };
}

/** A scope without the prefix is meant for another service. */
function withoutPrefix(scope: string, prefix: string): string {
  return scope
    .split(" ")
    .flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []))
    .join(" ");
}
