import { bigint, index, int, mysqlTable, smallint, tinyint, uniqueIndex } from "drizzle-orm/mysql-core";
import { exactText } from "./schema.mysql.ts";

/** The tables of alerts and webhooks in MySQL. What columns mean is said in alerts-schema.sqlite. */

const whole = (name: string) => bigint(name, { mode: "number" });

export const alerts = mysqlTable(
  "alerts",
  {
    id: whole("id").autoincrement().primaryKey(),
    publicId: exactText(40)("public_id").notNull(),
    accountId: exactText(40)("account_id").notNull(),
    metric: exactText(60)("metric").notNull(),
    direction: tinyint("direction").notNull(),
    threshold: whole("threshold").notNull(),
    state: tinyint("state").notNull(),
    cooldownMs: whole("cooldown_ms").notNull(),
    readyAtMs: whole("ready_at_ms").notNull(),
    endpointIds: exactText(1000)("endpoint_ids"),
    note: exactText(200)("note"),
    createdAtMs: whole("created_at_ms").notNull(),
    lastFiredAtMs: whole("last_fired_at_ms"),
  },
  (table) => [
    uniqueIndex("alerts_public_id").on(table.publicId),
    index("alerts_flip").on(table.metric, table.direction, table.state, table.threshold, table.id),
    index("alerts_account").on(table.accountId, table.id),
  ],
);

export const alertMetrics = mysqlTable(
  "alert_metrics",
  {
    metric: exactText(60)("metric").primaryKey(),
    firstSource: exactText(40)("first_source").notNull(),
    secondSource: exactText(40)("second_source"),
    date: exactText(10)("date").notNull(),
    version: whole("version").notNull(),
    value: exactText(40)("value").notNull(),
  },
  (table) => [index("alert_metrics_first").on(table.firstSource), index("alert_metrics_second").on(table.secondSource)],
);

export const alertEvents = mysqlTable(
  "alert_events",
  {
    id: whole("id").autoincrement().primaryKey(),
    accountId: exactText(40)("account_id").notNull(),
    type: exactText(40)("type").notNull(),
    alertId: whole("alert_id"),
    version: whole("version"),
    body: exactText(2000)("body").notNull(),
    atMs: whole("at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("alert_events_once").on(table.alertId, table.version),
    index("alert_events_account").on(table.accountId, table.id),
  ],
);

export const endpoints = mysqlTable(
  "endpoints",
  {
    id: whole("id").autoincrement().primaryKey(),
    publicId: exactText(40)("public_id").notNull(),
    accountId: exactText(40)("account_id").notNull(),
    url: exactText(2048)("url").notNull(),
    secret: exactText(200)("secret").notNull(),
    previousSecret: exactText(200)("previous_secret"),
    previousUntilMs: whole("previous_until_ms"),
    eventTypes: exactText(300)("event_types"),
    status: exactText(10)("status").notNull(),
    disabledReason: exactText(20)("disabled_reason"),
    failingSinceMs: whole("failing_since_ms"),
    timeouts: int("timeouts").notNull(),
    pausedUntilMs: whole("paused_until_ms").notNull(),
    note: exactText(200)("note"),
    createdAtMs: whole("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("endpoints_public_id").on(table.publicId),
    index("endpoints_account").on(table.accountId, table.id),
  ],
);

export const deliveries = mysqlTable(
  "deliveries",
  {
    id: whole("id").autoincrement().primaryKey(),
    accountId: exactText(40)("account_id").notNull(),
    eventId: whole("event_id").notNull(),
    endpointId: whole("endpoint_id").notNull(),
    status: tinyint("status").notNull(),
    attempts: int("attempts").notNull(),
    dueAtMs: whole("due_at_ms").notNull(),
    leaseId: exactText(40)("lease_id"),
    createdAtMs: whole("created_at_ms").notNull(),
    finishedAtMs: whole("finished_at_ms"),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.eventId, table.endpointId),
    index("deliveries_due").on(table.status, table.dueAtMs, table.id),
    index("deliveries_endpoint").on(table.endpointId, table.id),
    index("deliveries_lease").on(table.leaseId),
  ],
);

export const deliveryAttempts = mysqlTable(
  "delivery_attempts",
  {
    id: whole("id").autoincrement().primaryKey(),
    deliveryId: whole("delivery_id").notNull(),
    n: tinyint("n").notNull(),
    atMs: whole("at_ms").notNull(),
    status: smallint("status"),
    error: exactText(20)("error"),
    durationMs: whole("duration_ms").notNull(),
  },
  (table) => [uniqueIndex("delivery_attempts_once").on(table.deliveryId, table.n)],
);
