import { EventSource } from "eventsource";
import { WebSocket } from "ws";
import type { RateEventPage } from "#core/wire/events.ts";
import { CLOCK, System, until } from "../dev/system.ts";
import { newestValues, send } from "../load/readers.ts";
import type { Measure } from "./findings.ts";

const READERS_PER_KIND = 1_000;
const DEPLOYMENTS = 2;
const WEBSOCKET_RETRY_MS = 500;
const FIRST_EVENT = 1;
const SECOND_MS = 1_000;

/** What all readers had: for each its ids, in the order in which they came. */
interface Audience {
  ids: number[][];
  greetings: number;
  close(): void;
}

/** A deployment of the edge under many readers, who come back by themselves: needs as many open files as there are readers, twice. */
export const deployment: Measure = {
  name: "deployment",
  title: `A deployment of the edge: ${READERS_PER_KIND} readers over SSE and as many over WebSockets come back`,
  async run({ report }) {
    const clockOffsetMs = Date.parse(CLOCK) - Date.now();
    const system = await System.start({ clockOffsetMs, isUnlimited: true, withoutPages: true });
    const nowMs = () => Date.now() + clockOffsetMs;
    const row = (what: string, value: number, unit: string, target?: { max: number }) =>
      report({ measure: "deployment", what, value, unit, ...(target && { target }) });
    try {
      await system.faults("banxico", [{ type: "unavailable" }]);
      const values = newestValues(nowMs());
      let sent = 0;
      const publish = async () => {
        const value = values[sent++];
        if (value === undefined) throw new Error("there are no more values to send");
        await send(system, value, nowMs());
        // The queue of a local edge ends with it.
        await until("the value is stored", async () => (await logAfter(system, 0)).length >= sent);
      };
      await publish();
      const audience = follow(system.stack.urls.edge, FIRST_EVENT);
      const size = 2 * READERS_PER_KIND;
      await until("all have connected", async () => audience.greetings >= size);
      for (let turn = 1; turn <= DEPLOYMENTS; turn++) {
        await publish();
        await system.stack.parts.edge.kill();
        await system.stack.parts.edge.start();
        const startedMs = performance.now();
        await publish();
        await until("all are back", async () => audience.greetings >= size * (turn + 1));
        row(`from the start to the last reader, deployment ${turn}`, (performance.now() - startedMs) / SECOND_MS, "s");
      }
      await publish();
      const wanted = await logAfter(system, FIRST_EVENT);
      await until("all have everything", async () => audience.ids.every(({ length }) => length >= wanted.length));
      const faults = audience.ids.filter((ids) => ids.join() !== wanted.join()).length;
      row(`of ${size} readers with an event missed, doubled or out of order`, faults, "readers", { max: 0 });
      audience.close();
    } finally {
      await system.stop();
    }
  },
};

async function logAfter(system: System, after: number): Promise<number[]> {
  const { body } = await system.origin(`/api/v1/events?after=${after}`);
  return (JSON.parse(body) as RateEventPage).events.map(({ seq }) => seq);
}

/** Readers with what came after an event. EventSource comes back by itself; over WebSockets as the docs page says. */
function follow(edge: string, after: number): Audience {
  const audience: Audience = { ids: [], greetings: 0, close };
  const closers: (() => void)[] = [];
  function close() {
    for (const one of closers) one();
  }
  for (let n = 0; n < READERS_PER_KIND; n++) {
    const [overSse, overSocket]: [number[], number[]] = [[], []];
    audience.ids.push(overSse, overSocket);
    const source = new EventSource(`${edge}/api/v1/stream?after=${after}`);
    source.addEventListener("hello", () => void audience.greetings++);
    source.addEventListener("rate.published", ({ lastEventId }) => void overSse.push(Number(lastEventId)));
    closers.push(
      () => source.close(),
      keepSocket(`${edge.replace("http", "ws")}/api/v1/ws`, after, overSocket, audience),
    );
  }
  return audience;
}

/** Returns what ends it. */
function keepSocket(url: string, after: number, ids: number[], audience: Audience): () => void {
  let isOpen = true;
  let socket: WebSocket;
  const connect = () => {
    socket = new WebSocket(`${url}?after=${ids.at(-1) ?? after}`);
    socket.on("message", (data) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id: number };
      if (type === "hello") audience.greetings++;
      if (type === "rate.published") ids.push(id);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => isOpen && setTimeout(connect, WEBSOCKET_RETRY_MS));
  };
  connect();
  return () => {
    isOpen = false;
    socket.terminate();
  };
}
