import { z } from "@hono/zod-openapi";
import { newSecret } from "../../alerts/webhook-signature.ts";
import { ApiFailure, invalidParameter } from "../failure.ts";
import { idParameter } from "./alerts-fields.ts";
import { privateEndpoint } from "./endpoint.ts";
import { instant, instantOf, nothing } from "./fields.ts";
import { requireTarget, requireWebhook, WEBHOOK_ID, webhookOf, webhookResponse } from "./webhooks-fields.ts";

const PREVIOUS_SECRET_MS = 86_400_000;
const MAX_REPLAYED = 10_000;

export const pingWebhook = privateEndpoint({
  id: "ping-webhook",
  method: "post",
  path: "/webhooks/{id}/ping",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Send a ping",
  description: "A `webhook.ping` is sent at once. A pending webhook is enabled when it is answered with 2xx.",
  returns: "The webhook as it was before the ping.",
  status: 202,
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  response: webhookResponse,
  handle: async (context, { id }) => {
    const { caller, rows, nowMs } = context;
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    if (webhook.status === "disabled")
      throw new ApiFailure({ code: "conflict", detail: "The webhook is disabled: POST …/enable sends a ping." });
    requireTarget(webhook.url, context);
    await rows.webhooks.ping(webhook, nowMs);
    return webhookOf(webhook);
  },
});

export const enableWebhook = privateEndpoint({
  id: "enable-webhook",
  method: "post",
  path: "/webhooks/{id}/enable",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Enable a webhook again",
  description:
    "For one that was disabled because it failed for five days or answered 410. It is pending until a `webhook.ping` is answered with 2xx; then POST …/replay sends what it has missed.",
  returns: "The webhook as it is now.",
  status: 202,
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  response: webhookResponse,
  handle: async (context, { id }) => {
    const { caller, rows, nowMs } = context;
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    if (webhook.status === "enabled") return webhookOf(webhook);
    requireTarget(webhook.url, context);
    const health = { failingSinceMs: null, timeouts: 0, pausedUntilMs: 0 };
    await rows.webhooks.update(webhook, { status: "pending", disabledReason: null, health }, nowMs);
    await rows.webhooks.ping(webhook, nowMs);
    return webhookOf(await requireWebhook(rows.webhooks, caller.account.id, id));
  },
});

export const rotateSecret = privateEndpoint({
  id: "rotate-webhook-secret",
  method: "post",
  path: "/webhooks/{id}/rotate-secret",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Get a new secret",
  description:
    "For 24 hours each delivery has two signatures, one by the new secret and one by the one before. `secret` is shown in this response only. Only the newest two sign: another rotation within the 24 hours ends the oldest secret at once.",
  returns: "The new secret, and until when the one before signs too unless the secret is rotated again.",
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  response: () => z.object({ secret: z.string().nullable(), previous_valid_until: instant() }).openapi("RotatedSecret"),
  secretFields: ["secret"],
  handle: async ({ caller, rows, nowMs, random }, { id }) => {
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    const secret = newSecret((count) => Uint8Array.from(random(count)));
    const untilMs = nowMs + PREVIOUS_SECRET_MS;
    await rows.webhooks.rotate(webhook, secret, untilMs);
    return { secret, previous_valid_until: instantOf(untilMs) };
  },
});

export const replayWebhook = privateEndpoint({
  id: "replay-webhook",
  method: "post",
  path: "/webhooks/{id}/replay",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Send again what was missed",
  description: `Events since an instant that were not delivered to this webhook are due at once, at most ${MAX_REPLAYED} in a request. What was delivered is not repeated.`,
  returns: "How many are due.",
  status: 202,
  params: idParameter(WEBHOOK_ID),
  query: nothing,
  body: z.strictObject({
    since: z.iso
      .datetime("must be an instant such as 2027-01-04T18:00:00Z")
      .openapi({ example: "2027-01-04T18:00:00Z" }),
  }),
  response: () => z.object({ due: z.int() }).openapi("Replay"),
  handle: async ({ caller, rows, nowMs }, { id, since }) => {
    const webhook = await requireWebhook(rows.webhooks, caller.account.id, id);
    if (webhook.status !== "enabled")
      throw new ApiFailure({ code: "conflict", detail: `The webhook is ${webhook.status}: enable it first.` });
    const sinceMs = Date.parse(since);
    if (sinceMs > nowMs) throw invalidParameter("since", "must not be in the future");
    return { due: await rows.webhooks.replay(webhook, sinceMs, MAX_REPLAYED, nowMs) };
  },
});
