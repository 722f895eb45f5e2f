import { Agent, type IncomingHttpHeaders, request as send } from "node:http";
import { request as sendSecurely } from "node:https";
import { gunzipSync } from "node:zlib";
import type { Operation } from "./document.ts";

/** valid: all as documented. invalid: one parameter is wrong. wild: anything; only what holds for every response is checked. */
export type Kind = "valid" | "invalid" | "wild";

export interface FuzzRequest {
  kind: Kind;
  method: string;
  /** Path and query exactly as they go over the wire. */
  target: string;
  headers: Record<string, string>;
  body?: string;
  /** Whose response a 200 is. */
  operation?: Operation;
  /** The parameter that a refusal must name. */
  wrong?: string;
  /** What an HTTP server may refuse before any code of ours runs. */
  refusable?: boolean;
  /** To an endpoint that needs a token, which the request does not have. */
  isPrivate?: boolean;
}

export interface Exchange {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const TIMEOUT_MS = 15_000;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends a request as it is: nothing is normalised, as fetch would. Throws if there is no response. */
export function exchange(baseUrl: string, request: FuzzRequest): Promise<Exchange> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const isSecure = protocol === "https:";
  const { method, target, headers, body } = request;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? sendSecurely : send)(
      {
        hostname,
        port,
        method,
        path: target,
        headers: { ...headers, ...length },
        timeout: TIMEOUT_MS,
        ...(!isSecure && { agent }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const isCompressed = response.headers["content-encoding"] === "gzip" && bytes.length > 0;
          const body = (isCompressed ? gunzipSync(bytes) : bytes).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no response in time")));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A command line that sends the same. */
export function curlOf(baseUrl: string, { method, target, headers, body }: FuzzRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const how = method === "HEAD" ? ["--head"] : method === "GET" ? [] : ["-X", method];
  return [
    "curl -si --globoff --path-as-is",
    ...how,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quote(body)}`]),
    quote(`${baseUrl}${target}`),
  ].join(" ");
}
