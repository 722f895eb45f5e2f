import { EventSource } from "eventsource";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RateEventPage } from "#core/wire/events.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { CLOCK, PATIENT, System, until } from "../../tools/dev/system.ts";

/** Live updates through the built stack, with clients from npm: what is committed reaches every reader once, whatever dies. */

const READERS = 20;
const SERIES = ["banxico.SF43718", "banxico.SF46410", "banxico.SF46407", "banxico.SF60632"];

let system: System;
beforeAll(async () => {
  system = await System.start({ vars: PATIENT, isUnlimited: true });
  await system.fill();
  await until("the first fill is behind the hubs", async () => (await cursor()) === (await log(0)).latest);
});
afterAll(() => system.stop());

/** Ids of rates by reader, in the order in which they came. */
interface Reader {
  ids: number[];
  close(): void;
}

function overSse(from: number, host = system.stack.urls.edge): Reader {
  const ids: number[] = [];
  const source = new EventSource(`${host}/api/v1/stream?after=${from}`);
  source.addEventListener("rate.revised", ({ lastEventId }) => void ids.push(Number(lastEventId)));
  return { ids, close: () => source.close() };
}

/** As the docs page says: with the last id, after a pause. */
function overWebSocket(from: number): Reader {
  const ids: number[] = [];
  let isOpen = true;
  let socket: WebSocket;
  const connect = (after: number) => {
    socket = new WebSocket(`${system.stack.urls.edge.replace("http", "ws")}/api/v1/ws?after=${after}`);
    socket.on("message", (data) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id: number };
      if (type === "rate.revised") ids.push(id);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => isOpen && setTimeout(() => connect(ids.at(-1) ?? from), 500));
  };
  connect(from);
  return {
    ids,
    close: () => {
      isOpen = false;
      socket.terminate();
    },
  };
}

async function internal<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${system.stack.urls.origin}/internal/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${LOCAL.edgeToken}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const cursor = async () => (await internal<{ seq: number }>("cursors/hub")).seq;
const log = (after: number) => internal<RateEventPage>(`events?after=${after}&types=rate.published,rate.revised`);

let commits = 0;
/** Commits a revision past the queue: what readers are then sent comes from the log alone. */
async function revise(): Promise<void> {
  // More than five a day of one series would wait for a second reading.
  const series = SERIES[commits++ % SERIES.length] as string;
  const [date, value] = (await system.stored(series)).at(-1) as [string, string];
  await internal("readings", {
    batch_id: `live:${commits}`,
    provider: "banxico",
    fetched_at: new Date(Date.parse(CLOCK) + commits * 3_600_000).toISOString(),
    series,
    year: Number(date.slice(0, 4)),
    complete: null,
    based_on: null,
    observations: [[date, (Number(value) * 1.0001).toFixed(6)]],
  });
}

/** Fires the cron until the hubs have what the origin has. */
async function published(): Promise<void> {
  await until("the hubs have the log", async () => {
    await system.tick().catch(() => undefined);
    const { latest } = await log(0);
    return (await cursor()) === latest;
  });
}

test("every reader sees every event once, in order, across deaths of worker, origin and Redis", async () => {
  const from = await cursor();
  const readers = Array.from({ length: READERS }, (_, index) => (index % 2 ? overSse(from) : overWebSocket(from)));
  const { edge, origin, redis } = system.stack.parts;
  for (let turn = 0; turn < 2; turn++) {
    await revise();
    await published();
    for (const part of [edge, origin, redis]) {
      await revise();
      await part.kill();
      await part.start();
      await revise();
      await published();
    }
  }
  const { events } = await log(from);
  const ids = events.map(({ seq }) => seq);
  expect(ids).toHaveLength(commits);
  await until("all have arrived", async () => readers.every((reader) => reader.ids.length >= ids.length));
  for (const reader of readers) {
    expect(reader.ids).toEqual(ids);
    reader.close();
  }
});

test("the origin alone sends the same events, and the poll has them under the same numbers", async () => {
  const from = await cursor();
  const reader = overSse(from, system.stack.urls.origin);
  await revise();
  const { events } = await log(from);
  await until("it has arrived", async () => reader.ids.length > 0);
  reader.close();
  expect(reader.ids).toEqual(events.map(({ seq }) => seq));
  for (const host of [system.edge, system.origin]) {
    const { body } = await host.call(system, `/api/v1/events?after=${from}`);
    expect(JSON.parse(body)).toEqual({ events, next: from + 1, latest: from + 1 });
  }
  const socket = await system.origin("/api/v1/ws");
  expect([socket.status, JSON.parse(socket.body).detail]).toEqual([404, expect.stringContaining("/api/v1/stream")]);
});
