import { parseArgs } from "node:util";
import { buildEdge, ROOT, watchSources } from "./build.ts";
import { hostOptions, Miniflare } from "./workerd.ts";

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
    unlimited: { type: "boolean", default: false },
    watch: { type: "boolean", default: false },
  },
});

async function options() {
  const bundle = await buildEdge(values["out-dir"]);
  return hostOptions({
    module: { type: "ESModule", path: bundle },
    root: values["out-dir"],
    port: Number(values.port),
    controlPort: Number(values["control-port"]),
    // The origin reads the shell's own.
    vars: { EXTRA_CLOSURES: process.env.EXTRA_CLOSURES ?? "", ...JSON.parse(process.env.EDGE_VARS ?? "{}") },
    isUnlimited: values.unlimited,
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
