import type { AlertState, Direction } from "../../alerts/crossing.ts";
import type { Metric } from "../../alerts/metric.ts";
import type { EndpointHealth } from "../../alerts/webhook-schedule.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Route } from "../../rates/route.ts";

/** What the endpoints of alerts and webhooks read and write. Every statement names the account; instants are epoch milliseconds. */

export interface AlertRow {
  publicId: string;
  metric: string;
  direction: Direction;
  /** Whole units of 10⁻⁸. */
  threshold: bigint;
  state: AlertState;
  cooldownMs: number;
  /** Public ids; null: all of the account. */
  endpointIds: string[] | null;
  note: string | null;
  createdAtMs: number;
  lastFiredAtMs: number | null;
}

/** A row and its number, by which lists go on. */
export interface Numbered<Row> {
  id: number;
  row: Row;
}

/** What an account may change of an alert. */
export type AlertChange = Partial<
  Pick<AlertRow, "direction" | "threshold" | "state" | "cooldownMs" | "endpointIds" | "note">
>;

/** A metric, and where its values come from. */
export type Watched =
  | { metric: Exclude<Metric, { kind: "stale" }>; route: Route }
  | { metric: Extract<Metric, { kind: "stale" }>; provider: Provider };

export interface AlertEventRow {
  id: number;
  body: string;
}

export interface AlertRows {
  /** What was stored before the alert does not fire it. */
  insert(accountId: string, alert: AlertRow, watched: Watched): Promise<void>;
  find(accountId: string, publicId: string): Promise<Numbered<AlertRow> | undefined>;
  /** In order of creation, after one of them. */
  list(accountId: string, after: number, limit: number): Promise<Numbered<AlertRow>[]>;
  count(accountId: string): Promise<number>;
  /** What fires it counts from `nowMs` on; another condition or threshold makes it an alert that has not fired. */
  update(accountId: string, publicId: string, change: AlertChange, nowMs: number): Promise<void>;
  /** Whether there was such an alert. Its events stay. */
  remove(accountId: string, publicId: string): Promise<boolean>;
  /** Events after one of them, oldest first; of one alert, if its number is given. */
  events(accountId: string, query: { alertId?: number; after: number; limit: number }): Promise<AlertEventRow[]>;
}

export type EndpointStatus = "pending" | "enabled" | "disabled";

export interface EndpointRow {
  id: number;
  publicId: string;
  accountId: string;
  url: string;
  /** null: all. */
  eventTypes: string[] | null;
  status: EndpointStatus;
  disabledReason: string | null;
  health: EndpointHealth;
  note: string | null;
  createdAtMs: number;
}

export type NewEndpoint = Pick<EndpointRow, "publicId" | "accountId" | "url" | "eventTypes" | "note">;

export interface EndpointChange {
  url?: string;
  eventTypes?: string[] | null;
  status?: EndpointStatus | "deleted";
  disabledReason?: string | null;
  health?: EndpointHealth;
  note?: string | null;
}

export interface DeliveryRow {
  id: number;
  eventId: number;
  endpointId: string;
  type: string;
  status: "due" | "delivered" | "failed";
  attempts: number;
  dueAtMs: number;
  createdAtMs: number;
  finishedAtMs: number | null;
  log: AttemptRow[];
}

export interface AttemptRow {
  n: number;
  atMs: number;
  status: number | null;
  error: string | null;
  durationMs: number;
}

export interface WebhookRows {
  /** Secrets are encrypted where they are stored. */
  insert(endpoint: NewEndpoint, secret: string, nowMs: number): Promise<void>;
  find(accountId: string, publicId: string): Promise<EndpointRow | undefined>;
  list(accountId: string): Promise<EndpointRow[]>;
  update(endpoint: EndpointRow, change: EndpointChange, nowMs: number): Promise<void>;
  /** The secret so far goes on signing beside the new one until an instant. */
  rotate(endpoint: EndpointRow, secret: string, previousUntilMs: number): Promise<void>;
  /** Makes a `webhook.ping` due at once. */
  ping(endpoint: EndpointRow, nowMs: number): Promise<void>;
  /** Makes events since an instant due that were not delivered; at most `limit`. Returns how many. */
  replay(endpoint: EndpointRow, sinceMs: number, limit: number, nowMs: number): Promise<number>;
  /** Newest first, before one of them, with their attempts. */
  deliveries(endpoint: EndpointRow, before: number | undefined, limit: number): Promise<DeliveryRow[]>;
  /** Makes a delivery due at once, if its webhook takes it; undefined if the account has none of this number. */
  retry(accountId: string, id: number, nowMs: number): Promise<DeliveryRow | "disabled" | "pending" | undefined>;
}
