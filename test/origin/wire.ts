import { connect } from "node:net";
import { startServer } from "../../origin/server.ts";
import { createOrigin } from "./origin.ts";

/** What came back over one connection. */
export interface RawResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const LIMITS = { keepAliveMs: 10_000, headersMs: 10_000, requestMs: 10_000, unreadMs: 10_000, checkMs: 1_000 };

/** An origin that listens on a port of its own. */
export async function serveOrigin(limits: Partial<typeof LIMITS> = {}) {
  const origin = await createOrigin({ host: "127.0.0.1", port: 0 });
  const server = await startServer(origin.services, { ...LIMITS, ...limits });
  const port = Number(new URL(server.url).port);
  return { ...origin, port, stop: () => server.stop() };
}

/** Sends bytes as they are (text is UTF-8) and reads the first response until the server closes the connection. */
export async function exchangeRaw(port: number, request: string): Promise<RawResponse> {
  const [first] = parse(await everything(port, request));
  if (first === undefined) throw new Error("closed without a response");
  return first;
}

/** All that comes back before the server closes the connection. */
export function everything(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(request)));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** The responses in a text; each needs its Content-Length. */
export function parse(text: string): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n");
    const [statusLine = "", ...lines] = rest.slice(0, end).split("\r\n");
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
      headers[name.toLowerCase()] = value;
    }
    const length = Number(headers["content-length"] ?? 0);
    const body = Buffer.from(rest.slice(end + 4))
      .subarray(0, length)
      .toString();
    responses.push({ status: Number(statusLine.split(" ")[1]), headers, body });
    rest = rest.slice(end + 4 + body.length);
  }
  return responses;
}
