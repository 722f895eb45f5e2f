import type { Context } from "hono";
import { IssuerKeys, type LoadKeys } from "#core/auth/issuer-keys.ts";
import { ownIssuer } from "#core/auth/issuers.ts";
import { keySetOf } from "#core/auth/key-set.ts";
import { publicKeysOf } from "#core/auth/token-keys.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import { readBounded } from "#core/ops/body.ts";
import { CLIENT_AUTHORIZATION_HEADER } from "#core/wire/internal.ts";
import type { OriginEnv } from "./app.ts";
import type { Env } from "./env.ts";

const DEADLINE_MS = 2_000;
const MAX_BYTES = 64 * 1024;

/** Whose access tokens the origin accepts: its own, and those of the issuer in its environment. */
export function trustedIssuers({ publicUrl, tokenKeys, externalIssuer }: Env): TrustedIssuer[] {
  const issuers: TrustedIssuer[] = [];
  if (tokenKeys.length > 0)
    issuers.push({ issuer: ownIssuer(publicUrl), keys: new IssuerKeys(async () => publicKeysOf(tokenKeys)) });
  if (externalIssuer !== undefined)
    issuers.push({ issuer: externalIssuer.issuer, keys: new IssuerKeys(loadFrom(externalIssuer.jwksUrl)) });
  return issuers;
}

function loadFrom(url: string): LoadKeys {
  return async () => {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await readBounded(response, MAX_BYTES);
    if (!response.ok || text === undefined) throw new Error(`the issuer's keys: status ${response.status}`);
    return keySetOf(JSON.parse(text));
  };
}

/** The client's Authorization header: forwarded by the edge beside its own, or sent to the origin itself. */
export function clientAuthorization(c: Context<OriginEnv>): string | undefined {
  const authorization = c.req.header("Authorization");
  return c.var.services.isEdge(authorization) ? c.req.header(CLIENT_AUTHORIZATION_HEADER) : authorization;
}
