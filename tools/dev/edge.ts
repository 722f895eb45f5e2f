import { readCommandLine, wholeNumber } from "../../origin/command-line.ts";
import { buildEdge, DELIVER_CONFIG, ROOT, WRANGLER_CONFIG } from "./build.ts";
import { buildInto } from "./shared-builds.ts";
import { PAGE_FILES, watchFiles } from "./watch.ts";
import { hostOptions, Miniflare } from "./workerd.ts";

/**
 * The worker as a process: the bundle that a deployment would upload, in workerd, with the bindings of wrangler.toml.
 * Readers reach workerd itself on --port, without the proxy that `wrangler dev` puts before it (which costs 1.5 ms a
 * request); --control-port is for the cron: GET /cdn-cgi/local/scheduled.
 */
const USAGE = `Usage: node tools/dev/edge.ts [--port 8787] [--control-port N] [--out-dir FOLDER] [--inspector-port N]
  [--unlimited] [--without-pages] [--readable] [--watch] [--cron]
--cron fires the cron each minute. LISTEN_HOST is the interface to listen on, EDGE_VARS the worker's variables as JSON.`;
const { values } = readCommandLine(USAGE, {
  port: { type: "string", default: "8787" },
  "control-port": { type: "string", default: "0" },
  "inspector-port": { type: "string" },
  "out-dir": { type: "string", default: `${ROOT}.paridad/edge` },
  unlimited: { type: "boolean", default: false },
  "without-pages": { type: "boolean", default: false },
  readable: { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  cron: { type: "boolean", default: false },
});
const CRON_MS = 60_000;
const DELIVER_VARS = ["PUBLIC_URL", "ORIGIN_URL", "DELIVER_TOKEN"];
const inspectorPort = values["inspector-port"];

async function options() {
  const { EXTRA_CLOSURES = "", FACADE_HOSTS = "" } = process.env;
  const isReadable = values.readable;
  const outDir = values["out-dir"];
  const deliverDir = `${outDir}-deliver`;
  await Promise.all([
    buildInto(outDir, (dir) => buildEdge(dir, { isReadable })),
    buildInto(deliverDir, (dir) => buildEdge(dir, { isReadable, config: DELIVER_CONFIG })),
  ]);
  const vars = JSON.parse(process.env.EDGE_VARS ?? "{}");
  return hostOptions({
    module: { type: "ESModule", path: `${outDir}/index.js` },
    root: outDir,
    port: wholeNumber("port", values.port),
    controlPort: wholeNumber("control-port", values["control-port"]),
    ...(process.env.LISTEN_HOST !== undefined && { listenHost: process.env.LISTEN_HOST }),
    ...(inspectorPort !== undefined && { inspectorPort: wholeNumber("inspector-port", inspectorPort) }),
    // The origin reads the shell's own.
    vars: { EXTRA_CLOSURES, FACADE_HOSTS, ...vars },
    deliver: {
      module: { type: "ESModule", path: `${deliverDir}/index.js` },
      root: deliverDir,
      // It gets none of the edge's secrets.
      vars: Object.fromEntries(DELIVER_VARS.flatMap((name) => (name in vars ? [[name, vars[name]]] : []))),
    },
    isUnlimited: values.unlimited,
    withoutPages: values["without-pages"],
  });
}

/** What is wrong with the source is told without the stack of the tool that found it. */
async function builtOptions() {
  try {
    return await options();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(1);
  }
}

const miniflare = new Miniflare(await builtOptions());
const control: URL = await miniflare.ready;
console.log(`edge ready on http://127.0.0.1:${values.port} control ${control.origin}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
}

if (values.cron) {
  // A tick that fails (the edge is being rebuilt) is made up for by the next.
  const tick = () => fetch(new URL("/cdn-cgi/local/scheduled?cron=*+*+*+*+*", control)).catch(() => undefined);
  setInterval(tick, CRON_MS);
  void tick();
}

if (values.watch) {
  const rebuild = async () => {
    await miniflare.setOptions(await options());
    console.log("edge rebuilt");
  };
  watchFiles([`${ROOT}worker`, `${ROOT}core`, WRANGLER_CONFIG, DELIVER_CONFIG], rebuild);
  watchFiles([`${ROOT}web`], rebuild, PAGE_FILES);
}
