import { parseJson } from "../ops/parse-json.ts";
import { isScope, type Scope } from "./scopes.ts";

/** A request for an access token (RFC 6749 §4.4), with credentials in its body or as Basic authentication. */
export interface TokenRequest {
  clientId: string;
  clientSecret: string;
  /** undefined: all that the key has. */
  scopes: readonly Scope[] | undefined;
}

/** RFC 6749 §5.2. */
export interface TokenError {
  error: "invalid_request" | "invalid_client" | "invalid_scope" | "unsupported_grant_type" | "temporarily_unavailable";
  error_description: string;
}

export type ParsedTokenRequest = { ok: true; request: TokenRequest } | { ok: false; error: TokenError };

interface Credentials {
  clientId: string;
  clientSecret: string;
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
const BASIC = /^basic +([\w+/=-]+) *$/i;

/** Nothing that the client sent is quoted in an error. */
export function parseTokenRequest(
  body: string,
  contentType: string | undefined,
  authorization: string | undefined,
): ParsedTokenRequest {
  const fields = fieldsOf(body, contentType ?? "");
  if (fields === undefined)
    return refused("invalid_request", "The body must be a form or JSON, each parameter given once and as text.");
  const grantType = fields.get("grant_type");
  if (grantType === undefined) return refused("invalid_request", "grant_type is required.");
  if (grantType !== "client_credentials")
    return refused("unsupported_grant_type", "grant_type must be client_credentials.");
  const basic = authorization === undefined ? undefined : basicCredentials(authorization);
  if (authorization !== undefined && basic === undefined)
    return refused("invalid_client", "The Authorization header is not Basic authentication.");
  const clientId = fields.get("client_id");
  const clientSecret = fields.get("client_secret");
  if (basic !== undefined && (clientSecret !== undefined || (clientId ?? basic.clientId) !== basic.clientId))
    return refused("invalid_request", "Send credentials either in the body or as Basic authentication.");
  const credentials = basic ?? (clientId !== undefined && clientSecret !== undefined && { clientId, clientSecret });
  if (!credentials) return refused("invalid_client", "client_id and client_secret are required.");
  const scopes = scopesOf(fields.get("scope"));
  if (scopes === "invalid") return refused("invalid_scope", "scope names one that does not exist.");
  return { ok: true, request: { ...credentials, scopes } };
}

export function tokenError(error: TokenError["error"], description: string): TokenError {
  return { error, error_description: description };
}

function refused(error: TokenError["error"], description: string): ParsedTokenRequest {
  return { ok: false, error: tokenError(error, description) };
}

/** Empty parameters count as absent (RFC 6749 §3.2). */
function fieldsOf(body: string, contentType: string): Map<string, string> | undefined {
  const pairs = JSON_TYPE.test(contentType)
    ? jsonPairs(body)
    : FORM_TYPE.test(contentType)
      ? formPairs(body)
      : undefined;
  if (pairs === undefined || new Set(pairs.map(([name]) => name)).size !== pairs.length) return undefined;
  return new Map(pairs.filter(([, value]) => value !== ""));
}

function formPairs(body: string): [string, string][] {
  return [...new URLSearchParams(body)];
}

function jsonPairs(body: string): [string, string][] | undefined {
  const value = parseJson(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const pairs = Object.entries(value);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === "string") ? pairs : undefined;
}

/** Both parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicCredentials(authorization: string): Credentials | undefined {
  const [, encoded = ""] = BASIC.exec(authorization) ?? [];
  try {
    const [clientId, clientSecret, ...rest] = atob(encoded).split(":");
    if (!clientId || !clientSecret || rest.length > 0) return undefined;
    return { clientId: decodeURIComponent(clientId), clientSecret: decodeURIComponent(clientSecret) };
  } catch {
    return undefined;
  }
}

function scopesOf(text: string | undefined): readonly Scope[] | "invalid" | undefined {
  if (text === undefined) return undefined;
  const names = text.split(" ").filter((name) => name !== "");
  const scopes = names.filter(isScope);
  return scopes.length === names.length ? [...new Set(scopes)] : "invalid";
}
