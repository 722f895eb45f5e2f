import type { IncomingMessage, ServerResponse } from "node:http";
import { wantsDiagnostics } from "#core/api/diagnostics.ts";
import { responseKey } from "#core/api/formats/format.ts";
import { TRACE_HEADER } from "#core/ops/trace.ts";
import { keptResponse, type WireResponse } from "./negotiated-response.ts";
import { recordServed } from "./ops/served.ts";
import { spanOf } from "./ops/trace.ts";
import type { Services } from "./services.ts";

type HotPath = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

const TRACE = TRACE_HEADER.toLowerCase();

/**
 * Serves requests whose response is kept, before the app: making and reading the objects of the Fetch standard costs more
 * than all else of such a response. The app's `reuse` decides the same for all others. False: the app is to respond.
 */
export function hotPath(services: Services): HotPath {
  const { now, env } = services;
  return (incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    if (method !== "GET" || services.isDraining || wantsDiagnostics(headers["cache-control"])) return false;
    // What the client goes on to send has to be read by someone.
    if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined) return false;
    const startMs = performance.now();
    const nowMs = now();
    const kept = keptResponse(services, responseKey(url, headers.accept), nowMs);
    if (kept?.madeFor === undefined) return false;
    const { route } = kept.madeFor;
    const send = ({ status, headers: own, body }: WireResponse) => {
      outgoing.writeHead(status, own);
      outgoing.end(body);
      const context = spanOf(headers[TRACE]?.toString(), env.traces?.sampledShare ?? 0);
      const durationMs = performance.now() - startMs;
      recordServed({ context, method, route, status, startMs: nowMs, durationMs }, services);
    };
    const response = kept.wire({
      ifNoneMatch: headers["if-none-match"],
      acceptEncoding: headers["accept-encoding"]?.toString(),
    });
    if (response instanceof Promise) void response.then(send, () => outgoing.destroy());
    else send(response);
    return true;
  };
}
