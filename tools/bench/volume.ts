import { DatabaseSync } from "node:sqlite";
import { bdi } from "#core/providers/bdi.ts";
import { MAX_READINGS, type SeriesReading } from "#core/wire/internal.ts";
import { openStore } from "../../origin/store/open.ts";
import { LOCAL } from "../dev/stack.ts";
import { CLOCK } from "../dev/system.ts";
import { startMariaDb } from "../servers/mariadb.ts";
import type { Measure, Settings } from "./findings.ts";
import { productionOrigin, type Server } from "./origin-server.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";
import { Stage } from "./stage.ts";

/** Weekdays of a year in which no series has a value yet. */
const DAYS = ["09", "10", "11", "12", "13", "16", "17", "18", "19", "20", "23", "24", "25", "26", "27"].map(
  (day) => `2023-10-${day}`,
);
/** A full day of a provider with many currencies, all of which exist by then: an earlier value would go to quarantine. */
const SERIES = bdi.series
  .filter(({ since = bdi.firstDate }) => since <= (DAYS[0] as string))
  .slice(0, 150)
  .map(({ id }) => id);
const WARM_UP_DAYS = 5;
/** Processes that each begin with an empty database: one has garbage to collect in these days, another has not. */
const STARTS = 3;
const OBSERVATIONS = 2_000_000;
const FIRST_YEAR = 1971;
const HEADERS = { Authorization: `Bearer ${LOCAL.edgeToken}`, "Content-Type": "application/json" };

/** What many providers mean for the origin. */
export const volume: Measure = {
  name: "volume",
  title: `Volume: a provider's day of ${SERIES.length} values, and a store of ${OBSERVATIONS / 1e6} million observations`,
  async run(settings) {
    const stage = new Stage();
    try {
      await stage.moveTo("server");
      await aDay("SQLite", async () => `file:${await stage.folder()}/paridad.sqlite`, stage, settings);
      await millions(`file:${await stage.folder()}/paridad.sqlite`, stage, settings);
      await stage.moveTo("load");
      const mariadb = await startMariaDb();
      stage.onEnd(() => mariadb.stop());
      await stage.moveTo("server");
      await aDay("MariaDB", () => mariadb.createDatabase(), stage, settings);
    } finally {
      await stage.end();
    }
  },
};

/** Committed, returned as the pages that are published, and acknowledged: days one after the other. */
async function aDay(
  name: string,
  createDatabase: () => Promise<string>,
  stage: Stage,
  { report }: Settings,
): Promise<void> {
  const times: number[] = [];
  const cpu: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const days = await daysOf(await createDatabase(), stage);
    times.push(...days.times.slice(WARM_UP_DAYS));
    cpu.push(...days.cpu.slice(WARM_UP_DAYS));
  }
  const measure = "volume";
  const what = `${name}: a provider's day`;
  const value = cpu.reduce((sum, ms) => sum + ms, 0) / cpu.length;
  report({ measure, what: `${what}: processor time of the origin`, value, unit: "ms", target: { max: 24 } });
  report({ measure, what: `${what}: time`, value: median(times), unit: "ms" });
}

async function daysOf(databaseUrl: string, stage: Stage): Promise<{ times: number[]; cpu: number[] }> {
  const store = await openStore(databaseUrl);
  await store.migrate();
  await store.close();
  const origin = await productionOrigin(stage, databaseUrl, { PROVIDERS: "banxico,bdi" });
  const times: number[] = [];
  const cpu: number[] = [];
  for (const date of DAYS) {
    const before = usageOf(origin.pid);
    const beganMs = performance.now();
    for (let start = 0; start < SERIES.length; start += MAX_READINGS)
      await post(origin, { readings: SERIES.slice(start, start + MAX_READINGS).map((id) => readingOf(id, date)) });
    times.push(performance.now() - beganMs);
    cpu.push((usageOf(origin.pid)?.cpuMs ?? Number.NaN) - (before?.cpuMs ?? Number.NaN));
  }
  return { times, cpu };
}

function readingOf(series: string, date: string): SeriesReading {
  const index = SERIES.indexOf(series);
  return {
    batch_id: `${series}:${date}`,
    provider: "bdi",
    fetched_at: `${date}T16:00:00.000Z`,
    series,
    year: 2023,
    complete: null,
    based_on: null,
    observations: [[date, (1 + index + Number(date.slice(8)) / 1_000).toFixed(4)]],
  };
}

async function post({ url }: Server, body: { readings: SeriesReading[] }): Promise<void> {
  const init = { method: "POST", headers: HEADERS, body: JSON.stringify(body) };
  const response = await fetch(`${url}/internal/readings`, init);
  const { accepted } = (await response.json()) as { accepted?: number };
  if (accepted !== body.readings.length)
    throw new Error(`a day was not stored: ${response.status}, ${accepted} values`);
}

/** Memory, and what the hourly comparison transfers, with history of every series. */
async function millions(databaseUrl: string, stage: Stage, { report }: Settings): Promise<void> {
  const store = await openStore(databaseUrl);
  await store.migrate();
  await store.close();
  fill(databaseUrl.slice("file:".length));
  const origin = await productionOrigin(stage, databaseUrl, { PROVIDERS: "banxico,bdi", CLOCK_OFFSET_MS: offset() });
  const measure = "volume";
  const summary = await get(origin, "/internal/digests?providers=banxico,bdi");
  report({
    measure,
    what: "hourly comparison, of all series",
    value: summary / 1_000,
    unit: "kB",
    target: { max: 50 },
  });
  for (const id of SERIES) await get(origin, `/internal/digests?series=${id}`);
  for (const id of SERIES) await get(origin, `/internal/pages/${id}/${FIRST_YEAR}-2023`);
  for (const code of SERIES.map((id) => id.slice("bdi.".length)))
    await get(origin, `/api/v1/rates/historical?provider=bdi&base=EUR&quote=${code}&from=2004-01-01`);
  const residentMb = (usageOf(origin.pid)?.residentBytes ?? Number.NaN) / 1e6;
  const what = "resident, after digests and history of every series";
  report({ measure, what, value: residentMb, unit: "MB", target: { max: 150 } });
}

function offset(): string {
  return String(Date.parse(CLOCK) - Date.now());
}

async function get({ url }: Server, path: string): Promise<number> {
  const response = await fetch(`${url}${path}`, { headers: HEADERS });
  return (await response.arrayBuffer()).byteLength;
}

/** Past the store, which would judge each value. */
function fill(path: string): void {
  const database = new DatabaseSync(path);
  const days = Math.ceil(OBSERVATIONS / SERIES.length);
  const first = `${FIRST_YEAR}-01-01`;
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  const insert = database.prepare(`WITH RECURSIVE day(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM day WHERE n < ?)
    INSERT INTO observations (series_id, date, value, scale, revision, observed_at, batch_id)
    SELECT ?, date(?, '+' || n || ' days'), printf('%.4f', 1 + (n % 1000) / 1000.0), 4, 0, '2023-12-29T18:00:00.000Z', 'bench'
    FROM day`);
  for (const id of SERIES) insert.run(days - 1, id, first);
  database.exec("COMMIT");
  database.close();
}
