import { z } from "@hono/zod-openapi";
import { newSecret } from "../../alerts/webhook-signature.ts";
import { newId } from "../../auth/api-key.ts";
import { PLANS } from "../../auth/plans.ts";
import { idParameter } from "./alerts-fields.ts";
import { privateEndpoint } from "./endpoint.ts";
import { nothing, requireQuota } from "./fields.ts";
import {
  newWebhookResponse,
  requireTarget,
  requireWebhook,
  WEBHOOK_ID,
  webhookInput,
  webhookOf,
  webhookResponse,
} from "./webhooks-fields.ts";

const DELIVERY =
  "Deliveries follow Standard Webhooks 1.0.0: `webhook-id` is the same on every attempt, so that a receiver can tell repetitions; `webhook-signature` signs `id.timestamp.body` with the secret. A response with 2xx within 15 seconds is a success. Otherwise there are eight attempts within 24 hours.";

export const createWebhook = privateEndpoint({
  id: "create-webhook",
  method: "post",
  path: "/webhooks",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Create a webhook",
  description: `${DELIVERY} A signed \`webhook.ping\` is sent at once; the webhook is enabled when it is answered with 2xx. \`secret\` is shown in this response only; a repeated request with the same \`Idempotency-Key\` returns null in its place.`,
  returns: "The webhook, with its secret.",
  status: 201,
  params: nothing,
  query: nothing,
  body: z.strictObject({
    url: webhookInput.url,
    event_types: webhookInput.event_types.default(null),
    note: webhookInput.note.default(null),
  }),
  response: newWebhookResponse,
  secretFields: ["secret"],
  handle: async (context, { url, event_types: eventTypes, note }) => {
    const { caller, rows, nowMs, random } = context;
    const { account } = caller;
    requireTarget(url, context);
    requireQuota("webhooks", (await rows.webhooks.list(account.id)).length, PLANS[account.plan].webhooks);
    const publicId = newId("whk", random);
    const secret = newSecret((count) => Uint8Array.from(random(count)));
    await rows.webhooks.insert({ publicId, accountId: account.id, url, eventTypes, note }, secret, nowMs);
    const webhook = await requireWebhook(rows.webhooks, account.id, publicId);
    await rows.webhooks.ping(webhook, nowMs);
    return { ...webhookOf(webhook), secret };
  },
});

export const listWebhooks = privateEndpoint({
  id: "list-webhooks",
  method: "get",
  path: "/webhooks",
  tag: "Webhooks",
  scope: "webhooks:read",
  summary: "List webhooks",
  returns: "The webhooks of the account, without their secrets.",
  params: nothing,
  query: nothing,
  response: () => z.object({ webhooks: z.array(webhookResponse()) }),
  handle: async ({ caller: { account }, rows }) => ({
    webhooks: (await rows.webhooks.list(account.id)).map(webhookOf),
  }),
});

export const getWebhook = privateEndpoint({
  id: "get-webhook",
  method: "get",
  path: "/webhooks/{id}",
  tag: "Webhooks",
  scope: "webhooks:read",
  summary: "Read a webhook",
  returns: "The webhook, without its secret.",
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  response: webhookResponse,
  handle: async ({ caller: { account }, rows }, { id }) =>
    webhookOf(await requireWebhook(rows.webhooks, account.id, id)),
});

export const changeWebhook = privateEndpoint({
  id: "change-webhook",
  method: "patch",
  path: "/webhooks/{id}",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Change a webhook",
  description: "A new URL must answer a `webhook.ping` again before anything else is sent to it.",
  returns: "The webhook as it is now.",
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  body: z.strictObject({
    url: webhookInput.url.optional(),
    event_types: webhookInput.event_types.optional(),
    note: webhookInput.note.optional(),
  }),
  response: webhookResponse,
  handle: async (context, { id, url, event_types: eventTypes, note }) => {
    const { caller, rows, nowMs } = context;
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    const isMoved = url !== undefined && url !== webhook.url;
    if (isMoved) requireTarget(url, context);
    const health = { failingSinceMs: null, timeouts: 0, pausedUntilMs: 0 };
    await rows.webhooks.update(
      webhook,
      {
        ...(eventTypes !== undefined && { eventTypes }),
        ...(note !== undefined && { note }),
        ...(isMoved && { url, status: "pending", disabledReason: null, health }),
      },
      nowMs,
    );
    if (isMoved) await rows.webhooks.ping(webhook, nowMs);
    return webhookOf(await requireWebhook(rows.webhooks, caller.account.id, id));
  },
});

export const deleteWebhook = privateEndpoint({
  id: "delete-webhook",
  method: "delete",
  path: "/webhooks/{id}",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Delete a webhook",
  description: "What was not delivered yet will not be.",
  returns: "Nothing.",
  status: 204,
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  handle: async ({ caller, rows, nowMs }, { id }) => {
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    await rows.webhooks.update(webhook, { status: "deleted" }, nowMs);
    return undefined;
  },
});
