import { createExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { createHandler, type Handler } from "../../../worker/app.ts";
import { eventStream } from "../../../worker/live/bridge.ts";
import { MAX_SOCKETS } from "../../../worker/live/hub.ts";
import { hubOf, publicShards } from "../../../worker/live/shards.ts";
import { createServices } from "../../../worker/services.ts";
import { TestClock, TestOrigin, testBindings } from "../support.ts";
import { batchOf, hubMessage, ownHubs, readerOf } from "./readers.ts";

const USD = "banxico.SF43718";
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const hubs = ownHubs();
let handle: Handler;
let position = 0;

const handlerOf = (overrides: Record<string, unknown> = {}) =>
  createHandler(
    createServices(testBindings({ HUB: hubs, HUB_SHARDS: "1", RATE_LIMITER: undefined, ...overrides }), {
      now: new TestClock().now,
      random: () => 0.5,
      fetch: new TestOrigin().fetch,
      log: () => undefined,
    }),
  );
const ask = (path: string, init: RequestInit = {}) =>
  handle(new Request(`https://paridad.example.com/api/v1${path}`, init), createExecutionContext());
const upgrade = { headers: { Upgrade: "websocket" } };

/** All hubs of a test have the same log; it goes on over the tests of this file. */
async function publish(...series: string[]): Promise<void> {
  const after = position;
  const messages = series.map((id) => hubMessage(++position, id));
  const kind = after === 0 ? ({ kind: "history" } as const) : {};
  for (const shard of publicShards(1))
    await hubOf(hubs, shard).publish({ ...kind, after, through: position, messages });
}

/** Reads a stream up to a number of bytes' worth of text. */
function textOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async until(end: string): Promise<string> {
      while (!text.includes(end)) text += (await reader.read()).value ?? expect.unreachable();
      return text;
    },
    cancel: () => reader.cancel(),
  };
}

beforeEach(async () => {
  handle = handlerOf();
  await publish(USD);
});

describe("server-sent events", () => {
  test("begin with retry and hello, then each event with its number", async () => {
    const response = await ask("/stream");
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
    const stream = textOf(response);
    await stream.until('"heartbeat_seconds":25}\n\n');
    await publish(USD);
    const text = await stream.until(`"id":${position},"series":"${USD}"}\n\n`);
    await stream.cancel();
    const start = position - 1;
    expect(text).toBe(
      [
        "retry: 8500\n\n",
        `id: ${start}\nevent: hello\ndata: {"type":"hello","id":${start},"latest":${start},"heartbeat_seconds":25}\n\n`,
        `id: ${position}\nevent: rate.published\ndata: {"type":"rate.published","id":${position},"series":"${USD}"}\n\n`,
      ].join(""),
    );
  });

  test("go on after Last-Event-ID, which wins over after, for the series of a pair", async () => {
    const start = position;
    await publish("banxico.SF46410", USD, "ecb.USD");
    const headers = { "Last-Event-ID": String(start) };
    const stream = textOf(await ask("/stream?after=0&pairs=usd/mxn", { headers }));
    const text = await stream.until(`"series":"${USD}"}`);
    await stream.cancel();
    expect(text.match(/^id: \d+$/gm)).toEqual([`id: ${start}`, `id: ${start + 2}`]);
  });

  test("of a request that is traced or is HEAD are the same, the latter without a body", async () => {
    const traced = await ask("/stream", { headers: { Traceparent: TRACE } });
    expect(traced.status).toBe(200);
    await traced.body?.cancel();
    const head = await ask("/stream", { method: "HEAD" });
    expect([head.status, head.headers.get("Content-Type"), head.body]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
      null,
    ]);
  });

  test.each([
    ["/stream?after=-1", "after"],
    ["/stream?after=1&after=2", "after"],
    ["/stream?types=rate.quarantined", "types"],
    ["/stream?series=banxico.NONE", "series"],
    ["/stream?series=exchangerate-api.EUR", "series"],
    ["/stream?pairs=USDMXN", "pairs"],
    ["/stream?pairs=USD/XXX", "pairs"],
    ["/stream?pair=USD/MXN", "pair"],
  ])("%s is refused", async (path, parameter) => {
    const response = await ask(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_parameter", errors: [{ parameter }] });
  });

  test("a Last-Event-ID that is none of ours is refused", async () => {
    const response = await ask("/stream", { headers: { "Last-Event-ID": "x" } });
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ parameter: "Last-Event-ID" }] });
  });

  test("without hubs, say that there is no room", async () => {
    handle = handlerOf({ HUB: undefined });
    const response = await ask("/stream");
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(await response.json()).toMatchObject({ code: "too_many_connections" });
    // A reader who comes back would give up at that.
    const again = await ask("/stream", { headers: { "Last-Event-ID": "1" } });
    expect([again.status, again.headers.get("Content-Type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(await again.text()).toMatch(/^retry: \d+\n\n$/);
  });

  test("a beat comes while nothing happens, and a reader who leaves takes the socket along", async () => {
    const { 0: client, 1: server } = new WebSocketPair();
    const hub = readerOf(server);
    const stream = textOf(eventStream(new Map([["public", client]]), { random: () => 0, heartbeatMs: 1 }));
    await stream.until("retry: 2000\n\n: keep-alive\n\n: keep-alive\n\n");
    await stream.cancel();
    expect((await hub.closed).code).toBe(1000);
  });

  test("of two hubs carry one position, and begin once both have said where they are", async () => {
    const [ofAll, ofAccount] = [new WebSocketPair(), new WebSocketPair()];
    const sockets = new Map<"public" | "account", WebSocket>([
      ["public", ofAll[0]],
      ["account", ofAccount[0]],
    ]);
    const stream = textOf(eventStream(sockets, { random: () => 0 }));
    for (const pair of [ofAll, ofAccount]) pair[1].accept();
    const send = (pair: { 1: WebSocket }, type: string, id: number) => pair[1].send(JSON.stringify({ type, id }));
    send(ofAll, "hello", 1040);
    send(ofAll, "rate.published", 1042);
    send(ofAccount, "hello", 880);
    await stream.until("1042.880");
    send(ofAccount, "alert.triggered", 883);
    const text = await stream.until("alert.triggered");
    await stream.cancel();
    expect(text.match(/^(id|event): .+$/gm)).toEqual([
      "id: 1040.880",
      "event: hello",
      "id: 1042.880",
      "event: rate.published",
      "id: 1042.883",
      "event: alert.triggered",
    ]);
  });

  test("a reader who takes nothing is let go", async () => {
    const { 0: client, 1: server } = new WebSocketPair();
    const hub = readerOf(server);
    const response = eventStream(new Map([["public", client]]), { random: () => 0 });
    server.send(JSON.stringify({ type: "hello", id: 0 }));
    const text = JSON.stringify({ type: "rate.published", id: 1, padding: "x".repeat(100_000) });
    for (let sent = 0; sent < 15; sent++) server.send(text);
    await hub.closed;
    await response.body?.cancel();
  });
});

describe("WebSockets", () => {
  test("send the same messages, also to a request that is traced", async () => {
    const start = position;
    await publish(USD);
    const response = await ask(`/ws?after=${start}`, { headers: { ...upgrade.headers, Traceparent: TRACE } });
    expect(response.status).toBe(101);
    const reader = readerOf(response.webSocket as WebSocket);
    await reader.until(2);
    expect(reader.seen).toEqual([
      ["hello", start],
      ["rate.published", position],
    ]);
  });

  test("are for clients that ask for one", async () => {
    const response = await ask("/ws");
    expect([response.status, response.headers.get("Upgrade")]).toEqual([426, "websocket"]);
    expect((await ask("/ws?after=x", upgrade)).status).toBe(400);
  });
});

test("a full hub sends readers to the next one of the region", async () => {
  handle = handlerOf({ HUB_SHARDS: "2" });
  expect(MAX_SOCKETS).toBe(5_000);
  const asked: string[] = [];
  const full = {
    idFromName: (name: string) => name,
    get: (name: string) => ({
      fetch: async () => {
        asked.push(name);
        return new Response(null, { status: 503 });
      },
    }),
  };
  handle = handlerOf({ HUB: full, HUB_SHARDS: "2" });
  expect((await ask("/stream")).status).toBe(503);
  expect(asked).toEqual(["public:enam:1", "public:enam:0"]);
  await publish();
  expect(batchOf(0).messages).toEqual([]);
});
