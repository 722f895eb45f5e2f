import { z } from "@hono/zod-openapi";
import { ApiFailure } from "../failure.ts";
import { privateEndpoint } from "./endpoint.ts";
import { nothing } from "./fields.ts";

export const revokeKey = privateEndpoint({
  id: "revokeKey",
  method: "delete",
  path: "/keys/{id}",
  tag: "Account",
  scope: "keys:write",
  summary: "Revoke a key",
  description: "Tokens that were issued for the key are refused from then on. A key may revoke itself.",
  returns: "Nothing.",
  status: 204,
  params: z.strictObject({
    id: z.string().max(100, "must have at most 100 characters").openapi({ example: "3kTMd9vQxA" }),
  }),
  query: nothing,
  handle: async ({ caller, rows, nowMs }, { id }) => {
    const isRevoked = await rows.accounts.revokeKey(caller.account.id, id, nowMs);
    if (!isRevoked) throw new ApiFailure({ code: "object_not_found", what: "key" });
    return undefined;
  },
});
