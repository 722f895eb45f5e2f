import { z } from "@hono/zod-openapi";
import { MAX_WINDOW, type Metric, parseMetric } from "../../alerts/metric.ts";
import { MAX_THRESHOLD_DIGITS, THRESHOLD_DECIMALS, thresholdText, thresholdUnits } from "../../alerts/scaled.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import { EXAMPLE } from "../../providers/examples.ts";
import { ApiFailure, invalidParameter } from "../failure.ts";
import type { AlertEventRow, AlertRow, Watched, WebhookRows } from "./alerts-rows.ts";
import { instant, instantOf } from "./fields.ts";
import { eventType } from "./webhooks-fields.ts";

/** What the endpoints of alerts share: fields of their input and output, and what they mean. */

const MAX_COOLDOWN_SECONDS = 366 * 86_400;
const MAX_NOTE_LENGTH = 200;
export const MAX_ENDPOINTS = 20;
const MAX_PAGE = 500;
const DEFAULT_PAGE = 100;

const KINDS = ["rate", "change", "stale"] as const;
const CONDITIONS = ["above", "below"] as const;
const PAIR = /^[A-Za-z]{3}\/[A-Za-z]{3}$/;
const THRESHOLD = new RegExp(`^-?(?:0|[1-9]\\d{0,${MAX_THRESHOLD_DIGITS - 1}})(?:\\.\\d{1,${THRESHOLD_DECIMALS}})?$`);

export const idParameter = (example: string) =>
  z.strictObject({ id: z.string().max(100, "must have at most 100 characters").openapi({ example }) });

/** Where a list goes on, and how long it is. */
export const pageQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "must be `next` of an earlier response")
    .transform(Number)
    .default(0)
    .openapi({ type: "integer", description: "`next` of an earlier response." }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${MAX_PAGE}`)
    .transform(Number)
    .refine((limit) => limit <= MAX_PAGE, `must be a whole number from 1 to ${MAX_PAGE}`)
    .default(DEFAULT_PAGE)
    .openapi({ type: "integer" }),
});

/** What can be set again later. */
export const settable = {
  condition: z.enum(CONDITIONS, "must be above or below"),
  threshold: z
    .string('must be a decimal as text, such as "17.50"')
    .regex(
      THRESHOLD,
      `must be a decimal as text, with at most ${MAX_THRESHOLD_DIGITS} digits before and ${THRESHOLD_DECIMALS} after the point`,
    )
    .openapi({ example: "17.50" }),
  cooldown_seconds: z
    .int("must be a whole number")
    .min(0, "must not be negative")
    .max(MAX_COOLDOWN_SECONDS, `must be at most ${MAX_COOLDOWN_SECONDS}`)
    .openapi({ description: "After firing, it does not fire again for so long.", example: 3_600 }),
  endpoints: z
    .array(z.string().max(40), "must be a list of ids")
    .min(1, "must name at least one")
    .max(MAX_ENDPOINTS, `must name at most ${MAX_ENDPOINTS}`)
    .nullable()
    .openapi({ description: "Webhooks that are told; null: all of the account." }),
  note: z
    .string("must be text")
    .max(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`)
    .nullable()
    .openapi({ description: "Delivered with each event." }),
};

export const watched = {
  kind: z.enum(KINDS, "must be rate, change or stale").openapi({
    description:
      "The rate, its change in percent over `window` fixings, or how many publications a provider has missed.",
  }),
  pair: z
    .string("must be text")
    .regex(PAIR, "must be two currency codes, such as USD/MXN")
    .openapi({ example: "USD/MXN" }),
  window: z
    .int("must be a whole number")
    .min(1, `must be from 1 to ${MAX_WINDOW}`)
    .max(MAX_WINDOW, `must be from 1 to ${MAX_WINDOW}`)
    .openapi({ description: "Fixings back that a change is measured against; 1 by default.", example: 1 }),
  provider: z.string("must be text").max(20, "must be the id of a provider").openapi({ example: EXAMPLE.provider }),
};

export const alertResponse = () =>
  z
    .object({
      id: z.string(),
      kind: z.enum(KINDS),
      pair: z.string().optional(),
      window: z.int().optional(),
      provider: z.string().optional(),
      condition: z.enum(CONDITIONS),
      threshold: z.string().openapi({ example: "17.5" }),
      cooldown_seconds: z.int(),
      endpoints: z.array(z.string()).nullable(),
      note: z.string().nullable(),
      state: z.enum(["armed", "fired", "off"]).openapi({
        description: "fired: armed again by the first value at which the condition does not hold.",
      }),
      created_at: instant(),
      last_fired_at: instant().nullable(),
    })
    .openapi("Alert");

export const eventsResponse = () =>
  z
    .object({
      events: z.array(
        z
          .object({
            id: z.int(),
            type: eventType(),
            timestamp: instant(),
            data: z.record(z.string(), z.unknown()),
          })
          .openapi("AccountEvent"),
      ),
      next: z.int().openapi({ description: "Where to go on: `after` of the next request." }),
    })
    .openapi("AccountEvents");

export interface WatchedInput {
  kind: (typeof KINDS)[number];
  pair?: string | undefined;
  window?: number | undefined;
  provider?: string | undefined;
}

/** What an alert watches, and where its values come from. Throws the failure that names the wrong field. */
export function watchedOf({ kind, pair, window, provider }: WatchedInput, catalogue: Catalogue): Watched {
  const without = (name: string, value: unknown) => {
    if (value !== undefined) throw invalidParameter(name, `is not used with kind ${kind}`);
  };
  if (kind === "stale") {
    without("pair", pair);
    without("window", window);
    if (provider === undefined) throw invalidParameter("provider", "is required with kind stale");
    const found = catalogue.findProvider(provider);
    if (found === undefined || found.isPrivate)
      throw invalidParameter("provider", `must be one of ${catalogue.providers.map(({ id }) => id).join(", ")}`);
    return { metric: { kind, provider }, provider: found };
  }
  without("provider", provider);
  if (pair === undefined) throw invalidParameter("pair", `is required with kind ${kind}`);
  const [base = "", quote = ""] = pair.toUpperCase().split("/");
  const route = base === quote ? undefined : catalogue.route(base, quote);
  if (route === undefined || route.series.length === 0 || route.legs.length === 0)
    throw invalidParameter("pair", "is not served, or never changes; GET /currencies lists what is");
  if (kind === "change") return { metric: { kind, window: window ?? 1, base, quote }, route };
  without("window", window);
  return { metric: { kind, base, quote }, route };
}

/** The threshold in whole units; that of a rate must be positive. */
export function unitsOf(threshold: string, kind: Metric["kind"]): bigint {
  const units = thresholdUnits(threshold);
  if (kind === "rate" && units <= 0n) throw invalidParameter("threshold", "must be greater than 0");
  if (kind === "stale" && units < 0n) throw invalidParameter("threshold", "must not be negative");
  return units;
}

/** Throws unless the account has all of these webhooks. */
export async function requireEndpoints(webhooks: WebhookRows, accountId: string, ids: string[] | null): Promise<void> {
  if (ids === null) return;
  const known = new Set((await webhooks.list(accountId)).map(({ publicId }) => publicId));
  const index = ids.findIndex((id) => !known.has(id));
  if (index >= 0) throw invalidParameter(`endpoints.${index}`, "is not one of your webhooks");
}

export function alertOf(row: AlertRow) {
  const metric = parseMetric(row.metric);
  if (metric === undefined) throw new RangeError(`unknown metric ${row.metric}`);
  return {
    id: row.publicId,
    kind: metric.kind,
    ...(metric.kind !== "stale" ? { pair: `${metric.base}/${metric.quote}` } : { provider: metric.provider }),
    ...(metric.kind === "change" && { window: metric.window }),
    condition: row.direction,
    threshold: thresholdText(row.threshold),
    cooldown_seconds: row.cooldownMs / 1_000,
    endpoints: row.endpointIds,
    note: row.note,
    state: row.state,
    created_at: instantOf(row.createdAtMs),
    last_fired_at: row.lastFiredAtMs === null ? null : instantOf(row.lastFiredAtMs),
  };
}

/** A page of a list, of which one row more was read than a page has; `next` is null if that was not there. */
export function pageOf<Row extends { id: number }>(found: readonly Row[], limit: number) {
  const page = found.slice(0, limit);
  return { page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** A page of events; `after` was asked for. */
export function eventsOf(rows: readonly AlertEventRow[], after: number) {
  const events = rows.map(({ id, body }) => ({ id, ...(JSON.parse(body) as EventBody) }));
  return { events, next: rows.at(-1)?.id ?? after };
}

interface EventBody {
  type: "alert.triggered" | "endpoint.disabled";
  timestamp: string;
  data: Record<string, unknown>;
}

export const noAlert = () => new ApiFailure({ code: "object_not_found", what: "alert" });
