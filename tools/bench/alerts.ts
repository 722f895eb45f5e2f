import { sql } from "drizzle-orm";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { evaluate } from "../../origin/alerts/evaluate.ts";
import { readCommandLine, wholeNumber } from "../../origin/command-line.ts";
import { openStore } from "../../origin/store/open.ts";
import { rowsOf } from "../../origin/store/sql-session.ts";

/** How long an observation takes against many alerts: one that fires none, one that fires about a thousand. */
const USAGE = `Usage: npx node tools/bench/alerts.ts [--alerts 1000000] [--database file::memory:]
The database is filled with alerts on USD/MXN, half of them above and half below, from 15 to 20 pesos, and must be empty.`;
const { values } = readCommandLine(USAGE, {
  alerts: { type: "string", default: "1000000" },
  database: { type: "string", default: "file::memory:" },
});
const count = wholeNumber("alerts", values.alerts);
const ROWS = 2_000;
const SERIES = "banxico.SF43718";
const DAY_MS = 86_400_000;
const startMs = Date.parse("2026-11-02T18:00:00Z");

const store = await openStore(values.database);
await store.migrate();
const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["banxico"] });
let day = 0;

async function publish(value: string): Promise<{ ms: number; fired: number }> {
  const nowMs = startMs + day * DAY_MS;
  const date = new Date(nowMs).toISOString().slice(0, 10);
  day++;
  await store.commit(
    {
      batch_id: `bench-${day}`,
      provider: "banxico",
      fetched_at: new Date(nowMs).toISOString(),
      series: SERIES,
      year: 2026,
      complete: null,
      based_on: null,
      observations: [[date, value]],
    },
    nowMs,
  );
  const beganMs = performance.now();
  const { fired } = await evaluate({ store, catalogue, now: () => nowMs }, DAY_MS);
  return { ms: performance.now() - beganMs, fired };
}

await publish("17.5000");
await store.transaction("fill", async (session) => {
  await session.run(sql`INSERT INTO alert_metrics (metric, first_source, date, version, value)
    SELECT 'rate:USD/MXN', ${SERIES}, MAX(date), MAX(seq), '17.5000' FROM observations`);
});
for (let first = 0; first < count; first += ROWS)
  await store.transaction("fill", async (session) => {
    const rows = Array.from({ length: Math.min(ROWS, count - first) }, (_, index) => {
      const n = first + index;
      const direction = n % 2 === 0 ? 1 : -1;
      const threshold = 1_500_000_000 + Math.floor((n * 500_000_000) / count);
      // What holds already has fired.
      const state = (direction === 1 ? threshold < 1_750_000_000 : threshold > 1_750_000_000) ? 0 : 1;
      return [`alt_${n}`, `acc_${n % 1_000}`, "rate:USD/MXN", direction, threshold, state, 0, 0, 0];
    });
    await session.run(sql`INSERT INTO alerts
      (public_id, account_id, metric, direction, threshold, state, cooldown_ms, ready_at_ms, created_at_ms)
      VALUES ${rowsOf(rows)}`);
  });

const step = (5 * 2_000) / count;
for (const [what, value] of [
  ["nothing flips", "17.5000"],
  ["nothing flips again", "17.5000"],
  ["about 1,000 fire", (17.5 + step).toFixed(4)],
  ["about 1,000 the other way", "17.5000"],
  ["nothing flips at the end", "17.5000"],
] as const) {
  const { ms, fired } = await publish(value);
  console.log(`${what.padEnd(28)} ${ms.toFixed(1).padStart(8)} ms   ${fired} fired of ${count}`);
}
await store.close();
