import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { hotPath } from "./hot-path.ts";
import { MAX_HEADER_BYTES, prepare, problemOfClientError, refuse, refuseConnection } from "./refusals.ts";
import type { Services } from "./services.ts";

export interface ServerLimits {
  /** Longer than the load balancer keeps an idle connection (60 s), so that the load balancer closes it. */
  keepAliveMs: number;
  /** How long a client may take to send its headers, and its whole request. */
  headersMs: number;
  requestMs: number;
  /** How long a response may wait for a client to read it. */
  unreadMs: number;
  /** How often the three above are checked. */
  checkMs: number;
}

const LIMITS: ServerLimits = {
  keepAliveMs: 75_000,
  headersMs: 15_000,
  requestMs: 30_000,
  unreadMs: 60_000,
  checkMs: 5_000,
};
/** Requests still in flight after this are cut off. The host kills the process after 35 s. */
const DRAIN_MS = 25_000;
const SWEEP_MS = 100;
const MIN_READ_BYTES = 64 * 1024;

const STREAM = /^\/api\/v1\/stream\/?(\?|$)/;

export interface RunningServer {
  /** `http://host:port` */
  url: string;
  /** `https://host:port`, if the environment asks for TLS. */
  tlsUrl: string | undefined;
  /** Stops accepting, completes what is in flight, sends the last spans and reports, and closes the store. */
  stop(): Promise<void>;
}

/** Serves the origin until it is stopped. Throws if it can't listen. */
export async function startServer(services: Services, limits: ServerLimits = LIMITS): Promise<RunningServer> {
  const { host, port, tls } = services.env;
  const options = {
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node would refuse with an empty response; ours says why.
    requireHostHeader: false,
  };
  const plain = createServer(options);
  const secure = tls && createTlsServer({ ...options, ...readPair(tls), minVersion: "TLSv1.2" });
  const servers = secure ? [plain, secure] : [plain];
  const watches = [cutUnread(plain, "connection", limits)];
  if (secure) watches.push(cutUnread(secure, "secureConnection", limits));
  const url = `http://${await listen(plain, services, port, host)}`;
  const tlsUrl = secure && `https://${await listen(secure, services, tls.port, host)}`;
  const stop = async () => {
    services.isDraining = true;
    await Promise.all(servers.map(drain));
    watches.forEach(clearInterval);
    await Promise.all([services.store.close(), services.spans?.stop(), services.reports?.stop()]);
  };
  return { url, tlsUrl, stop };
}

function readPair({ certificateFile, keyFile }: NonNullable<Services["env"]["tls"]>) {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}

/** The host and port that a server listens on. */
async function listen(server: Server, services: Services, port: number, host: string): Promise<string> {
  serve(server, services);
  server.listen(port, host);
  await once(server, "listening");
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

function serve(server: Server, services: Services): void {
  const listener = getRequestListener(createApp(services).fetch);
  const respondAtOnce = hotPath(services);
  const latest = new WeakMap<Duplex, ServerResponse>();
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    latest.set(incoming.socket, outgoing);
    const problem = prepare(incoming, services.env.policy.FACADE_HOSTS);
    if (problem) return refuse(outgoing, problem);
    // Node omits the body, so HEAD has exactly the headers of GET. A stream would not end, though nobody reads it.
    if (incoming.method === "HEAD" && !STREAM.test(incoming.url ?? "")) incoming.method = "GET";
    if (!respondAtOnce(incoming, outgoing)) void listener(incoming, outgoing);
  };
  server.on("request", onRequest);
  // Unknown expectations may be ignored (RFC 9110 §10.1.1).
  server.on("checkExpectation", onRequest);
  server.on("connect", (_incoming, socket) => refuseConnection(socket, { code: "method_not_allowed" }));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const inFlight = latest.get(socket);
    const problem = problemOfClientError(error);
    if (error.code === "ECONNRESET") socket.destroy();
    // Data that arrives after a refusal is discarded.
    else if (socket.writableEnded) return;
    else if (inFlight === undefined || inFlight.writableFinished) refuseConnection(socket, problem);
    // The fault is in the next request, which is handled after this response.
    else if (inFlight.req.complete) inFlight.once("finish", () => refuseConnection(socket, problem));
    else if (inFlight.headersSent) socket.destroy();
    else refuseConnection(socket, problem);
  });
}

/**
 * Cuts connections whose responses are read too slowly: each holds its memory until then. A client counts as reading if
 * it takes MIN_READ_BYTES in that time.
 */
function cutUnread(
  server: Server,
  connected: "connection" | "secureConnection",
  { unreadMs, checkMs }: ServerLimits,
): NodeJS.Timeout {
  const waiting = new Map<Socket, { sinceMs: number; sentBytes: number }>();
  const sockets = new Set<Socket>();
  server.on(connected, (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
  });
  return setInterval(() => {
    const nowMs = performance.now();
    for (const socket of sockets) {
      const sentBytes = socket.bytesWritten - socket.writableLength;
      const begun = waiting.get(socket);
      if (socket.writableLength === 0) waiting.delete(socket);
      else if (begun === undefined || sentBytes - begun.sentBytes >= MIN_READ_BYTES)
        waiting.set(socket, { sinceMs: nowMs, sentBytes });
      else if (nowMs - begun.sinceMs >= unreadMs) socket.resetAndDestroy();
    }
  }, checkMs).unref();
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, "close");
  // Also closes idle connections. Those whose response had begun by then stay open after it.
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cutOff);
}
