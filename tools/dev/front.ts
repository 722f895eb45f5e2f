import { problemParts } from "#core/api/problem.ts";

/**
 * What Cloudflare has before a worker, on this machine: it refuses hosts that are none, and serves files. Miniflare's own
 * would answer such a host with a bare 500, and ask for a file at each request of the API.
 */

const REFUSAL = problemParts({ code: "bad_request", detail: "The Host header is invalid." }, "/");

/** `WORKER_FIRST`: run_worker_first in wrangler.toml, and paths under which there are no files. */
const FRONT = String.raw`
const HOST = /^https?:\/\/(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?\//i;
const WORKER_FIRST = /^https?:\/\/[^/]+\/(?:(?:$|[?/])|(?:api|frankfurter|SieAPIRest|v6|health|metrics)(?:[/?]|$))/;
const { status, headers, body } = ${JSON.stringify(REFUSAL)};
export default {
  async fetch(request, { EDGE, FILES }) {
    const { url, method } = request;
    if (!HOST.test(url) || !URL.canParse(url)) return new Response(body, { status, headers });
    if (WORKER_FIRST.test(url) || (method !== "GET" && method !== "HEAD")) return EDGE.fetch(request);
    const file = await FILES.fetch(url, { method, headers: request.headers, redirect: "manual" });
    return file.status === 404 ? EDGE.fetch(request) : file;
  },
};`;

const NO_FILE = "export default { fetch: () => new Response(null, { status: 404 }) };";

/** A worker's files, as wrangler.toml describes them. */
export interface Assets {
  directory: string;
  assetConfig?: object;
}

/**
 * The workers beside one that has files: it has them as the binding `ASSETS`, and readers reach it at the socket.
 * `name`: the worker's. `root`: a folder, for the names of modules.
 */
export function frontOf(
  name: string,
  root: string,
  { directory, assetConfig }: Assets,
  socket: { host: string; port: number },
) {
  const files = `${name}-files`;
  const workerOf = (own: string, contents: string) => ({
    name: own,
    compatibilityDate: "2026-11-01",
    modulesRoot: root,
    modules: [{ type: "ESModule" as const, path: `${root}/${own}.js`, contents }],
  });
  return {
    bindings: { ASSETS: files },
    workers: [
      {
        ...workerOf(`${name}-front`, FRONT),
        serviceBindings: { EDGE: name, FILES: files },
        unsafeDirectSockets: [socket],
      },
      { ...workerOf(files, NO_FILE), assets: { directory, assetConfig, routerConfig: { has_user_worker: true } } },
    ],
  };
}
