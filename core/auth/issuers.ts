import { z } from "zod";
import { parseJson } from "../ops/parse-json.ts";
import { InvalidSetting } from "../ops/settings.ts";
import type { Scope } from "./scopes.ts";

/** Who issues access tokens that we accept, and what a token of theirs must say. */
export interface Issuer {
  /** "" for ourselves; else what the keys of its clients begin with in our database. */
  name: string;
  /** The `iss` claim. */
  iss: string;
  /** undefined: its tokens name no audience, and `claims` tell them from others. */
  audience: string | undefined;
  /** Asymmetric ones only, so that nobody signs with a public key. */
  algorithms: readonly string[];
  /** The `typ` header; undefined: it sets none. */
  typ: string | undefined;
  /** Further claims that must have these values. */
  claims: Readonly<Record<string, string>>;
  /** What its scopes begin with, e.g. the resource server's name. */
  scopePrefix: string;
  maxTokenAgeSeconds: number;
}

/** What a verified token says. */
export interface Token {
  /** The key it was issued for: the id of an API key, or `issuer:client` of an external client. */
  keyId: string;
  scopes: readonly Scope[];
  expiresAtMs: number;
}

/** Of our own access tokens (RFC 9068). */
export const TOKEN_TYPE = "at+jwt";
export const TOKEN_ALGORITHM = "ES256";
export const TOKEN_SECONDS = 600;

/** Of a stream ticket: never an access token. */
export const TICKET_TYPE = "stream-ticket+jwt";
export const TICKET_SECONDS = 60;

/** Ourselves. Issuer and audience are the public URL. */
export function ownIssuer(publicUrl: string): Issuer {
  const iss = publicUrl.replace(/\/$/, "");
  return {
    name: "",
    iss,
    audience: iss,
    algorithms: [TOKEN_ALGORITHM],
    typ: TOKEN_TYPE,
    claims: {},
    scopePrefix: "",
    maxTokenAgeSeconds: 2 * TOKEN_SECONDS,
  };
}

const ALGORITHMS = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"] as const;

const url = () => z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });

/** Made on use: hardly any deployment has one, and building schemas slows an isolate's start. */
const externalSchema = () =>
  z
    .strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, "must be 1 to 20 lower-case letters, digits or dashes"),
      issuer: url(),
      jwks_url: url(),
      algorithms: z.array(z.enum(ALGORITHMS)).min(1).default(["RS256"]),
      audience: z.string().min(1).optional(),
      claims: z.record(z.string(), z.string()).default({}),
      scope_prefix: z.string().default(""),
      max_token_age_seconds: z.int().min(60).max(86_400).default(3_900),
    })
    .refine(({ audience, claims }) => audience !== undefined || Object.keys(claims).length > 0, {
      error: "needs an audience or claims, or tokens for other services would do",
    });

/** An issuer besides ourselves, and where its public keys are. */
export interface ExternalIssuer {
  issuer: Issuer;
  jwksUrl: string;
}

/** EXTERNAL_ISSUER of an environment: JSON. Throws InvalidSetting. */
export function externalIssuer(given: unknown): ExternalIssuer {
  const parsed = externalSchema().safeParse(parseJson(String(given)));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim());
    throw new InvalidSetting(`must be the JSON of an issuer: ${faults.join("; ")}`);
  }
  const { name, issuer, jwks_url, audience, scope_prefix, max_token_age_seconds, ...rest } = parsed.data;
  return {
    issuer: {
      ...rest,
      name,
      iss: issuer,
      audience,
      typ: undefined,
      scopePrefix: scope_prefix,
      maxTokenAgeSeconds: max_token_age_seconds,
    },
    jwksUrl: jwks_url,
  };
}
