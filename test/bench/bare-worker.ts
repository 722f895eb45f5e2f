import { createRequire } from "node:module";
import { parseArgs } from "node:util";

/**
 * The limit at the edge: a worker that answers every request with one constant body, hosted as test/stack/edge.ts hosts
 * ours. Nothing that runs in workerd can be faster.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    bytes: { type: "string", default: "300" },
    // [name, value] pairs as JSON, in place of a content type alone.
    headers: { type: "string", default: '[["Content-Type", "application/json"]]' },
  },
});

const wranglerRequire = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions } = wranglerRequire("miniflare");

const body = JSON.stringify("x".repeat(Math.max(0, Number(values.bytes) - 2)));
const script = `const body = new TextEncoder().encode(${JSON.stringify(body)});
const init = { headers: new Headers(${values.headers}) };
export default { fetch() { return new Response(body, init); } };`;

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.WARN),
    workers: [
      {
        name: "bare",
        compatibilityDate: "2026-11-01",
        modules: [{ type: "ESModule", path: "index.js", contents: script }],
        unsafeDirectSockets: [{ host: "127.0.0.1", port: Number(values.port) }],
      },
    ],
  }),
);
await miniflare.ready;
console.log(`bare worker ready on http://127.0.0.1:${values.port}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
}
