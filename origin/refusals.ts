import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Problem, problemParts } from "#core/api/problem.ts";
import { canonicalTarget, mountedTarget, targetOf } from "#core/api/target.ts";

/** What is refused before the app sees it: requests that are not valid HTTP, each with a problem and CORS. */

/** The URL and all headers of a request, in bytes. */
export const MAX_HEADER_BYTES = 64 * 1024;
/** Node's parser refuses more, with the same code as too many bytes. */
const MAX_HEADERS = 1_000;

const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+;=%-]+)(?::\d{1,5})?$/i;
/** Requests reach the app with this host: it does not need the client's. */
const OUR_HOST = "origin";
/** How long a refused client has to read the response, while the rest of its request is discarded. */
const LINGER_MS = 2_000;

/**
 * Sets the target and host that the app expects; returns a problem if the request is not valid. `facadeHosts`: those whose
 * root is another service's (core/api/target.ts).
 */
export function prepare(incoming: IncomingMessage, facadeHosts: readonly string[]): Problem | undefined {
  if (!hasOneHost(incoming)) return bad("A request needs exactly one valid Host header.");
  const target = originForm(incoming);
  if (target === undefined) return bad("The request target must be a path that begins with /.");
  incoming.url = canonicalTarget(mountedTarget(target, incoming.headers.host ?? "", facadeHosts));
  incoming.headers.host = OUR_HOST;
  return undefined;
}

/** The problem for a request that Node's parser refused. */
export function problemOfClientError({ code }: { code?: string }): Problem {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { code: "headers_too_large", maxBytes: MAX_HEADER_BYTES, maxHeaders: MAX_HEADERS };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { code: "request_timeout" };
    case "HPE_INVALID_METHOD":
      return { code: "method_not_allowed" };
    case "HPE_INVALID_URL":
      return bad("The URL holds characters that must be percent-encoded.");
    default:
      return bad("The request is not valid HTTP.");
  }
}

/** Sends a problem as the response to a request. */
export function refuse(outgoing: ServerResponse, problem: Problem): void {
  const { status, headers, body } = problemParts(problem, `http://${OUR_HOST}${outgoing.req.url}`);
  outgoing.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body), Connection: "close" });
  outgoing.end(body);
}

/** Sends a problem over a connection whose request could not be read, and closes it. */
export function refuseConnection(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = problemParts(problem, "/");
  const all = { ...headers, "Content-Length": Buffer.byteLength(body), Connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
  // Closed with data unread, the connection would be reset before the client has read the response.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function bad(detail: string): Problem {
  return { code: "bad_request", detail };
}

/** RFC 9112 §3.2; HTTP/1.0 has no Host. */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let host: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length !== 4 || name.toLowerCase() !== "host") continue;
    if (host !== undefined) return false;
    host = rawHeaders[index + 1];
  }
  return host === undefined ? httpVersion === "1.0" : HOST.test(host);
}

/** The path and query of a request target in any of its forms; undefined if it has none. */
function originForm({ url = "", method }: IncomingMessage): string | undefined {
  if (url.startsWith("/")) return url;
  if (url === "*" && method === "OPTIONS") return "/";
  return /^https?:\/\/[^/?#]/i.test(url) ? targetOf(url) : undefined;
}
