import { parseArgs } from "node:util";
import { ROOT } from "../dev/build.ts";
import { hostOptions, Miniflare } from "../dev/workerd.ts";

/**
 * The limit at the edge: a worker that returns one constant body for every request, hosted exactly as ours is, with the
 * same bindings and settings. Nothing that runs in workerd can be faster.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    bytes: { type: "string", default: "300" },
    // With it, every request first does what a read from Redis can't do without: see READS_REDIS.
    redis: { type: "string" },
    "redis-token": { type: "string", default: "" },
    // [name, value] pairs as JSON, instead of only a content type.
    headers: { type: "string", default: '[["Content-Type", "application/json"]]' },
  },
});

/** Looks into the data centre's cache and Redis, and puts the page into that cache: parses nothing. */
const READS_REDIS = `const key = "http://127.0.0.1/.pages/banxico.SF43718/2023";
const command = JSON.stringify(["MGET", "paridad:v1:page:banxico.SF43718:2023"]);
const redis = { method: "POST", headers: { Authorization: "Bearer ${values["redis-token"]}" }, body: command };
export default {
  async fetch(request, env, context) {
    const cache = await caches.open("pages");
    const held = await cache.match(new Request(key));
    await held?.text();
    const page = await (await fetch("${values.redis}", { ...redis, signal: AbortSignal.timeout(150) })).text();
    const kept = new Response(page, { headers: { "Cache-Control": "public, max-age=86400" } });
    context.waitUntil(cache.put(new Request(key), kept));
    return new Response(body, init);
  },
};`;

const body = JSON.stringify("x".repeat(Math.max(0, Number(values.bytes) - 2)));
const script = `const body = new TextEncoder().encode(${JSON.stringify(body)});
const init = { headers: new Headers(${values.headers}) };
${values.redis === undefined ? "export default { fetch() { return new Response(body, init); } };" : READS_REDIS}`;

const miniflare = new Miniflare(
  hostOptions({
    module: { type: "ESModule", path: `${ROOT}bare.js`, contents: script },
    root: ROOT,
    port: Number(values.port),
    isUnlimited: true,
    withoutPages: true,
  }),
);
await miniflare.ready;
console.log(`bare worker ready on http://127.0.0.1:${values.port}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
}
