import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The tables of alerts and webhooks in SQLite. Instants are epoch milliseconds and thresholds whole units of 10⁻⁸, as in
 * alerts-schema.mysql: both compare and add up as integers in either dialect, so statements are written once.
 */

export const alerts = sqliteTable(
  "alerts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    publicId: text("public_id").notNull(),
    accountId: text("account_id").notNull(),
    /** core/alerts/metric. */
    metric: text("metric").notNull(),
    /** 1 above, -1 below. */
    direction: integer("direction").notNull(),
    threshold: integer("threshold").notNull(),
    /** 1 armed, 0 fired, 2 off, 3 deleted. */
    state: integer("state").notNull(),
    cooldownMs: integer("cooldown_ms").notNull(),
    /** Before this instant it does not fire. */
    readyAtMs: integer("ready_at_ms").notNull(),
    /** Public ids as JSON; null: all endpoints of the account. */
    endpointIds: text("endpoint_ids"),
    note: text("note"),
    createdAtMs: integer("created_at_ms").notNull(),
    lastFiredAtMs: integer("last_fired_at_ms"),
  },
  (table) => [
    uniqueIndex("alerts_public_id").on(table.publicId),
    index("alerts_flip").on(table.metric, table.direction, table.state, table.threshold, table.id),
    index("alerts_account").on(table.accountId, table.id),
  ],
);

/** The metrics that alerts watch, and how far each was evaluated. */
export const alertMetrics = sqliteTable(
  "alert_metrics",
  {
    metric: text("metric").primaryKey(),
    /** The series that its values are made of, or a provider's id. */
    firstSource: text("first_source").notNull(),
    secondSource: text("second_source"),
    /** The newest date that was evaluated, and the version of its value. Empty: no value was seen yet. */
    date: text("date").notNull(),
    version: integer("version").notNull(),
    /** The value of that date. */
    value: text("value").notNull(),
  },
  (table) => [index("alert_metrics_first").on(table.firstSource), index("alert_metrics_second").on(table.secondSource)],
);

export const alertEvents = sqliteTable(
  "alert_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    accountId: text("account_id").notNull(),
    type: text("type").notNull(),
    /** Null for events of endpoints. */
    alertId: integer("alert_id"),
    version: integer("version"),
    /** What is delivered, byte for byte. */
    body: text("body").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("alert_events_once").on(table.alertId, table.version),
    index("alert_events_account").on(table.accountId, table.id),
  ],
);

export const endpoints = sqliteTable(
  "endpoints",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    publicId: text("public_id").notNull(),
    accountId: text("account_id").notNull(),
    url: text("url").notNull(),
    /** Encrypted (origin/alerts/secret-box); empty once the endpoint is deleted. */
    secret: text("secret").notNull(),
    /** Signs beside the other until the instant, after a rotation. */
    previousSecret: text("previous_secret"),
    previousUntilMs: integer("previous_until_ms"),
    /** Types as JSON; null: all. */
    eventTypes: text("event_types"),
    /** pending, enabled, disabled or deleted. */
    status: text("status").notNull(),
    disabledReason: text("disabled_reason"),
    failingSinceMs: integer("failing_since_ms"),
    timeouts: integer("timeouts").notNull(),
    pausedUntilMs: integer("paused_until_ms").notNull(),
    note: text("note"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("endpoints_public_id").on(table.publicId),
    index("endpoints_account").on(table.accountId, table.id),
  ],
);

export const deliveries = sqliteTable(
  "deliveries",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    accountId: text("account_id").notNull(),
    eventId: integer("event_id").notNull(),
    endpointId: integer("endpoint_id").notNull(),
    /** 0 due, 1 delivered, 2 failed. */
    status: integer("status").notNull(),
    attempts: integer("attempts").notNull(),
    /** When the next attempt is due; while leased, when the lease ends. */
    dueAtMs: integer("due_at_ms").notNull(),
    leaseId: text("lease_id"),
    createdAtMs: integer("created_at_ms").notNull(),
    finishedAtMs: integer("finished_at_ms"),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.eventId, table.endpointId),
    index("deliveries_due").on(table.status, table.dueAtMs, table.id),
    index("deliveries_endpoint").on(table.endpointId, table.id),
    index("deliveries_lease").on(table.leaseId),
  ],
);

export const deliveryAttempts = sqliteTable(
  "delivery_attempts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    deliveryId: integer("delivery_id").notNull(),
    n: integer("n").notNull(),
    atMs: integer("at_ms").notNull(),
    status: integer("status"),
    error: text("error"),
    durationMs: integer("duration_ms").notNull(),
  },
  (table) => [uniqueIndex("delivery_attempts_once").on(table.deliveryId, table.n)],
);
