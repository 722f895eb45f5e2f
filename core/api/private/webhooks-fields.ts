import { z } from "@hono/zod-openapi";
import { targetFault } from "../../alerts/webhook-target.ts";
import { ApiFailure, invalidParameter } from "../failure.ts";
import type { DeliveryRow, EndpointRow, WebhookRows } from "./alerts-rows.ts";
import type { PrivateContext } from "./endpoint.ts";
import { instant, instantOf } from "./fields.ts";

/** What the endpoints of webhooks share. */

export const EVENT_TYPES = ["alert.triggered", "endpoint.disabled"] as const;
/** What accounts are told, as deliveries and their history name it. */
export function eventType() {
  return z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(", ")}`).openapi({ "x-component": "AccountEventType" });
}

const MAX_NOTE_LENGTH = 200;

export const WEBHOOK_ID = "whk_7Yh2mK0pQ4rT6vX8zB1c";

export const webhookInput = {
  url: z.string("must be text").openapi({ example: "https://example.org/hooks/rates" }),
  event_types: z
    .array(eventType(), "must be a list of types")
    .min(1, "must name at least one")
    .transform((types) => [...new Set(types)])
    .nullable()
    .openapi({ description: "null: all." }),
  note: z.string("must be text").max(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`).nullable(),
};

const webhookFields = () => ({
  id: z.string(),
  url: z.string(),
  event_types: z.array(eventType()).nullable(),
  status: z.enum(["pending", "enabled", "disabled"]).openapi({
    description: "pending: a signed webhook.ping has not been answered with 2xx yet.",
  }),
  disabled_reason: z.enum(["gone", "failing"]).nullable(),
  failing_since: instant().nullable(),
  paused_until: instant().nullable().openapi({ description: "Nothing is sent until then: it hangs, or asked for it." }),
  note: z.string().nullable(),
  created_at: instant(),
});

export const webhookResponse = () => z.object(webhookFields()).openapi("Webhook");

export const newWebhookResponse = () =>
  z
    .object({
      ...webhookFields(),
      secret: z.string().nullable().openapi({ description: "Verifies signatures. Shown in this response only." }),
    })
    .openapi("NewWebhook");

export function webhookOf({
  publicId,
  url,
  eventTypes,
  status,
  disabledReason,
  health,
  note,
  createdAtMs,
}: EndpointRow) {
  const { failingSinceMs, pausedUntilMs } = health;
  return {
    id: publicId,
    url,
    event_types: eventTypes as (typeof EVENT_TYPES)[number][] | null,
    status,
    disabled_reason: disabledReason as "gone" | "failing" | null,
    failing_since: failingSinceMs === null ? null : instantOf(failingSinceMs),
    paused_until: pausedUntilMs === 0 ? null : instantOf(pausedUntilMs),
    note,
    created_at: instantOf(createdAtMs),
  };
}

export const deliveryResponse = () =>
  z
    .object({
      id: z.int(),
      event_id: z.int(),
      webhook_id: z.string(),
      type: z.string(),
      status: z.enum(["due", "delivered", "failed"]),
      attempts: z.int(),
      next_attempt_at: instant().nullable(),
      created_at: instant(),
      finished_at: instant().nullable(),
      log: z.array(
        z.object({
          n: z.int(),
          at: instant(),
          status: z.int().nullable(),
          error: z.string().nullable(),
          duration_ms: z.int(),
        }),
      ),
    })
    .openapi("Delivery");

export function deliveryOf(row: DeliveryRow) {
  return {
    id: row.id,
    event_id: row.eventId,
    webhook_id: row.endpointId,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.status === "due" ? instantOf(row.dueAtMs) : null,
    created_at: instantOf(row.createdAtMs),
    finished_at: row.finishedAtMs === null ? null : instantOf(row.finishedAtMs),
    log: row.log.map(({ n, atMs, status, error, durationMs }) => ({
      n,
      at: instantOf(atMs),
      status,
      error,
      duration_ms: durationMs,
    })),
  };
}

/** Throws unless deliveries may be sent to the URL. */
export function requireTarget(url: string, { targets }: Pick<PrivateContext, "targets">): void {
  const fault = targetFault(url, targets);
  if (fault !== undefined) throw invalidParameter("url", fault);
}

/** The account's webhook. Throws that there is none. */
export async function requireWebhook(webhooks: WebhookRows, accountId: string, id: string): Promise<EndpointRow> {
  const found = await webhooks.find(accountId, id);
  if (found === undefined) throw new ApiFailure({ code: "object_not_found", what: "webhook" });
  return found;
}
