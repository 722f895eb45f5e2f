import { metricName } from "#core/alerts/metric.ts";
import { ApiFailure } from "#core/api/failure.ts";
import type { AlertRows, Watched, WebhookRows } from "#core/api/private/alerts-rows.ts";
import { endLeasesOf, failDeliveriesOf } from "../store/alerts-deliveries.ts";
import { addPing } from "../store/alerts-deliveries-add.ts";
import { findEndpoint, insertEndpoint, listEndpoints, updateEndpoint } from "../store/alerts-endpoints.ts";
import { listEvents } from "../store/alerts-events.ts";
import { listDeliveries, replayEvents, retryDelivery } from "../store/alerts-history.ts";
import { addMetric, findMetric } from "../store/alerts-metrics.ts";
import { countAlerts, deleteAlert, findAlert, insertAlert, listAlerts, updateAlert } from "../store/alerts-records.ts";
import type { SqlSession } from "../store/sql-session.ts";
import { newestPoint } from "./points.ts";
import type { SecretBox } from "./secret-box.ts";

const RETRY_AFTER_SECONDS = 60;

/** The alerts of an account, as the private API uses them. */
export function alertRows(session: SqlSession): AlertRows {
  return {
    insert: async (accountId, alert, watched) => {
      await insertAlert(session, accountId, alert);
      if ((await findMetric(session, alert.metric)) === undefined) await watch(session, watched);
    },
    find: (accountId, publicId) => findAlert(session, accountId, publicId),
    list: (accountId, after, limit) => listAlerts(session, accountId, after, limit),
    count: (accountId) => countAlerts(session, accountId),
    update: (accountId, publicId, change, nowMs) => updateAlert(session, accountId, publicId, change, nowMs),
    remove: (accountId, publicId) => deleteAlert(session, accountId, publicId),
    events: (accountId, query) => listEvents(session, accountId, query),
  };
}

/** From now on the metric is evaluated, beginning after the newest value that there is. */
async function watch(session: SqlSession, watched: Watched): Promise<void> {
  const metric = metricName(watched.metric);
  const none = { date: "", version: 0, value: "" };
  if ("provider" in watched)
    return addMetric(session, { metric, firstSource: watched.provider.id, secondSource: null, ...none });
  const { route } = watched;
  const [first, second] = route.series;
  const point = (await newestPoint(session, watched.metric, route)) ?? none;
  await addMetric(session, { metric, firstSource: first?.id ?? "", secondSource: second?.id ?? null, ...point });
}

/** The webhooks of an account. `box` undefined: this deployment has no key for their secrets. */
export function webhookRows(session: SqlSession, box: SecretBox | undefined): WebhookRows {
  const sealing = (): SecretBox => {
    if (box === undefined) throw new ApiFailure({ code: "unavailable", retryAfterSeconds: RETRY_AFTER_SECONDS });
    return box;
  };
  return {
    insert: (endpoint, secret, nowMs) =>
      insertEndpoint(session, { ...endpoint, secret: sealing().seal(secret, endpoint.publicId) }, nowMs),
    find: (accountId, publicId) => findEndpoint(session, accountId, publicId),
    list: (accountId) => listEndpoints(session, accountId),
    update: async ({ id }, change, nowMs) => {
      const isDeleted = change.status === "deleted";
      await updateEndpoint(session, id, { ...change, ...(isDeleted && { secret: "", previousSecret: null }) });
      if (isDeleted) await failDeliveriesOf(session, id, nowMs);
      else if (change.url !== undefined) await endLeasesOf(session, id, nowMs);
    },
    rotate: async ({ id, accountId, publicId }, secret, previousUntilMs) => {
      const stored = await findEndpoint(session, accountId, publicId);
      const sealed = sealing().seal(secret, publicId);
      await updateEndpoint(session, id, { secret: sealed, previousSecret: stored?.secret ?? null, previousUntilMs });
    },
    ping: (endpoint, nowMs) => addPing(session, endpoint, nowMs),
    replay: (endpoint, sinceMs, limit, nowMs) => replayEvents(session, endpoint, sinceMs, limit, nowMs),
    deliveries: (endpoint, before, limit) => listDeliveries(session, endpoint, before, limit),
    retry: (accountId, id, nowMs) => retryDelivery(session, accountId, id, nowMs),
  };
}
