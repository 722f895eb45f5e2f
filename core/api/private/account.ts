import { z } from "@hono/zod-openapi";
import { PLAN_NAMES, PLANS } from "../../auth/plans.ts";
import { privateEndpoint } from "./endpoint.ts";
import { instant, instantOf, nothing, scopeName } from "./fields.ts";

const quota = () => z.object({ used: z.int(), limit: z.int() }).openapi("Quota");

export const account = privateEndpoint({
  id: "currentAccount",
  method: "get",
  path: "/account",
  tag: "Account",
  scope: undefined,
  summary: "Who am I",
  returns: "The account that the token stands for, what the token may do, and how much of the plan is in use.",
  params: nothing,
  query: nothing,
  response: () =>
    z
      .object({
        id: z.string().openapi({ example: "acc_7Yh2mK0pQ4rT6vX8zB1c" }),
        name: z.string(),
        plan: z.enum(PLAN_NAMES),
        created_at: instant(),
        key_id: z.string().openapi({ description: "The key that the token was issued for.", example: "3kTMd9vQxA" }),
        scopes: z.array(scopeName()),
        quotas: z.object({ keys: quota(), alerts: quota(), webhooks: quota() }),
      })
      .openapi("Account"),
  handle: async ({ caller: { account, keyId, scopes }, rows }) => {
    const plan = PLANS[account.plan];
    const webhooks = await rows.webhooks.list(account.id);
    return {
      id: account.id,
      name: account.name,
      plan: account.plan,
      created_at: instantOf(account.createdAtMs),
      key_id: keyId,
      scopes: [...scopes],
      quotas: {
        keys: { used: await rows.accounts.countKeys(account.id), limit: plan.keys },
        alerts: { used: await rows.alerts.count(account.id), limit: plan.alerts },
        webhooks: { used: webhooks.length, limit: plan.webhooks },
      },
    };
  },
});
