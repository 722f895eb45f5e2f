import { z } from "@hono/zod-openapi";
import { ALL_SCOPES, type Scope } from "../../auth/scopes.ts";
import { ApiFailure } from "../failure.ts";
import type { KeyRow } from "./rows.ts";

/** What several private endpoints share: schemas of their input and output, and refusals. */

export const nothing = z.strictObject({});

export const scopeName = () => z.enum(ALL_SCOPES as [Scope, ...Scope[]]).openapi({ "x-component": "Scope" });

export const instant = () => z.string().openapi({ format: "date-time", example: "2027-01-04T18:00:00.000Z" });

export const keyFields = () => ({
  id: z.string().openapi({ description: "Also the `client_id` for a token.", example: "3kTMd9vQxA" }),
  name: z.string(),
  scopes: z.array(scopeName()),
  created_at: instant(),
  last_used_at: instant().nullable().openapi({ description: "To the hour." }),
  expires_at: instant().nullable(),
});

/** An instant as responses show it. */
export function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** A key as responses show it. */
export function keyOf({ id, name, scopes, createdAtMs, lastUsedAtMs, expiresAtMs }: KeyRow) {
  return {
    id,
    name,
    scopes: [...scopes],
    created_at: instantOf(createdAtMs),
    last_used_at: lastUsedAtMs === null ? null : instantOf(lastUsedAtMs),
    expires_at: expiresAtMs === null ? null : instantOf(expiresAtMs),
  };
}

/** Throws if an account that has `used` objects may have no more. */
export function requireQuota(what: string, used: number, limit: number): void {
  if (used >= limit)
    throw new ApiFailure({ code: "quota_exceeded", detail: `The plan allows ${limit} ${what}, and all are in use.` });
}
