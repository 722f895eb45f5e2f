import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { buildEdge, ROOT, WRANGLER_CONFIG, watchSources } from "./build.ts";

/**
 * The worker as a process: the bundle that a deployment would upload, in workerd, with the bindings of wrangler.toml.
 * Readers reach workerd itself on --port, without the proxy that `wrangler dev` puts before it (which costs 1.5 ms a
 * request); --control-port is for the cron: GET /cdn-cgi/local/scheduled.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    "control-port": { type: "string", default: "0" },
    "out-dir": { type: "string", default: `${ROOT}.paridad/edge` },
    // Without the rate limit: its local emulation is a Durable Object, which costs more than an answer.
    unlimited: { type: "boolean", default: false },
    watch: { type: "boolean", default: false },
  },
});

// Miniflare comes with wrangler, in the version that wrangler was tested with.
const wranglerRequire = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions } = wranglerRequire("miniflare");

async function options() {
  const bundle = await buildEdge(values["out-dir"]);
  const { workerOptions } = workerOptionsOf(WRANGLER_CONFIG);
  const { modulesRules: _, bindings, name, ratelimits, ...rest } = workerOptions;
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: Number(values["control-port"]),
    cf: false,
    log: new Log(LogLevel.WARN),
    unsafeTriggerHandlers: true,
    workers: [
      {
        ...rest,
        ratelimits: values.unlimited ? {} : ratelimits,
        name: name ?? "paridad",
        bindings: { ...(bindings as object), ...JSON.parse(process.env.EDGE_VARS ?? "{}") },
        // Modules are named by their path from here, and workerd takes no name that leads out of the working folder.
        modulesRoot: values["out-dir"],
        modules: [{ type: "ESModule", path: bundle }],
        unsafeDirectSockets: [{ host: "127.0.0.1", port: Number(values.port) }],
      },
    ],
  });
}

const miniflare = new Miniflare(await options());
const control: URL = await miniflare.ready;
console.log(`edge ready on http://127.0.0.1:${values.port} control ${control.origin}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
}

if (values.watch) {
  watchSources(["worker", "core"], async () => {
    await miniflare.setOptions(await options());
    console.log("edge rebuilt");
  });
}
