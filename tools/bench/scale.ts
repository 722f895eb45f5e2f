import { DatabaseSync } from "node:sqlite";
import { addDays } from "#core/time/dates.ts";
import { LOCAL } from "../dev/stack.ts";
import type { Measure, Settings } from "./findings.ts";
import { productionOrigin } from "./origin-server.ts";
import { seedStore, TODAY } from "./pages.ts";
import { type Contestant, compete, type Standing } from "./rounds.ts";
import { Stage } from "./stage.ts";

/** Five series are served; the others are stored beside them, as they would be once more providers are. */
const SERIES_COUNTS = [5, 50, 500];
const YEAR_COUNTS = [1, 10, 34];
const NO_MEMORY = { PAGE_MEMORY_MS: "0" };
/** Below this exponent, growth is within the spread of the rounds. */
const NONE_MEASURABLE = 0.05;

/** How the cost of a read grows with what is stored: a read touches only its own pages. */
export const scale: Measure = {
  name: "scale",
  title:
    "Scale: processor time of a read as stored series and years grow (cost ~ n^exponent), every page from the store",
  async run(settings) {
    const stage = new Stage();
    try {
      await stage.moveTo("server");
      await atTheOrigin(stage, settings);
      await atTheEdge(stage, settings);
    } finally {
      await stage.end();
    }
  },
};

const READS: readonly { what: string; path: string; headers?: Record<string, string> }[] = [
  { what: "origin, current", path: "/api/v1/rates/current" },
  {
    what: "origin, a page for the edge",
    path: "/internal/pages/banxico.SF43718/2023",
    headers: { Authorization: `Bearer ${LOCAL.edgeToken}` },
  },
];

async function atTheOrigin(stage: Stage, settings: Settings): Promise<void> {
  const grid: { series: number; years: number; url: string; pid: number }[] = [];
  for (const series of SERIES_COUNTS) {
    for (const years of YEAR_COUNTS) {
      // The corners that tell something: all series with all years, and each beside the smallest.
      if (series === 50 && years === 10) continue;
      const file = `${await stage.folder()}/paridad.sqlite`;
      await seedStore(`file:${file}`, { years });
      multiply(file, series - 5);
      grid.push({ series, years, ...(await productionOrigin(stage, `file:${file}`, NO_MEMORY)) });
    }
  }
  for (const { what, path, headers = {} } of READS) {
    const contestants = grid.map(({ series, years, url, pid }) => ({
      name: `${series} series, ${years} years`,
      url,
      pid,
      headers,
      paths: [path],
    }));
    const standings = await compete(contestants, settings);
    const at = (wanted: Partial<(typeof grid)[number]>) =>
      grid.flatMap(({ series, years }, index) =>
        (wanted.series ?? series) === series && (wanted.years ?? years) === years
          ? [{ series, years, ...(standings[index] as Standing) }]
          : [],
      );
    tell(
      `${what}, by stored series`,
      at({ years: 34 }).map((one) => [one.series, one]),
      settings,
    );
    tell(
      `${what}, by stored years`,
      at({ series: 5 }).map((one) => [one.years, one]),
      settings,
    );
  }
}

async function atTheEdge(stage: Stage, settings: Settings): Promise<void> {
  const dates = Array.from({ length: 300 }, (_, index) => addDays(TODAY, -index));
  const paths = dates.flatMap((date) =>
    Array.from({ length: 40 }, (_, index) => `/api/v1/convert?from=USD&to=MXN&amount=${index + 1}&date=${date}`),
  );
  const contestants: Contestant[] = [];
  for (const years of YEAR_COUNTS) {
    const stack = await stage.edge({ years, isCold: true });
    contestants.push({ name: String(years), url: stack.urls.edge, pid: stack.parts.edge.pid, paths });
  }
  const standings = await compete(contestants, settings);
  tell(
    "edge, every query new, by stored years",
    standings.map((standing, index) => [YEAR_COUNTS[index] as number, standing]),
    settings,
  );
}

function tell(what: string, points: [size: number, standing: Standing][], { report }: Settings): void {
  for (const [size, { minCpuMicros, errors }] of points) {
    const note = errors > 0 ? { note: `${errors} responses were errors` } : {};
    report({ measure: "scale", what: `${what}: ${size}`, value: minCpuMicros, unit: "µs/request", ...note });
  }
  const value = exponentOf(points.map(([size, { minCpuMicros }]) => [size, minCpuMicros]));
  report({ measure: "scale", what: `${what}: exponent`, value, unit: "", target: { max: NONE_MEASURABLE } });
}

/** The slope of the line through the points in logarithms, by least squares. */
function exponentOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const above = logs.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0);
  return above / logs.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0);
}

/** Stores copies of the dollar's observations under other series' names. */
function multiply(file: string, copies: number): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA synchronous = OFF;
    WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ${copies})
    INSERT INTO observations (series_id, date, value, scale, revision, observed_at, batch_id)
    SELECT printf('banxico.SX%05d', n), date, value, scale, revision, observed_at, batch_id
    FROM copy, (SELECT * FROM observations WHERE series_id = 'banxico.SF43718' ORDER BY date)
    WHERE ${copies} > 0`);
  database.close();
}
