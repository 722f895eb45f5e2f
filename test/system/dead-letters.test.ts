import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Health } from "#core/api/health.ts";
import { ROOT } from "../../tools/dev/build.ts";
import { freePorts } from "../../tools/dev/ports.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { type Figures, writeFigures } from "./figures.ts";
import { Gate } from "./gate.ts";

/** An origin that refuses what it is sent: nothing is lost, everybody sees it, and one command brings it back. */
let system: System;
let gate: Gate;
let figures: Figures;
beforeAll(async () => {
  figures = await writeFigures("2023-12-29", 300);
  const port = await freePorts(4);
  gate = await Gate.start(`http://127.0.0.1:${port + 1}`);
  system = await System.start({ port, originUrl: gate.url, csvFile: figures.file, vars: PATIENT });
});
afterAll(async () => {
  await system.stop();
  await Promise.all([gate.stop(), figures.remove()]);
});

/** Five series in two years. */
const BATCHES = 10;

test("batches that the origin refuses are kept, and counted in health", async () => {
  gate.instead = ({ method, url }) =>
    method === "POST" && url === "/internal/readings" ? { status: 422, body: '{"code":"refused"}' } : undefined;
  await system.tick();
  await until("all batches are given up", async () => (await letters()) === BATCHES);
  await until("health counts them", async () => {
    const { dead_letters } = JSON.parse((await system.edge("/health")).body) as Health;
    return dead_letters === BATCHES;
  });
  const [letter] = Object.values((await hash()) as Record<string, string>);
  expect(JSON.parse(letter ?? "")).toMatchObject({ attempts: 1, reason: "origin readings: 422" });
});

test("a replay too early loses nothing", async () => {
  await replay();
  await system.tick();
  await until("the request was taken up", async () => (await system.redis("EXISTS", REQUESTED)) === 0);
  await until("they are all back", async () => (await letters()) === BATCHES);
});

test("npm run replay brings everything to the store once the origin takes it", async () => {
  gate.instead = () => undefined;
  const published = await system.publishedBySeries();
  expect(await replay()).toContain(`${BATCHES} dead letters`);
  await system.tick();
  await until("everything is stored", async () => (await system.missing(published)).length === 0);
  await until("no letter is left", async () => (await letters()) === 0);
  await until("health is good", async () => {
    const health = JSON.parse((await system.edge("/health")).body) as Health;
    return health.status === "healthy" && health.dead_letters === 0;
  });
});

const LETTERS = "paridad:v1:dead-letters";
const REQUESTED = "paridad:v1:replay-requested";

async function letters(): Promise<number> {
  return Number(await system.redis("HLEN", LETTERS));
}

async function hash(): Promise<Record<string, string>> {
  const flat = (await system.redis("HGETALL", LETTERS)) as string[];
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""]] : [])));
}

/** The command as an operator runs it. */
async function replay(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["tools/operate/replay.ts"], {
    cwd: ROOT,
    env: {
      ...process.env,
      UPSTASH_REDIS_REST_URL: system.stack.urls.redis,
      UPSTASH_REDIS_REST_TOKEN: LOCAL.redisToken,
    },
  });
  return stdout;
}
