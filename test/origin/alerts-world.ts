import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Direction } from "#core/alerts/crossing.ts";
import { metricName } from "#core/alerts/metric.ts";
import { thresholdUnits } from "#core/alerts/scaled.ts";
import { newSecret } from "#core/alerts/webhook-signature.ts";
import type { AlertRows, Watched, WebhookRows } from "#core/api/private/alerts-rows.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import type { AttemptReport } from "#core/wire/deliveries.ts";
import { claim, report } from "../../origin/alerts/delivery.ts";
import { type EvaluationDeps, evaluate } from "../../origin/alerts/evaluate.ts";
import { alertRows, webhookRows } from "../../origin/alerts/private-rows.ts";
import { SecretBox } from "../../origin/alerts/secret-box.ts";
import type { SqlSession } from "../../origin/store/sql-session.ts";
import type { Store } from "../../origin/store/store.ts";
import { NOW_MS } from "./data.ts";
import { readingOf } from "./store-readings.conformance.ts";

const catalogueOf = (providers: readonly string[]) =>
  catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: providers });
const HOUR_MS = 3_600_000;
const EVALUATION_MS = 60_000;

export interface Told {
  id: number;
  type: string;
  data: Record<string, string>;
}

/** Alerts of some accounts over a store, with a clock that is moved by hand. */
export function alertsWorld(store: Store, providers = ["banxico"]) {
  const catalogue = catalogueOf(providers);
  const clock = { ms: NOW_MS };
  const now = () => clock.ms;
  const box = new SecretBox(randomBytes(32).toString("base64"));
  const deps = { store, box, now, wallNow: now, random: () => 0.5 };
  let readings = 0;

  const rows = <T>(work: (alerts: AlertRows, webhooks: WebhookRows) => Promise<T>) =>
    store.transaction("test", (session) => work(alertRows(session), webhookRows(session, box)));

  const pair = (text = "USD/MXN", window = 0): Watched => {
    const [base = "", quote = ""] = text.split("/");
    const route = catalogue.route(base, quote);
    if (route === undefined) throw new Error(`no route ${text}`);
    return window === 0
      ? { metric: { kind: "rate", base, quote }, route }
      : { metric: { kind: "change", window, base, quote }, route };
  };

  let ids = 0;
  const alert = async (
    direction: Direction,
    threshold: string,
    { account = "acc_a", watched = pair(), cooldownMs = 0, endpointIds = null as string[] | null } = {},
  ): Promise<string> => {
    const publicId = `alt_${++ids}_${randomBytes(4).toString("hex")}`;
    const row = {
      publicId,
      metric: metricName(watched.metric),
      direction,
      threshold: thresholdUnits(threshold),
      state: "armed" as const,
      cooldownMs,
      endpointIds,
      note: null,
      createdAtMs: clock.ms,
      lastFiredAtMs: null,
    };
    await rows((alerts) => alerts.insert(account, row, watched));
    return publicId;
  };

  /** Stores values as one reading made an hour after the last. */
  const publish = async (values: readonly [string, string][], series?: string): Promise<void> => {
    clock.ms += HOUR_MS;
    const rest = { fetched_at: new Date(clock.ms).toISOString(), batch_id: `batch-${++readings}-${clock.ms}` };
    await store.commit(readingOf(values, { ...rest, ...(series !== undefined && { series }) }), clock.ms);
  };

  const evaluated = (over: EvaluationDeps["store"] = store) => evaluate({ store: over, catalogue, now }, EVALUATION_MS);

  /** What an account was told so far. */
  const told = async (account = "acc_a"): Promise<Told[]> => {
    const events = await rows((alerts) => alerts.events(account, { after: 0, limit: 100_000 }));
    return events.map(({ id, body }) => ({ id, ...JSON.parse(body) }) as Told);
  };

  const webhook = async ({ account = "acc_a", url = "https://hooks.example.org/a", isEnabled = true } = {}) => {
    const publicId = `whk_${++ids}_${randomBytes(4).toString("hex")}`;
    const secret = newSecret((count) => Uint8Array.from(randomBytes(count)));
    await rows(async (_, webhooks) => {
      const fields = { publicId, accountId: account, url, eventTypes: null, note: null };
      await webhooks.insert(fields, secret, clock.ms);
      const found = await webhooks.find(account, publicId);
      if (isEnabled && found) await webhooks.update(found, { status: "enabled" }, clock.ms);
    });
    return { publicId, secret };
  };

  const find = (publicId: string, account = "acc_a") => rows((_, webhooks) => webhooks.find(account, publicId));

  return {
    clock,
    deps,
    rows,
    pair,
    alert,
    publish,
    evaluate: evaluated,
    told,
    webhook,
    find,
    claim: async (leaseId?: string) => (await claim(deps, leaseId)).claim,
    report: (leaseId: string, results: AttemptReport[]) => report(deps, { lease_id: leaseId, results }),
    /** Removes all that earlier tests left, past the rows. */
    empty: () =>
      store.transaction("test", async (session) => {
        for (const table of TABLES) await session.run(sql`DELETE FROM ${sql.raw(table)}`);
      }),
  };
}

const TABLES = ["alerts", "alert_metrics", "alert_events", "endpoints", "deliveries", "delivery_attempts"];

/** The store, dying at the `last`-th statement from now on of any transaction; `run` says how many there were. */
export function dyingStore(store: Store, last: number): EvaluationDeps["store"] & { count: () => number } {
  let statements = 0;
  const step = async <T>(statement: () => Promise<T>): Promise<T> => {
    if (++statements > last) throw new Error("killed");
    return statement();
  };
  const dying = (session: SqlSession): SqlSession => ({
    ...session,
    select: (columns, rest) => step(() => session.select(columns, rest)),
    run: (statement) => step(() => session.run(statement)),
  });
  return {
    count: () => statements,
    transaction: (name, work) =>
      store.transaction(name, async (session) => {
        const result = await work(dying(session));
        // Killed before its commit.
        return step(async () => result);
      }),
  };
}
