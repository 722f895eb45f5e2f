import { z } from "@hono/zod-openapi";
import { ApiFailure } from "../failure.ts";
import { idParameter, pageOf } from "./alerts-fields.ts";
import { privateEndpoint } from "./endpoint.ts";
import { nothing } from "./fields.ts";
import { deliveryOf, deliveryResponse, requireWebhook, WEBHOOK_ID } from "./webhooks-fields.ts";

const MAX_PAGE = 100;

export const listDeliveries = privateEndpoint({
  id: "list-deliveries",
  method: "get",
  path: "/webhooks/{id}/deliveries",
  tag: "Webhooks",
  scope: "webhooks:read",
  summary: "Read what was sent to a webhook",
  description: "Each attempt with the status that came back, or why none did. Nothing else of a response is kept.",
  returns: "Deliveries, newest first.",
  params: idParameter(WEBHOOK_ID),
  query: z.strictObject({
    before: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, "must be `next` of an earlier response")
      .transform(Number)
      .optional()
      .openapi({ type: "integer", description: "`next` of an earlier response." }),
  }),
  response: () =>
    z.object({
      deliveries: z.array(deliveryResponse()),
      next: z.int().nullable().openapi({ description: "`before` of the next page; null: there is none." }),
    }),
  handle: async ({ caller: { account }, rows }, { id, before }) => {
    const webhook = await requireWebhook(rows.webhooks, account.id, id);
    const { page, next } = pageOf(await rows.webhooks.deliveries(webhook, before, MAX_PAGE + 1), MAX_PAGE);
    return { deliveries: page.map(deliveryOf), next };
  },
});

export const retryDelivery = privateEndpoint({
  id: "retry-delivery",
  method: "post",
  path: "/deliveries/{id}/retry",
  tag: "Webhooks",
  scope: "webhooks:write",
  summary: "Send a delivery again",
  description:
    "At once, under the same `webhook-id`, if its webhook is enabled. If it fails again after its eighth attempt, that is all.",
  returns: "The delivery as it is now.",
  status: 202,
  params: z.strictObject({
    id: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, "must be the number of a delivery")
      .transform(Number)
      .openapi({ type: "integer", example: 1042 }),
  }),
  query: nothing,
  response: deliveryResponse,
  handle: async ({ caller: { account }, rows, nowMs }, { id }) => {
    const delivery = await rows.webhooks.retry(account.id, id, nowMs);
    if (delivery === undefined) throw new ApiFailure({ code: "object_not_found", what: "delivery" });
    if (delivery === "disabled") throw new ApiFailure({ code: "conflict", detail: "Its webhook is disabled." });
    if (delivery === "pending")
      throw new ApiFailure({ code: "conflict", detail: "Its webhook has to answer a ping first." });
    return deliveryOf(delivery);
  },
});
