import { sql } from "drizzle-orm";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { addDays, weekdayOf } from "#core/time/dates.ts";
import { evaluate } from "../../origin/alerts/evaluate.ts";
import { openStore } from "../../origin/store/open.ts";
import { rowsOf } from "../../origin/store/sql-session.ts";
import type { Store } from "../../origin/store/store.ts";
import { startMariaDb } from "../servers/mariadb.ts";
import type { Measure, Settings } from "./findings.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";

const ALERTS = 1_000_000;
/** Each with a webhook: every alert that fires is to be delivered. */
const ACCOUNTS = 1_000;
const START = "17.5000";
/** How many a value makes fire that is a little higher, or again the first; as many are armed again. */
const FIRED = 1_000;
const HIGHER = (17.5 + (5 * 2 * FIRED) / ALERTS).toFixed(4);
const WARM_UP_TURNS = 2;
const KINDS = [
  { what: "nothing to fire", valueAt: () => START, times: 20, fires: 0, maxMs: 10 },
  {
    what: `${FIRED} fired`,
    valueAt: (turn: number) => (turn % 2 ? START : HIGHER),
    times: 10,
    fires: FIRED,
    maxMs: 250,
  },
];

const ROWS_PER_STATEMENT = 2_000;
const ROWS_PER_TRANSACTION = 20_000;
const SERIES = "banxico.SF43718";
const METRIC = "rate:USD/MXN";
const FIRST_DATE = "2026-03-02";
const DAY_MS = 86_400_000;
const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["banxico"] });

/** What the evaluation of an observation costs: by what fires, not by what exists. */
export const alerts: Measure = {
  name: "alerts",
  title: "Alerts: an observation against a million alerts, half of them above and half below, from 15 to 20 pesos",
  async run(settings) {
    const sqlite = await openStore("file::memory:");
    await measure("SQLite", sqlite, processMs, settings);
    await sqlite.close();
    const server = await startMariaDb();
    try {
      const mariadb = await openStore(await server.createDatabase());
      await measure("MariaDB", mariadb, () => usageOf(server.pid)?.cpuMs ?? Number.NaN, settings);
      await mariadb.close();
    } finally {
      await server.stop();
    }
  },
};

const processMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** `cpuMs`: processor time of the database so far; of SQLite's that includes ours. */
async function measure(database: string, store: Store, cpuMs: () => number, { report }: Settings): Promise<void> {
  await store.migrate();
  let date = FIRST_DATE;
  const publish = async (value: string) => {
    // Of a day without a fixing nothing is evaluated.
    do date = addDays(date, 1);
    while (weekdayOf(date) === 0 || weekdayOf(date) === 6);
    await commit(store, date, value);
  };
  await publish(START);
  await fill(store);
  for (const { what, valueAt, times, fires, maxMs } of KINDS) {
    const wallMs: number[] = [];
    let usedMs = 0;
    for (let turn = -WARM_UP_TURNS; turn < times; turn++) {
      await publish(valueAt(turn));
      const [beganMs, usedBeforeMs] = [performance.now(), cpuMs()];
      const { fired } = await evaluate({ store, catalogue, now: () => instantOf(date) }, DAY_MS);
      if (fired !== fires) throw new Error(`${fired} alerts fired instead of ${fires}`);
      if (turn < 0) continue;
      wallMs.push(performance.now() - beganMs);
      usedMs += cpuMs() - usedBeforeMs;
    }
    const row = (how: string, value: number, target?: { max: number }) =>
      report({ measure: "alerts", what: `${database}, ${what}: ${how}`, value, unit: "ms", ...(target && { target }) });
    row("evaluation, median", median(wallMs));
    row("processor time, mean", usedMs / times, { max: maxMs });
  }
}

const instantOf = (date: string) => Date.parse(`${date}T18:00:00Z`);

async function commit(store: Store, date: string, value: string): Promise<void> {
  const nowMs = instantOf(date);
  await store.commit(
    {
      batch_id: `bench-${date}`,
      provider: "banxico",
      fetched_at: new Date(nowMs).toISOString(),
      series: SERIES,
      year: Number(date.slice(0, 4)),
      complete: null,
      based_on: null,
      observations: [[date, value]],
    },
    nowMs,
  );
}

/** Thresholds evenly from 15 to 20 pesos; what holds at the start has fired already. */
async function fill(store: Store): Promise<void> {
  await store.transaction("fill", async (session) => {
    await session.run(sql`INSERT INTO alert_metrics (metric, first_source, date, version, value)
      SELECT ${METRIC}, ${SERIES}, MAX(date), MAX(seq), ${START} FROM observations`);
    const webhooks = Array.from({ length: ACCOUNTS }, (_, n) => {
      return [`whk_${n}`, `acc_${n}`, `https://${n}.example.com/`, "", "enabled", 0, 0, 0];
    });
    await session.run(sql`INSERT INTO endpoints
      (public_id, account_id, url, secret, status, timeouts, paused_until_ms, created_at_ms) VALUES ${rowsOf(webhooks)}`);
  });
  const rowAt = (n: number) => {
    const direction = n % 2 === 0 ? 1 : -1;
    const threshold = 1_500_000_000 + Math.floor((n * 500_000_000) / ALERTS);
    const isMet = direction === 1 ? threshold < 1_750_000_000 : threshold > 1_750_000_000;
    return [`alt_${n}`, `acc_${n % ACCOUNTS}`, METRIC, direction, threshold, isMet ? 0 : 1, 0, 0, 0];
  };
  for (let first = 0; first < ALERTS; first += ROWS_PER_TRANSACTION)
    await store.transaction("fill", async (session) => {
      for (let start = first; start < first + ROWS_PER_TRANSACTION; start += ROWS_PER_STATEMENT) {
        const rows = Array.from({ length: ROWS_PER_STATEMENT }, (_, index) => rowAt(start + index));
        await session.run(sql`INSERT INTO alerts
          (public_id, account_id, metric, direction, threshold, state, cooldown_ms, ready_at_ms, created_at_ms)
          VALUES ${rowsOf(rows)}`);
      }
    });
}
