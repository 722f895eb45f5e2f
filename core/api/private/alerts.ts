import { z } from "@hono/zod-openapi";
import { isOtherCondition } from "../../alerts/crossing.ts";
import { metricName, parseMetric } from "../../alerts/metric.ts";
import { newId } from "../../auth/api-key.ts";
import { PLANS } from "../../auth/plans.ts";
import { invalidParameter } from "../failure.ts";
import {
  alertOf,
  alertResponse,
  idParameter,
  noAlert,
  pageOf,
  pageQuery,
  requireEndpoints,
  settable,
  unitsOf,
  watched,
  watchedOf,
} from "./alerts-fields.ts";
import type { AlertChange } from "./alerts-rows.ts";
import { privateEndpoint } from "./endpoint.ts";
import { nothing, requireQuota } from "./fields.ts";

const SEMANTICS =
  "An alert fires once when its condition holds, strictly above or below, and is armed again by the first value at which it does not. A new alert is armed: if its condition holds already, it fires at the next publication. Values of the newest date only are looked at, so a revision of an older date fires nothing; a revision of the newest date is an event of its own, with `kind` revised. During the cool-down it stays armed, and the first value afterwards fires if the condition then holds.";
const EXAMPLE_ID = "alt_7Yh2mK0pQ4rT6vX8zB1c";

export const createAlert = privateEndpoint({
  id: "create-alert",
  method: "post",
  path: "/alerts",
  tag: "Alerts",
  scope: "alerts:write",
  summary: "Create an alert",
  description: SEMANTICS,
  returns: "The alert.",
  status: 201,
  params: nothing,
  query: nothing,
  body: z.strictObject({
    kind: watched.kind.default("rate"),
    pair: watched.pair.optional(),
    window: watched.window.optional(),
    provider: watched.provider.optional(),
    condition: settable.condition,
    threshold: settable.threshold,
    cooldown_seconds: settable.cooldown_seconds.default(0),
    endpoints: settable.endpoints.default(null),
    note: settable.note.default(null),
  }),
  response: alertResponse,
  handle: async ({ caller: { account }, rows, catalogue, nowMs, random }, input) => {
    const what = watchedOf(input, catalogue);
    if (input.kind === "stale" && input.condition === "below")
      throw invalidParameter("condition", "must be above with kind stale");
    const threshold = unitsOf(input.threshold, input.kind);
    await requireEndpoints(rows.webhooks, account.id, input.endpoints);
    requireQuota("alerts", await rows.alerts.count(account.id), PLANS[account.plan].alerts);
    const alert = {
      publicId: newId("alt", random),
      metric: metricName(what.metric),
      direction: input.condition,
      threshold,
      state: "armed" as const,
      cooldownMs: input.cooldown_seconds * 1_000,
      endpointIds: input.endpoints,
      note: input.note,
      createdAtMs: nowMs,
      lastFiredAtMs: null,
    };
    await rows.alerts.insert(account.id, alert, what);
    return alertOf(alert);
  },
});

export const listAlerts = privateEndpoint({
  id: "list-alerts",
  method: "get",
  path: "/alerts",
  tag: "Alerts",
  scope: "alerts:read",
  summary: "List alerts",
  returns: "The alerts of the account, in the order of their creation.",
  params: nothing,
  query: pageQuery,
  response: () =>
    z.object({
      alerts: z.array(alertResponse()),
      next: z.int().nullable().openapi({ description: "`after` of the next page; null: there is none." }),
    }),
  handle: async ({ caller: { account }, rows }, { after, limit }) => {
    const { page, next } = pageOf(await rows.alerts.list(account.id, after, limit + 1), limit);
    return { alerts: page.map(({ row }) => alertOf(row)), next };
  },
});

export const getAlert = privateEndpoint({
  id: "get-alert",
  method: "get",
  path: "/alerts/{id}",
  tag: "Alerts",
  scope: "alerts:read",
  summary: "Read an alert",
  returns: "The alert.",
  params: idParameter(EXAMPLE_ID),
  query: nothing,
  response: alertResponse,
  handle: async ({ caller: { account }, rows }, { id }) => {
    const found = await rows.alerts.find(account.id, id);
    if (found === undefined) throw noAlert();
    return alertOf(found.row);
  },
});

export const changeAlert = privateEndpoint({
  id: "change-alert",
  method: "patch",
  path: "/alerts/{id}",
  tag: "Alerts",
  scope: "alerts:write",
  summary: "Change an alert",
  description:
    "A new condition or threshold arms the alert again, for publications from now on. `state` off keeps it from firing, armed ends that.",
  returns: "The alert as it is now.",
  params: idParameter(EXAMPLE_ID),
  query: nothing,
  body: z.strictObject({
    condition: settable.condition.optional(),
    threshold: settable.threshold.optional(),
    cooldown_seconds: settable.cooldown_seconds.optional(),
    endpoints: settable.endpoints.optional(),
    note: settable.note.optional(),
    state: z.enum(["armed", "off"], "must be armed or off").optional(),
  }),
  response: alertResponse,
  handle: async ({ caller: { account }, rows, nowMs }, { id, ...input }) => {
    const found = await rows.alerts.find(account.id, id);
    if (found === undefined) throw noAlert();
    const kind = parseMetric(found.row.metric)?.kind ?? "rate";
    if (kind === "stale" && input.condition === "below")
      throw invalidParameter("condition", "must be above with kind stale");
    if (input.endpoints !== undefined) await requireEndpoints(rows.webhooks, account.id, input.endpoints);
    const change: AlertChange = {
      ...(input.condition !== undefined && { direction: input.condition }),
      ...(input.threshold !== undefined && { threshold: unitsOf(input.threshold, kind) }),
      ...(input.cooldown_seconds !== undefined && { cooldownMs: input.cooldown_seconds * 1_000 }),
      ...(input.endpoints !== undefined && { endpointIds: input.endpoints }),
      ...(input.note !== undefined && { note: input.note }),
    };
    const isArmed = isOtherCondition(found.row, change) && found.row.state !== "off";
    const state = input.state ?? (isArmed ? "armed" : undefined);
    await rows.alerts.update(account.id, id, { ...change, ...(state !== undefined && { state }) }, nowMs);
    const changed = await rows.alerts.find(account.id, id);
    return alertOf(changed?.row ?? found.row);
  },
});

export const deleteAlert = privateEndpoint({
  id: "delete-alert",
  method: "delete",
  path: "/alerts/{id}",
  tag: "Alerts",
  scope: "alerts:write",
  summary: "Delete an alert",
  description: "Its events stay in the history of the account.",
  returns: "Nothing.",
  status: 204,
  params: idParameter(EXAMPLE_ID),
  query: nothing,
  handle: async ({ caller: { account }, rows }, { id }) => {
    if (!(await rows.alerts.remove(account.id, id))) throw noAlert();
    return undefined;
  },
});
