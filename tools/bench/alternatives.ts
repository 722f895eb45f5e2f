import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findCommand } from "../servers/packages.ts";
import { freePort, startServer } from "../servers/process.ts";
import { startRedis } from "../servers/redis.ts";
import { compare, type Entrant } from "./compare.ts";
import type { Measure, Settings } from "./findings.ts";
import { bundledServer, productionOrigin } from "./origin-server.ts";
import { pagesOf, seedStore, TODAY } from "./pages.ts";
import type { Stage } from "./stage.ts";

/** Debian's packages, and what tells that they are there. */
const PACKAGES = {
  python: "python3-fastapi uvicorn python3-uvloop python3-httptools python3-redis python3-hiredis redis-server",
  ruby: "puma ruby-sinatra ruby-sqlite3",
} as const;
const PROOF = {
  python: ["/usr/bin/python3", "-c", "import fastapi, uvicorn, redis.asyncio, uvloop, httptools, hiredis"],
  ruby: ["/usr/bin/ruby", "-e", 'require "puma"; require "sinatra/base"; require "sqlite3"'],
} as const;
const FOLDER = fileURLToPath(new URL("alternatives/", import.meta.url));
const SERIES = "banxico.SF43718";
const YEAR = `/api/v1/rates/historical?from=${TODAY.slice(0, 4)}-01-01&to=${TODAY}`;

/** Paridad beside what a user would write instead: the newest rate and a year of history, of the same data, on one core. */
export const alternatives: Measure = {
  name: "alternatives",
  title: "Alternatives: FastAPI on Redis, Sinatra (as Frankfurter is made) and Hono on SQLite, on one core each",
  async run(settings) {
    const has = { python: await isThere("python"), ruby: await isThere("ruby") };
    for (const [name, isInstalled] of Object.entries(has))
      if (!isInstalled) console.log(`  Left out: ${name}. apt-get install ${PACKAGES[name as keyof typeof PACKAGES]}`);
    await beside("the current rate", "/current", "/api/v1/rates/current", has, settings);
    await beside("a year of history", "/history", YEAR, has, settings);
  },
};

async function isThere(name: keyof typeof PROOF): Promise<boolean> {
  const [command, ...args] = PROOF[name];
  return promisify(execFile)(command, args).then(
    () => true,
    () => false,
  );
}

async function beside(
  what: string,
  path: string,
  ours: string,
  has: { python: boolean; ruby: boolean },
  settings: Settings,
): Promise<void> {
  const open = async (stage: Stage): Promise<Entrant[]> => {
    const database = `${await stage.folder()}/rates.sqlite`;
    const rates = fill(database);
    const entrant = (name: string, { url, pid }: { url: string; pid: number }, of = path): Entrant => ({
      name: `${what}: ${name}`,
      url,
      pid,
      paths: [of],
    });
    const entrants = [
      entrant("Hono, SQLite", await bundledServer(stage, "alternatives/hono-sqlite.ts", ["--database", database])),
    ];
    if (has.python) entrants.push(entrant("FastAPI, uvicorn, Redis", await startFastApi(stage, rates)));
    if (has.ruby) entrants.push(entrant("Sinatra, Puma, SQLite", await startSinatra(stage, database)));
    const stored = `file:${await stage.folder()}/paridad.sqlite`;
    await seedStore(stored, { years: 2 });
    entrants.push(entrant("Paridad's origin, SQLite", await productionOrigin(stage, stored), ours));
    return entrants;
  };
  await compare("alternatives", open, settings);
}

interface Rate {
  date: string;
  rate: string;
}

/** A table as simple as the other programs; returns its rows. */
function fill(path: string): Rate[] {
  const page = pagesOf({ to: TODAY, years: 1 }).find(({ series }) => series === SERIES);
  const rates = (page?.observations ?? []).map(([date, rate]) => ({ date, rate }));
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE rates (date TEXT PRIMARY KEY, rate TEXT NOT NULL) WITHOUT ROWID");
  const insert = database.prepare("INSERT INTO rates VALUES (?, ?)");
  for (const { date, rate } of rates) insert.run(date, rate);
  database.close();
  return rates;
}

async function startFastApi(stage: Stage, rates: readonly Rate[]) {
  const redis = await startRedis();
  stage.onEnd(() => redis.stop());
  const file = `${await stage.folder()}/rates.json`;
  await writeFile(file, JSON.stringify(rates));
  const args = ["-m", "uvicorn", "--app-dir", FOLDER, "--no-access-log", "--log-level", "warning", "fastapi_redis:app"];
  const environment = { REDIS_PORT: new URL(redis.url).port, RATES: file };
  return start(stage, "uvicorn", environment, (port) => ["/usr/bin/python3", ...args, "--port", String(port)]);
}

function startSinatra(stage: Stage, database: string) {
  const line = ["/usr/bin/puma", "--quiet", "--environment", "production", "--threads", "5:5"];
  const app = `${FOLDER}sinatra_sqlite.ru`;
  return start(stage, "puma", { DATABASE: database }, (port) => [...line, "--bind", `tcp://127.0.0.1:${port}`, app]);
}

async function start(
  stage: Stage,
  name: string,
  environment: Record<string, string>,
  lineOf: (port: number) => readonly string[],
): Promise<{ url: string; pid: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const server = await startServer({
    name,
    command: (await findCommand("env")) ?? "env",
    args: [...variables, ...lineOf(port)],
    dir: await stage.folder(),
    ready: async () => void (await fetch(`${url}/current`)),
  });
  stage.onEnd(() => server.stop());
  return { url, pid: server.pid };
}
