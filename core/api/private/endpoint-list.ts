import { account } from "./account.ts";
import { changeAlert, createAlert, deleteAlert, getAlert, listAlerts } from "./alerts.ts";
import { listEvents, listEventsOfAlert } from "./alerts-events.ts";
import { createKey } from "./create-key.ts";
import { listDeliveries, retryDelivery } from "./deliveries.ts";
import type { PrivateEndpoint } from "./endpoint.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";
import { createStreamTicket } from "./stream-tickets.ts";
import { changeWebhook, createWebhook, deleteWebhook, getWebhook, listWebhooks } from "./webhooks.ts";
import { enableWebhook, pingWebhook, replayWebhook, rotateSecret } from "./webhooks-actions.ts";

/** Every endpoint that needs a token, in the order of the OpenAPI document and the docs page; fixed paths before others. */
export const PRIVATE_ENDPOINTS: readonly PrivateEndpoint[] = [
  account,
  listKeys,
  createKey,
  revokeKey,
  listAlerts,
  createAlert,
  listEvents,
  getAlert,
  changeAlert,
  deleteAlert,
  listEventsOfAlert,
  createStreamTicket,
  listWebhooks,
  createWebhook,
  getWebhook,
  changeWebhook,
  deleteWebhook,
  pingWebhook,
  enableWebhook,
  rotateSecret,
  replayWebhook,
  listDeliveries,
  retryDelivery,
];
