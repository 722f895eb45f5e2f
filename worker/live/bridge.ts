import { Merge, type Part } from "#core/live/merge.ts";
import { HEARTBEAT_SECONDS } from "#core/live/message.ts";
import { eventText, HEARTBEAT, retryLine, STREAM_HEADERS } from "#core/live/sse.ts";
import { ONLY_PING, POLICY_VIOLATION } from "./hub.ts";

/** A reader that takes nothing is let go with so much waiting for it; it comes back to where it was. */
const MAX_WAITING_BYTES = 1_000_000;
const NORMAL_CLOSURE = 1000;

export interface BridgeSettings {
  /** 0 to 1. */
  random: () => number;
  heartbeatMs?: number;
}

/**
 * Server-sent events from hubs' sockets, so that the hub can hibernate: an object that streams a response can't. It is only
 * by writing that the runtime notices that a reader has left, so each heartbeat also looks for that.
 */
export function eventStream(
  sockets: ReadonlyMap<Part, WebSocket>,
  { random, heartbeatMs = HEARTBEAT_SECONDS * 1_000 }: BridgeSettings,
): Response {
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval>;
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(beat);
    for (const socket of sockets.values()) closeSocket(socket);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const close = () => {
          if (isOpen) controller.close();
          end();
        };
        const write = (text: string) => {
          if (!isOpen || text === "") return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -MAX_WAITING_BYTES) close();
        };
        const merge = new Merge([...sockets.keys()]);
        for (const [part, socket] of sockets) {
          socket.addEventListener("message", ({ data }) => {
            const out = merge.take(part, String(data));
            write(out.map(({ position, type, json }) => eventText(position, type, json)).join(""));
          });
          socket.addEventListener("close", close);
          socket.addEventListener("error", close);
        }
        beat = setInterval(() => write(HEARTBEAT), heartbeatMs);
        write(retryLine(random()));
        for (const socket of sockets.values()) socket.accept();
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, { headers: STREAM_HEADERS });
}

/**
 * One WebSocket from several hubs' sockets. Its messages have a `position` besides, since their numbers are those of two logs.
 */
export function mergedSocket(sockets: ReadonlyMap<Part, WebSocket>): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  const all = [server, ...sockets.values()];
  const end = (code: number, reason: string) => {
    for (const socket of all) closeSocket(socket, code, reason);
  };
  const merge = new Merge([...sockets.keys()]);
  for (const [part, socket] of sockets)
    socket.addEventListener("message", ({ data }) => {
      for (const { position, json } of merge.take(part, String(data)))
        server.send(`{"position":"${position}",${json.slice(1)}`);
    });
  server.addEventListener("message", ({ data }) => {
    if (data === "ping") server.send("pong");
    else end(POLICY_VIOLATION, ONLY_PING);
  });
  for (const socket of all) {
    // A close without a code can't be sent on.
    socket.addEventListener("close", ({ code, reason }) =>
      end(code === 1005 || code === 1006 ? NORMAL_CLOSURE : code, reason),
    );
    socket.addEventListener("error", () => end(NORMAL_CLOSURE, ""));
    socket.accept();
  }
  return new Response(null, { status: 101, webSocket: client });
}

function closeSocket(socket: WebSocket, code = NORMAL_CLOSURE, reason = ""): void {
  try {
    socket.close(code, reason);
  } catch {
    // It has closed by itself.
  }
}
