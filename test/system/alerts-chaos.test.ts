import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isNews } from "#core/live/message.ts";
import type { RateEvent } from "#core/wire/events.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { type MariaDb, query, startMariaDb } from "../../tools/servers/mariadb.ts";
import { accountToken } from "./account-world.ts";

/**
 * Alerts while parts die between a value's commit and the end of its webhook's call. The edge's process holds the worker, its
 * hubs and the deliverer. Statements of the origin, one after the other, are test/origin/store-alerts.conformance.ts.
 */

const FIX = "SF43718";
const TEST_TIMEOUT_MS = 600_000;
/** Bank days, each with a strike. */
const DATES = "04 05 06 07 08 11 13 14 15 18 19 20 21 22 26 27".split(" ").map((day) => `2023-12-${day}`);
/** In turn: every publication crosses the threshold of one of two alerts. */
const VALUES = ["17.4000", "17.6000"] as const;
const THRESHOLD = "17.50";

/** Breakers that look again soon. */
const SOON_AGAIN = { BREAKER_OPEN_MS: "2000", BREAKER_PROBE_MS: "1000" };

/** How far a value has come when a part dies; `called`: the receiver has not answered yet. */
const STEPS = ["published", "stored", "fired", "called"] as const;
/** Streams tell nothing of the first dates, which are weeks late: live.test.ts has their parts, the origin and Redis. */
const STRIKES = (["origin", "redis", "edge", "database"] as const).flatMap((part) =>
  STEPS.map((step) => ({ part, step })),
);

let folder: string;
let mariadb: MariaDb;
let databaseUrl: string;
let system: System;
/** Good for ten minutes, as long as the test may take. */
let token: string;
const observations: { type: string; series: string; date: string; value: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paridad-alerts-chaos-"));
  const csvFile = join(folder, "fix.csv");
  await writeFile(csvFile, "date,value\n2023-11-30,17.6100\n2023-12-01,17.6000\n");
  mariadb = await startMariaDb();
  databaseUrl = await mariadb.createDatabase();
  system = await System.start({
    csvFile,
    databaseUrl,
    withReceiver: true,
    vars: { ...PATIENT, ...SOON_AGAIN },
    isUnlimited: true,
  });
  await system.tick();
  await until("the FIX is stored", async () => (await system.stored(`banxico.${FIX}`)).length === 2);
  token = await accountToken(system);
});
afterAll(async () => {
  await system?.stop();
  await mariadb?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A call of the private API at the origin, which answers whatever else is away. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { origin } = system.stack.urls;
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

const fired = async () =>
  (await call<{ events: { id: number; data: { date: string } }[] }>("GET", "/alerts/events")).events;
const received = async () => {
  const all = (await (await fetch(`${system.stack.urls.receiver}/received`)).json()) as {
    id: string;
    type: string;
    verified: boolean;
    data: { date: string };
  }[];
  return all.filter(({ type }) => type === "alert.triggered");
};
const isStored = async (date: string) => (await system.stored(`banxico.${FIX}`)).some(([day]) => day === date);

async function publish(date: string, value: string): Promise<void> {
  observations.push({ type: "observation", series: FIX, date, value });
  await system.faults("banxico", observations);
  await system.forgetSchedule().catch(() => undefined);
}

/** The next call gets no answer. */
async function receiverHangs(): Promise<void> {
  const faults = JSON.stringify([{ kind: "hang", times: 1 }]);
  await fetch(`${system.stack.urls.receiver}/__faults`, { method: "PUT", body: faults });
}

/** Fires the cron until something is true: what was interrupted goes on by itself, a minute later at most. */
const ticking = (what: string, check: () => Promise<boolean>) =>
  until(what, async () => {
    await system.stack.tick().catch(() => false);
    return check().catch(() => false);
  });

/** Follows what is published and the account's events, with a new ticket and the last position whenever the connection ends. */
function follow(): { rates: number[]; alerts: number[]; close: () => void } {
  const [rates, alerts]: [number[], number[]] = [[], []];
  let position = "";
  let source: EventSource | undefined;
  let isOpen = true;
  const again = () => isOpen && setTimeout(() => void connect().catch(again), 300);
  const connect = async () => {
    const { ticket } = await call<{ ticket?: string }>("POST", "/stream/tickets");
    if (ticket === undefined) throw new Error("no ticket");
    source = new EventSource(
      `${system.stack.urls.edge}/api/v1/stream?ticket=${ticket}${position && `&after=${position}`}`,
    );
    const on = (type: string, ids?: number[]) =>
      source?.addEventListener(type, ({ data, lastEventId }) => {
        position = lastEventId;
        ids?.push((JSON.parse(data) as { id: number }).id);
      });
    on("hello");
    on("rate.published", rates);
    on("alert.triggered", alerts);
    source.addEventListener("error", () => {
      source?.close();
      again();
    });
  };
  void connect().catch(again);
  return {
    rates,
    alerts,
    close: () => {
      isOpen = false;
      source?.close();
    },
  };
}

/** Kills a part, and once more while what it has interrupted begins to go on. */
async function killTwice(part: (typeof STRIKES)[number]["part"]): Promise<void> {
  const { kill, start } =
    part === "database"
      ? { kill: mariadb.kill, start: mariadb.restart }
      : { kill: () => system.stack.parts[part].kill(), start: () => system.stack.parts[part].start() };
  await kill();
  await start();
  const tick = system.stack.tick().catch(() => false);
  await kill();
  await tick;
  await start();
}

/** As if the two minutes had passed after which a call that was not reported is made again. */
const endLeases = () => query(databaseUrl, "UPDATE deliveries SET due_at_ms = 0 WHERE status = 0");

test("each crossing has one event and calls under one id, whichever part dies at whichever step", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  await call("POST", "/webhooks", { url: `${system.stack.urls.receiver}/hook` });
  for (const condition of ["below", "above"])
    await call("POST", "/alerts", { pair: "USD/MXN", condition, threshold: THRESHOLD });
  const enabled = async () => (await call<{ webhooks: { status: string }[] }>("GET", "/webhooks")).webhooks[0]?.status;
  await ticking("the webhook is enabled", async () => (await enabled()) === "enabled");
  const reader = follow();

  for (const [index, { part, step }] of STRIKES.entries()) {
    const date = DATES[index] as string;
    const calls = async () => (await received()).filter(({ data }) => data.date === date).length;
    if (step === "called") await receiverHangs();
    await publish(date, VALUES[index % 2] as string);
    if (step === "published") await system.stack.tick().catch(() => false);
    if (step === "stored") await ticking(`${date} is stored`, () => isStored(date));
    if (step === "fired") await ticking(`${date} has fired`, async () => (await fired()).length === index + 1);
    if (step === "called") await ticking(`${date} is called`, async () => (await calls()) > 0);
    await killTwice(part);
    await system.forgetSchedule();
    await endLeases();
    await ticking(
      `${date} is delivered after ${part} died when it was ${step}`,
      async () => (await calls()) > (step === "called" ? 1 : 0),
    );
  }

  await ticking("the reader has all", async () => reader.alerts.length >= STRIKES.length);
  reader.close();
  const events = await fired();
  expect(events.map(({ data }) => data.date)).toEqual(DATES);
  expect(reader.alerts).toEqual(events.map(({ id }) => id));
  const calls = await received();
  expect(calls.every(({ verified }) => verified)).toBe(true);
  const callsById = [...Map.groupBy(calls, ({ id }) => id).values()];
  expect(callsById.map((same) => [...new Set(same.map(({ data }) => data.date))])).toEqual(DATES.map((date) => [date]));
  const authorization = { Authorization: `Bearer ${LOCAL.edgeToken}` };
  const log = JSON.parse((await system.origin(`/internal/events?series=banxico.${FIX}`, authorization)).body) as {
    events: RateEvent[];
  };
  const newest = log.events.slice(-DATES.length);
  expect(newest.map(({ type, data }) => `${type} ${data.date}`)).toEqual(DATES.map((date) => `rate.published ${date}`));
  expect(log.events).toHaveLength(2 + DATES.length);
  const news = newest.filter(isNews).map(({ seq }) => seq);
  expect(news.length).toBeGreaterThanOrEqual(STEPS.length * 2);
  expect(reader.rates).toEqual(news);
});
