import { randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { KEYS_HEADERS, MAX_BODY_BYTES, PRIVATE_HEADERS } from "#core/api/private/headers.ts";
import { JWKS_PATH, TOKEN_PATH } from "#core/api/private/paths.ts";
import { problemResponse } from "#core/api/problem.ts";
import { newId } from "#core/auth/api-key.ts";
import { TOKEN_SECONDS } from "#core/auth/issuers.ts";
import { signToken } from "#core/auth/jwt.ts";
import { publicKeysOf, signingKeyAt } from "#core/auth/token-keys.ts";
import { TOKENS_PER_MINUTE, TokenLimit } from "#core/auth/token-limit.ts";
import { parseTokenRequest, type TokenError, tokenError } from "#core/auth/token-request.ts";
import type { OriginEnv } from "../app.ts";
import { clientAuthorization } from "../auth.ts";
import type { Services } from "../services.ts";

/** Access tokens for API keys (RFC 6749 §4.4), and the public keys that verify them (RFC 7517). */

const STATUS: Record<TokenError["error"], 400 | 401 | 429> = {
  invalid_request: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  invalid_client: 401,
  temporarily_unavailable: 429,
};

export function oauthRoutes({ env, accounts, ownIssuer }: Services): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();
  const limit = new TokenLimit();

  // Empty where no tokens are issued, so that the edge knows it from an origin that it can't reach.
  app.get(JWKS_PATH, (c) => c.body(JSON.stringify(publicKeysOf(env.tokenKeys)), 200, KEYS_HEADERS));
  if (env.tokenKeys.length === 0) return app;

  app.use(TOKEN_PATH, bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  app.post(TOKEN_PATH, async (c) => {
    const parsed = parseTokenRequest(await c.req.text(), c.req.header("Content-Type"), clientAuthorization(c));
    if (!parsed.ok) return refused(c, parsed.error);
    const { clientId, clientSecret, scopes: wanted } = parsed.request;
    const nowMs = c.get("nowMs");
    const caller = await accounts.holderOf(clientSecret, nowMs);
    if (caller === undefined || caller.keyId !== clientId)
      return refused(c, tokenError("invalid_client", "There is no such key, or it is no longer in force."));
    const scopes = wanted ?? caller.scopes;
    const missing = scopes.find((scope) => !caller.scopes.includes(scope));
    if (missing !== undefined) return refused(c, tokenError("invalid_scope", `The key does not have ${missing}.`));
    const { isAllowed, remaining, resetSeconds } = limit.take(clientId, nowMs);
    const limits = {
      "RateLimit-Policy": `"token";q=${TOKENS_PER_MINUTE};w=60`,
      RateLimit: `"token";r=${remaining};t=${resetSeconds}`,
    };
    const key = signingKeyAt(env.tokenKeys, nowMs);
    if (!isAllowed || key === undefined) {
      const error = tokenError("temporarily_unavailable", "Use the token that you have, and retry after Retry-After.");
      return refused(c, error, { ...limits, "Retry-After": String(resetSeconds) });
    }
    const grant = { accountId: caller.account.id, keyId: clientId, scopes, tokenId: newId("tok", randomBytes) };
    const body = {
      access_token: await signToken(grant, ownIssuer, key, nowMs),
      token_type: "Bearer",
      expires_in: TOKEN_SECONDS,
      scope: scopes.join(" "),
    };
    return c.body(JSON.stringify(body), 200, { ...JSON_HEADERS, ...limits });
  });
  app.on(["GET", "PUT", "PATCH", "DELETE"], TOKEN_PATH, (c) =>
    problemResponse({ code: "method_not_allowed", allow: "POST, OPTIONS" }, c.req.url),
  );
  return app;
}

const JSON_HEADERS = { ...PRIVATE_HEADERS, "Content-Type": "application/json" };

function refused(c: Context, error: TokenError, headers: Record<string, string> = {}): Response {
  const challenge = error.error === "invalid_client" && { "WWW-Authenticate": 'Basic realm="paridad"' };
  return c.body(JSON.stringify(error), STATUS[error.error], { ...JSON_HEADERS, ...challenge, ...headers });
}

function tooLarge(c: Context): Response {
  const error = tokenError("invalid_request", `The body may have at most ${MAX_BODY_BYTES} bytes.`);
  return refused(c, error, { Connection: "close" });
}
