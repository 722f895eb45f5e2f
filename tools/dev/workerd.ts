import { createRequire } from "node:module";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { DELIVER_CONFIG, WRANGLER_CONFIG } from "./build.ts";
import { type Assets, frontOf } from "./front.ts";

// Miniflare comes with wrangler, in the version that wrangler was tested with.
const wranglerRequire = createRequire(createRequire(import.meta.url).resolve("wrangler"));
export const { Miniflare } = wranglerRequire("miniflare");
const { Log, LogLevel, convertV4MiniflareOptions } = wranglerRequire("miniflare");

/** What is hosted, and where. */
export interface HostPlan {
  /** A path below `root`, or the script itself. */
  module: { type: "ESModule"; path: string; contents?: string };
  root: string;
  /** Where clients reach workerd itself. */
  port: number;
  /** For the cron. */
  controlPort?: number;
  /** The interface that clients reach it on: the loopback one, unless it runs in a container. */
  listenHost?: string;
  /** Where a debugger may attach. */
  inspectorPort?: number;
  /** Replace those of wrangler.toml. */
  vars?: Record<string, string>;
  /** The worker that delivers webhooks, beside the edge. */
  deliver?: Pick<HostPlan, "module" | "root" | "vars">;
  /** Without the rate limit: its local emulation is a Durable Object, which costs more than a response. */
  isUnlimited?: boolean;
  /** Without the pages: locally workers of their own stand before ours, through which each connection goes. */
  withoutPages?: boolean;
}

/** Miniflare's options for a worker with the bindings and settings of wrangler.toml. */
export function hostOptions({
  module,
  root,
  port,
  controlPort = 0,
  listenHost = "127.0.0.1",
  inspectorPort,
  vars = {},
  isUnlimited = false,
  withoutPages = false,
  deliver,
}: HostPlan) {
  const edge = workerOf("paridad", WRANGLER_CONFIG, { module, root, vars });
  const socket = { host: listenHost, port };
  const { assets } = workerOptionsOf(WRANGLER_CONFIG).workerOptions as { assets?: Assets };
  const front = assets && !withoutPages ? frontOf(edge.name, root, assets, socket) : undefined;
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: controlPort,
    ...(inspectorPort !== undefined && { inspectorPort, inspectorHost: "127.0.0.1" }),
    cf: false,
    log: new Log(LogLevel.WARN),
    unsafeTriggerHandlers: true,
    workers: [
      {
        ...edge,
        ...(isUnlimited && { ratelimits: {} }),
        assets: undefined,
        ...(front ? { serviceBindings: front.bindings } : { unsafeDirectSockets: [socket] }),
      },
      ...(front?.workers ?? []),
      ...(deliver ? [workerOf("paridad-deliver-local", DELIVER_CONFIG, deliver)] : []),
    ],
  });
}

/** A worker's own options, as its configuration says. */
function workerOf(
  name: string,
  config: string,
  { module, root, vars = {} }: Pick<HostPlan, "module" | "root" | "vars">,
) {
  const { modulesRules: _, bindings, ...rest } = workerOptionsOf(config).workerOptions;
  return {
    ...rest,
    name,
    bindings: { ...(bindings as object), ...vars },
    // Modules are named by their path from here, and workerd takes no name that leads out of the working folder.
    modulesRoot: root,
    modules: [module],
  };
}
