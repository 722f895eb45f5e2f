import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";

/**
 * Alerts while parts die between a value's commit and the call of its webhook. The edge's process holds the worker, its hubs and the
 * deliverer. Statements of the origin, one after the other, are test/origin/store-alerts.conformance.ts.
 */

const FIX = "SF43718";
const TEST_TIMEOUT_MS = 600_000;
/** Bank holidays have no FIX. */
const DATES = [
  "04",
  "05",
  "06",
  "07",
  "08",
  "11",
  "13",
  "14",
  "15",
  "18",
  "19",
  "20",
  "21",
  "22",
  "26",
  "27",
  "28",
  "29",
];
const [LOW, HIGH] = ["17.4000", "17.6000"];

type Step = "published" | "stored" | "fired";
const STRIKES = (["edge", "origin", "redis"] as const).flatMap((part) =>
  (["published", "stored", "fired"] as const).map((step): [typeof part, Step] => [part, step]),
);

let folder: string;
let system: System;
let credentials: Record<string, string>;
const observations: { type: string; series: string; date: string; value: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paridad-alerts-chaos-"));
  const csvFile = join(folder, "fix.csv");
  await writeFile(csvFile, "date,value\n2023-11-30,17.6100\n2023-12-01,17.6000\n");
  system = await System.start({ csvFile, withReceiver: true, vars: PATIENT, isUnlimited: true });
  await system.tick();
  await until("the FIX is stored", async () => (await system.stored(`banxico.${FIX}`)).length === 2);
  credentials = (await (await fetch(`${system.stack.urls.receiver}/account`)).json()) as Record<string, string>;
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A call of the private API at the origin, which answers whatever else is away. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { origin } = system.stack.urls;
  const form = new URLSearchParams({ grant_type: "client_credentials", ...credentials });
  const granted = await fetch(`${origin}/api/v1/oauth/token`, { method: "POST", body: form });
  const { access_token } = (await granted.json()) as { access_token: string };
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${access_token}`,
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

/** Fires the cron until something is true: what was interrupted goes on by itself, a minute later at most. */
const ticking = (what: string, check: () => Promise<boolean>) =>
  until(what, async () => {
    await system.stack.tick().catch(() => false);
    return check().catch(() => false);
  });

/** Follows the account's events, with a new ticket and the last position whenever the connection ends. */
function follow(): { ids: number[]; close: () => void } {
  const ids: number[] = [];
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
    source.addEventListener("hello", ({ lastEventId }) => {
      position = lastEventId;
    });
    source.addEventListener("alert.triggered", ({ data, lastEventId }) => {
      position = lastEventId;
      ids.push((JSON.parse(data) as { id: number }).id);
    });
    source.addEventListener("error", () => {
      source?.close();
      again();
    });
  };
  void connect().catch(again);
  return {
    ids,
    close: () => {
      isOpen = false;
      source?.close();
    },
  };
}

test("each crossing has one event and calls under one id, whichever part dies at whichever step", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  await call("POST", "/webhooks", { url: `${system.stack.urls.receiver}/hook` });
  await call("POST", "/alerts", { pair: "USD/MXN", condition: "below", threshold: "17.50" });
  const enabled = async () => (await call<{ webhooks: { status: string }[] }>("GET", "/webhooks")).webhooks[0]?.status;
  await ticking("the webhook is enabled", async () => (await enabled()) === "enabled");
  const reader = follow();
  const crossings: string[] = [];

  for (const [index, [part, step]] of STRIKES.entries()) {
    const [low, high] = [DATES[2 * index], DATES[2 * index + 1]].map((day) => `2023-12-${day}`) as [string, string];
    crossings.push(low);
    await publish(low, LOW);
    if (step === "published") await system.stack.tick().catch(() => false);
    if (step === "stored") await ticking(`${low} is stored`, () => isStored(low));
    if (step === "fired") await ticking(`${low} has fired`, async () => (await fired()).length === crossings.length);
    const dying = system.stack.parts[part];
    await dying.kill();
    await dying.start();
    await system.forgetSchedule();
    await ticking(`${low} is delivered after ${part} died when it was ${step}`, async () =>
      (await received()).some(({ data }) => data.date === low),
    );
    await publish(high, HIGH);
    await ticking(`${high} is stored`, () => isStored(high));
  }

  await ticking("the reader has all", async () => reader.ids.length >= crossings.length);
  reader.close();
  const events = await fired();
  expect(events.map(({ data }) => data.date)).toEqual(crossings);
  expect(reader.ids).toEqual(events.map(({ id }) => id));
  const calls = await received();
  expect(calls.every(({ verified }) => verified)).toBe(true);
  const datesById = Map.groupBy(calls, ({ id }) => id);
  expect([...datesById.values()].map((same) => new Set(same.map(({ data }) => data.date)).size)).toEqual(
    crossings.map(() => 1),
  );
  const authorization = { Authorization: `Bearer ${LOCAL.edgeToken}` };
  const log = JSON.parse((await system.origin(`/internal/events?series=banxico.${FIX}`, authorization)).body) as {
    events: { type: string; data: { date: string } }[];
  };
  const dates = log.events.map(({ data }) => data.date);
  expect(dates).toEqual([...new Set(dates)]);
  expect(dates).toHaveLength(2 + 2 * STRIKES.length);
});
