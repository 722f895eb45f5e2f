import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import type { Services } from "./services.ts";

/** Longer than the load balancer keeps an idle connection (60 s): it, not we, must be the one to close. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** As the edge: an address that is too long gets an answer that says what is wrong with it. */
const MOST_HEADER_BYTES = 64 * 1024;
/** What is still under way after this is cut off. The host kills after 35 s. */
const DRAIN_MS = 25_000;
const SWEEP_MS = 100;

export interface RunningServer {
  /** `http://host:port` */
  url: string;
  /** Stops accepting, lets what is under way end, sends the last spans and reports, and closes the store. */
  stop(): Promise<void>;
}

/** Serves the origin until it is stopped. Throws where it can't listen. */
export async function startServer(services: Services): Promise<RunningServer> {
  const { host, port } = services.env;
  const limits = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
  };
  const listener = getRequestListener(createApp(services).fetch);
  const server = createServer(limits, (incoming, outgoing) => {
    incoming.url = withSlashes(incoming.url);
    return listener(incoming, outgoing);
  });
  server.listen(port, host);
  await once(server, "listening");
  const { address, family, port: bound } = server.address() as AddressInfo;
  const stop = async () => {
    services.isDraining = true;
    await drain(server);
    await Promise.all([services.store.close(), services.spans?.stop(), services.reports?.stop()]);
  };
  return { url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`, stop };
}

/** In a URL's path a backslash is a slash (WHATWG URL); the listener would refuse it, where the edge reads it so. */
function withSlashes(target = "/"): string {
  if (!target.includes("\\")) return target;
  const [path = ""] = target.split("?", 1);
  return path.replaceAll("\\", "/") + target.slice(path.length);
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, "close");
  // Also closes the connections that are idle. Those whose answer had begun by then stay open after it.
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cutOff);
}
