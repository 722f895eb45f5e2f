import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createParidad, type StreamOptions } from "../../client/src/index.ts";
import { EventStreamParser } from "../../client/src/sse.ts";
import { LocalApp } from "./local-app.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await LocalApp.start();
});
afterEach(() => {
  vi.useRealTimers();
  app.reset();
});
afterAll(() => app.stop());

/** A rate as the stream sends it. */
function published(id: number, rate: string): string {
  const data = { type: "rate.published", id, series: "banxico.SF43718", base: "USD", quote: "MXN", rate };
  return `id: ${id}\nevent: rate.published\ndata: ${JSON.stringify(data)}\n\n`;
}

const HELLO = 'event: hello\ndata: {"latest":1041,"heartbeat_seconds":25}\n\n';

/** Responds to the next connections, each with text in pieces; a connection without an end stays open. */
function connections(...all: (Response | { pieces: string[]; staysOpen?: boolean })[]): void {
  app.intercept = () => {
    const next = all.shift();
    if (next === undefined || next instanceof Response) return next ?? new Response(null, { status: 500 });
    const { pieces, staysOpen = false } = next;
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        if (!staysOpen) controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
}

/** Reads events until there are so many, with waits that take no time. */
async function read(count: number, options: StreamOptions = {}) {
  const waits: number[] = [];
  const states: string[] = [];
  const events = [];
  const stream = createParidad({ baseUrl: app.url }).stream({
    wait: async (ms) => void waits.push(ms),
    onState: (state) => states.push(state),
    ...options,
  });
  for await (const event of stream) if (events.push(event) === count) break;
  return { events, waits, states };
}

describe("the stream", () => {
  test("says hello, then each rate as it is published", async () => {
    connections({ pieces: [HELLO, published(1042, "17.0638")], staysOpen: true });
    const { events, states } = await read(2, { pairs: ["USD/MXN", "EUR/MXN"] });
    expect(events).toMatchObject([
      { type: "hello", latest: 1041 },
      { type: "rate.published", rate: "17.0638", lastEventId: "1042" },
    ]);
    expect(states).toEqual(["open"]);
    expect(app.targets).toEqual(["/api/v1/stream?pairs=USD%2FMXN%2CEUR%2FMXN"]);
    expect(app.requests[0]?.headers.get("Accept")).toBe("text/event-stream");
  });

  test("tells what a provider took back", async () => {
    const data = JSON.stringify({ id: 1043, base: "USD", quote: "MXN", rate: null, previous: "17.0638" });
    connections({ pieces: [`id: 1043\nevent: rate.withdrawn\ndata: ${data}\n\n`], staysOpen: true });
    const [event] = (await read(1)).events;
    // By the type, which the compiler checks.
    expect(event?.type === "rate.withdrawn" && [event.rate, event.previous]).toEqual([null, "17.0638"]);
  });

  test("is opened again after the last event, when the server wants it", async () => {
    connections(
      { pieces: ["retry: 2500\n", published(1042, "17.1"), "id: 1043\nevent: rate.pub"] },
      { pieces: [published(1043, "17.2")], staysOpen: true },
    );
    const { events, waits, states } = await read(2);
    expect(events.map(({ lastEventId }) => lastEventId)).toEqual(["1042", "1043"]);
    expect(waits).toEqual([2500]);
    expect(states).toEqual(["open", "lost", "open"]);
    expect(app.requests.map(({ headers }) => headers.get("Last-Event-ID"))).toEqual([null, "1042"]);
  });

  test("begins where the caller left it, and does not repeat what comes twice", async () => {
    connections({ pieces: [published(7, "17.1"), published(8, "17.2")], staysOpen: true });
    const { events } = await read(1, { lastEventId: "7" });
    expect(events).toMatchObject([{ rate: "17.2" }]);
    expect(app.requests[0]?.headers.get("Last-Event-ID")).toBe("7");
  });

  test("passes on that events were missed", async () => {
    connections({ pieces: ["event: resync\ndata: {}\n\n"], staysOpen: true });
    expect((await read(1)).events).toEqual([{ type: "resync", lastEventId: "" }]);
  });

  test("waits as long as a full server wants, and longer each time that there is none", async () => {
    const full = new Response("{}", { status: 503, headers: { "Retry-After": "9" } });
    const away = () => new Response(null, { status: 502 });
    connections(full, away(), away(), { pieces: [HELLO], staysOpen: true });
    const { waits } = await read(1);
    expect(waits[0]).toBe(9000);
    expect(waits[1]).toBeGreaterThanOrEqual(1000);
    expect(waits[2]).toBeGreaterThanOrEqual(2000);
  });

  test("throws if the request is refused", async () => {
    await expect(read(1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is given up when it is silent for too long", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    connections({ pieces: [HELLO], staysOpen: true }, { pieces: [published(1, "17")], staysOpen: true });
    const stream = createParidad({ baseUrl: app.url }).stream({ maxSilenceSeconds: 60, wait: async () => {} });
    expect((await stream.next()).value).toMatchObject({ type: "hello" });
    const next = stream.next();
    vi.advanceTimersByTime(60_000);
    expect((await next).value).toMatchObject({ rate: "17" });
    await stream.return();
  });

  test("ends when it is no longer wanted", async () => {
    connections({ pieces: [HELLO], staysOpen: true });
    const controller = new AbortController();
    const stream = createParidad({ baseUrl: app.url }).stream({ signal: controller.signal });
    await stream.next();
    controller.abort();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe("text of an event stream", () => {
  const text =
    "\uFEFF: hi\r\nid: 1\r\ndata: a\rdata:b\n\nretry: 10\nretry: x\nevent: e\nid: 2\0\ndata\n\nevent: none\n\n";
  const events = [
    { id: "1", event: "message", data: "a\nb" },
    { id: "1", event: "e", data: "" },
  ];

  test("may be cut anywhere", () => {
    for (let size = 1; size <= text.length; size++) {
      const parser = new EventStreamParser();
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(events);
      expect(parser.retryMs).toBe(10);
    }
  });
});
