import type { Problem } from "../api/problem.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import type { Issuer, Token } from "./issuers.ts";
import { hintOf, verifyToken } from "./jwt.ts";

/** An issuer whose tokens a host accepts, and its keys. */
export interface TrustedIssuer {
  issuer: Issuer;
  keys: IssuerKeys;
}

export type Verification = { ok: true; token: Token } | { ok: false; problem: Problem };

const BEARER = /^bearer +(\S+) *$/i;
const RETRY_AFTER_SECONDS = 5;

/** Verifies the access token in an Authorization header. Both hosts do; only the origin knows whether its key was revoked. */
export async function verifyBearer(
  authorization: string | null | undefined,
  issuers: readonly TrustedIssuer[],
  nowMs: number,
): Promise<Verification> {
  if (!authorization) return refused("missing");
  const [, text] = BEARER.exec(authorization) ?? [];
  const hint = text === undefined ? undefined : hintOf(text);
  const trusted = issuers.find(({ issuer }) => issuer.iss === hint?.iss);
  if (text === undefined || hint === undefined || trusted === undefined) return refused("invalid");
  const keys = await trusted.keys.keysFor(hint.kid, nowMs);
  if (keys === undefined)
    return { ok: false, problem: { code: "unavailable", retryAfterSeconds: RETRY_AFTER_SECONDS } };
  const token = await verifyToken(text, trusted.issuer, keys, nowMs);
  return typeof token === "string" ? refused(token) : { ok: true, token };
}

function refused(reason: "missing" | "invalid" | "expired"): Verification {
  return { ok: false, problem: { code: "unauthorized", reason } };
}
