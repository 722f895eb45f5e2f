import { z } from "@hono/zod-openapi";
import { digestOf, newKey } from "../../auth/api-key.ts";
import { PLANS } from "../../auth/plans.ts";
import { invalidParameter } from "../failure.ts";
import { privateEndpoint } from "./endpoint.ts";
import { keyFields, keyOf, nothing, requireQuota, scopeName } from "./fields.ts";

const MAX_NAME_LENGTH = 100;

export const createKey = privateEndpoint({
  id: "createKey",
  method: "post",
  path: "/keys",
  tag: "Account",
  scope: "keys:write",
  summary: "Create a key",
  description:
    "The key may have scopes that the request's own token has, and no others. `secret` is shown in this response only; a repeated request with the same `Idempotency-Key` returns null in its place.",
  returns: "The key, with its secret.",
  status: 201,
  params: nothing,
  query: nothing,
  body: z.strictObject({
    name: z
      .string("must be text")
      .min(1, "must not be empty")
      .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`)
      .openapi({ example: "pricing service" }),
    scopes: z
      .array(scopeName(), "must be a list of scopes")
      .min(1, "must name at least one")
      .openapi({
        example: ["alerts:read"],
      }),
    expires_at: z.iso
      .datetime("must be an instant such as 2027-12-31T00:00:00Z")
      .optional()
      .openapi({ description: "Default: never." }),
  }),
  response: () =>
    z
      .object({
        ...keyFields(),
        secret: z
          .string()
          .nullable()
          .openapi({
            description: "The `client_secret` for a token.",
            example: `par_live_3kTMd9vQxA_${"0".repeat(49)}`,
          }),
      })
      .openapi("NewKey"),
  secretFields: ["secret"],
  handle: async ({ caller, rows, nowMs, random }, { name, scopes, expires_at }) => {
    const missing = scopes.find((scope) => !caller.scopes.includes(scope));
    if (missing !== undefined) throw invalidParameter("scopes", `your token does not have ${missing}`);
    if (expires_at !== undefined && Date.parse(expires_at) <= nowMs)
      throw invalidParameter("expires_at", "must be in the future");
    const { account } = caller;
    requireQuota("keys", await rows.accounts.countKeys(account.id), PLANS[account.plan].keys);
    const { id, secret } = newKey(random);
    const key = {
      id,
      accountId: account.id,
      name,
      scopes: [...new Set(scopes)],
      createdAtMs: nowMs,
      lastUsedAtMs: null,
      expiresAtMs: expires_at === undefined ? null : Date.parse(expires_at),
    };
    await rows.accounts.insertKey(key, await digestOf(secret));
    return { ...keyOf(key), secret };
  },
});
