import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";
import { UsageError } from "../../origin/command-line.ts";
import type { AnyFault, Faults } from "./faults.ts";

/** Simulators run on Node, where a fault can reach the socket. */
export interface SimulatorEnv {
  Bindings: HttpBindings;
}

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Stops at once, cutting open connections. */
  stop(): Promise<void>;
}

const recentLimit = 200;

/**
 * Idle connections stay open: where client and server share a process that is busy for longer than Node keeps them, the
 * client would send on one that is being closed.
 */
export const NO_IDLE_TIMEOUT = { keepAliveTimeout: 0 };

/** The requests that a simulator received, for tests; without credentials. */
export class RequestLog {
  #counts: Record<string, number> = {};
  #recent: string[] = [];

  record(requestClass: string, what: string): void {
    this.#counts[requestClass] = (this.#counts[requestClass] ?? 0) + 1;
    this.#recent.push(what);
    if (this.#recent.length > recentLimit) this.#recent.shift();
  }

  clear(): void {
    this.#counts = {};
    this.#recent = [];
  }

  toJSON() {
    return { counts: this.#counts, recent: this.#recent };
  }
}

/** What the control routes need to know of a simulator. */
export interface Controls<Fault extends AnyFault> {
  readonly faults: Faults<Fault>;
  readonly faultSchema: z.ZodType<Fault>;
  readonly requests: RequestLog;
  /** Called when the faults have changed, before the response. */
  onFaults?(faults: readonly Fault[]): Promise<void> | void;
}

/** An app with `PUT`, `GET` and `DELETE /__faults` and `GET` and `DELETE /__requests`; those suffer no faults. */
export function createSimulatorApp<Fault extends AnyFault>(controls: Controls<Fault>): Hono<SimulatorEnv> {
  const { faults, requests } = controls;
  const app = new Hono<SimulatorEnv>();
  const listSchema = z.array(controls.faultSchema);
  const change = async (list: readonly Fault[]) => {
    await controls.onFaults?.(list);
    faults.set(list);
    return faults.list();
  };
  app.get("/__faults", (c) => c.json(faults.list()));
  app.put("/__faults", async (c) => {
    const parsed = listSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json(describeInvalid(parsed.error), 400);
    return c.json(await change(parsed.data));
  });
  app.delete("/__faults", async (c) => c.json(await change([])));
  app.get("/__requests", (c) => c.json(requests));
  app.delete("/__requests", (c) => {
    requests.clear();
    return c.json(requests);
  });
  return app;
}

/** The body of a 400 that names what is wrong with a control request. */
export function describeInvalid(error: z.ZodError) {
  return {
    error: z.prettifyError(error),
    issues: error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  };
}

/** Serves an app on loopback; port 0 takes any free one. */
export async function serveSimulator(app: Hono<SimulatorEnv>, port = 0, onStop?: () => unknown): Promise<Simulator> {
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env as HttpBindings),
    serverOptions: NO_IDLE_TIMEOUT,
  });
  server.listen(port, process.env.LISTEN_HOST ?? "127.0.0.1");
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    async stop() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await onStop?.();
    },
  };
}

/** Runs a simulator as a process: one line when it is ready, the end at SIGTERM or SIGINT. */
export async function runSimulator(name: string, start: () => Promise<Simulator>): Promise<void> {
  try {
    const simulator = await start();
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => void simulator.stop().finally(() => process.exit(0)));
    }
    console.log(`${name} simulator ready on ${simulator.url}`);
  } catch (error) {
    console.error(`${name} simulator: ${error instanceof Error ? error.message : error}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
