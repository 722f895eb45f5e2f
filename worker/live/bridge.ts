import { HEARTBEAT_SECONDS } from "#core/live/message.ts";
import { eventText, HEARTBEAT, retryLine, STREAM_HEADERS } from "#core/live/sse.ts";

/** A reader that takes nothing is let go with so much waiting for it; it comes back to where it was. */
const MAX_WAITING_BYTES = 1_000_000;
const NORMAL_CLOSURE = 1000;

export interface BridgeSettings {
  /** 0 to 1. */
  random: () => number;
  heartbeatMs?: number;
}

/**
 * Server-sent events from a hub's socket, so that the hub can hibernate: an object that streams a response can't. It is only
 * by writing that the runtime notices that a reader has left, so each heartbeat also looks for that.
 */
export function eventStream(
  socket: WebSocket,
  { random, heartbeatMs = HEARTBEAT_SECONDS * 1_000 }: BridgeSettings,
): Response {
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval>;
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(beat);
    closeSocket(socket);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const close = () => {
          if (isOpen) controller.close();
          end();
        };
        const write = (text: string) => {
          if (!isOpen) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -MAX_WAITING_BYTES) close();
        };
        socket.addEventListener("message", ({ data }) => {
          const { id, type } = JSON.parse(String(data)) as { id: number; type: string };
          write(eventText(String(id), type, String(data)));
        });
        socket.addEventListener("close", close);
        socket.addEventListener("error", close);
        beat = setInterval(() => write(HEARTBEAT), heartbeatMs);
        write(retryLine(random()));
        socket.accept();
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, { headers: STREAM_HEADERS });
}

function closeSocket(socket: WebSocket): void {
  try {
    socket.close(NORMAL_CLOSURE);
  } catch {
    // It has closed by itself.
  }
}
