import { z } from "@hono/zod-openapi";
import { privateEndpoint } from "./endpoint.ts";
import { keyFields, keyOf, nothing } from "./fields.ts";

export const listKeys = privateEndpoint({
  id: "listKeys",
  method: "get",
  path: "/keys",
  tag: "Account",
  scope: "keys:write",
  summary: "List the account's keys",
  returns: "The keys that are not revoked, oldest first, without their secrets.",
  params: nothing,
  query: nothing,
  response: () => z.object({ keys: z.array(z.object(keyFields()).openapi("Key")) }).openapi("Keys"),
  handle: async ({ caller, rows }) => ({ keys: (await rows.accounts.keys(caller.account.id)).map(keyOf) }),
});
