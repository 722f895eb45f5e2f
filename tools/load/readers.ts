import { request } from "node:http";
import { WebSocket } from "ws";
import { banxico } from "#core/providers/banxico.ts";
import { addDays, weekdayOf } from "#core/time/dates.ts";
import { DEAD_LETTERS_KEY, REPLAY_REQUESTED_KEY } from "#core/wire/keys.ts";
import { percentile } from "../chaos/load.ts";
import { type System, until } from "../dev/system.ts";
import { messageOf, type NewValue } from "./messages.ts";

/** What readers of live updates got. Lag: from the commit until a reader had the event. */
export interface ReadersReport {
  readers: number;
  events: number;
  /** By kind of connection. */
  lagMs: Record<"sse" | "socket", { p50: number; p99: number; max: number }>;
  /** Events that a reader missed, had twice, or out of order. */
  faults: number;
}

/** A reader of live updates, and what it had. */
export interface Reader {
  kind: "sse" | "socket";
  ids: number[];
  lagsMs: number[];
  close(): void;
}

/** Connections opened at once. */
const LANES = 50;
/** Days whose values are news. */
const DAYS = 10;
const FIRST_VALUE: Record<string, string> = { USD: "17.5", EUR: "19.1", JPY: "0.125", GBP: "22.4", CAD: "12.9" };

/** Connects `count` readers of each kind, then has new values published one after another. */
export async function loadReaders(system: System, count: number, nowMs: () => number): Promise<ReadersReport> {
  const kinds = Array.from({ length: 2 * count }, (_, index) => (index % 2 ? "sse" : "socket") as Reader["kind"]);
  const readers = await openReaders(system.stack.urls.edge, kinds, nowMs);
  try {
    const values = newestValues(nowMs());
    for (const value of values) {
      const before = readers[0]?.ids.length ?? 0;
      await send(system, value, nowMs());
      await until("a reader has the event", async () => (readers[0]?.ids.length ?? 0) > before);
    }
    const ids = readers[0]?.ids ?? [];
    await until("all readers have all events", async () => readers.every((reader) => reader.ids.length >= ids.length));
    const lags = (kind: Reader["kind"]) => {
      const all = readers.filter((reader) => reader.kind === kind).flatMap(({ lagsMs }) => lagsMs);
      return { p50: percentile(all, 0.5), p99: percentile(all, 0.99), max: percentile(all, 1) };
    };
    const wrong = readers.filter((reader) => reader.ids.join() !== ids.join()).length;
    const unordered = ids.filter((id, index) => id <= (ids[index - 1] ?? 0)).length;
    return {
      readers: readers.length,
      events: ids.length,
      lagMs: { sse: lags("sse"), socket: lags("socket") },
      faults: wrong + unordered + Math.abs(values.length - ids.length),
    };
  } finally {
    for (const reader of readers) reader.close();
  }
}

/** Connects readers, some at once; each has had its hello. */
export async function openReaders(
  edge: string,
  kinds: readonly Reader["kind"][],
  nowMs: () => number,
): Promise<Reader[]> {
  const readers: Reader[] = [];
  const waiting = [...kinds];
  const lane = async () => {
    for (let kind = waiting.pop(); kind; kind = waiting.pop())
      readers.push(await (kind === "sse" ? overSse : overSocket)(edge, nowMs));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return readers;
}

/** Takes a message as it comes: `at` is when the origin stored the value. */
function take(reader: Reader, json: string, nowMs: number): void {
  const { type, id, at } = JSON.parse(json) as { type: string; id: number; at: string };
  if (type !== "rate.published") return;
  reader.ids.push(id);
  reader.lagsMs.push(nowMs - Date.parse(at));
}

/** Resolves once the stream has said hello. */
function overSse(edge: string, nowMs: () => number): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const sending = request(`${edge}/api/v1/stream`, { agent: false }, (response) => {
      const reader: Reader = { kind: "sse", ids: [], lagsMs: [], close: () => response.destroy() };
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) {
          if (line === "event: hello") resolve(reader);
          if (line.startsWith("data: ")) take(reader, line.slice(6), nowMs());
        }
      });
      response.on("error", () => undefined);
      if (response.statusCode !== 200) reject(new Error(`the stream answered ${response.statusCode}`));
    });
    sending.on("error", reject).end();
  });
}

function overSocket(edge: string, nowMs: () => number): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${edge.replace("http", "ws")}/api/v1/ws`);
    const reader: Reader = { kind: "socket", ids: [], lagsMs: [], close: () => socket.terminate() };
    socket.on("error", reject).on("message", (data) => {
      resolve(reader);
      take(reader, String(data), nowMs());
    });
  });
}

/** A value for each series and each of the last bank days. */
export function newestValues(nowMs: number): NewValue[] {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const days = Array.from({ length: DAYS }, (_, index) => addDays(today, index - DAYS + 1));
  const bankDays = days.filter((day) => weekdayOf(day) !== 0 && weekdayOf(day) !== 6);
  return bankDays.flatMap((date, index) =>
    banxico.series.map(({ id, base }) => ({ series: id, date, value: `${FIRST_VALUE[base]}${10 + index}` })),
  );
}

/** Has a value published by way of the dead letters, as loadIngestion does. */
export async function send(system: System, value: NewValue, nowMs: number): Promise<void> {
  const kept_at = new Date(nowMs).toISOString();
  const letter = JSON.stringify({ kept_at, reason: "load", attempts: 1, body: messageOf(value, nowMs) });
  await system.redis("HSET", DEAD_LETTERS_KEY, `${value.series} ${value.date}`, letter);
  await system.redis("SET", REPLAY_REQUESTED_KEY, kept_at);
  await system.tick();
}
