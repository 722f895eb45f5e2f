import { env } from "cloudflare:workers";
import type { Hub, HubMessage } from "../../../worker/live/hub.ts";

/** What tests of live updates share: hubs, messages and readers. */

export const hubs = (env as unknown as { HUB: DurableObjectNamespace<Hub> }).HUB;

/** Hubs that no other test has, whatever their names: a log goes on over tests and files. */
export function ownHubs(): DurableObjectNamespace<Hub> {
  const space = crypto.randomUUID();
  const idFromName = (name: string) => hubs.idFromName(`${space}:${name}`);
  const get: typeof hubs.get = (id, options) => hubs.get(id, options);
  return { idFromName, get } as unknown as DurableObjectNamespace<Hub>;
}

/** A hub that no other test has. */
export async function freshHub(through = 0): Promise<DurableObjectStub<Hub>> {
  const own = ownHubs();
  const hub = own.get(own.idFromName("test"));
  await hub.publish({ kind: "history", after: through, through, messages: [] });
  return hub;
}

export function hubMessage(id: number, series = "banxico.SF43718", type = "rate.published"): HubMessage {
  return { id, type, series, text: JSON.stringify({ type, id, series }) };
}

/** A batch of messages with these numbers, which follow on `after`. */
export function batchOf(after: number, ...ids: number[]) {
  return { after, through: ids.at(-1) ?? after, messages: ids.map((id) => hubMessage(id)) };
}

export interface Reader {
  socket: WebSocket;
  /** Types and numbers of what came so far. */
  seen: [type: string, id: number][];
  /** The same as they came. */
  texts: string[];
  /** Resolves once so many messages have come. */
  until(count: number): Promise<void>;
  closed: Promise<CloseEvent>;
}

/** A reader of a socket that was opened. */
export function readerOf(socket: WebSocket): Reader {
  const seen: Reader["seen"] = [];
  const texts: string[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("message", ({ data }) => {
    const text = String(data);
    texts.push(text);
    const { type, id } = text.startsWith("{") ? JSON.parse(text) : { type: text, id: 0 };
    seen.push([type, id]);
    for (const { count, done } of waiting) if (seen.length >= count) done();
  });
  socket.accept();
  const until = (count: number) =>
    seen.length >= count ? Promise.resolve() : new Promise<void>((done) => waiting.push({ count, done }));
  return { socket, seen, texts, until, closed };
}

/** Connects to a hub. `query` as worker/live/subscription.ts writes it. */
export async function connect(hub: DurableObjectStub<Hub>, query = ""): Promise<Reader> {
  const { webSocket } = await hub.fetch(`https://hub/${query}`, { headers: { Upgrade: "websocket" } });
  if (webSocket === null) throw new Error("the hub gave no socket");
  return readerOf(webSocket);
}
