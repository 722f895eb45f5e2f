import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NO_IDLE_TIMEOUT } from "../simulators/server.ts";

/** Sends each request to one of several targets in turn, as a load balancer does, or Cloudflare among versions of a worker. */
export class Balancer {
  #targets: readonly string[] = [];
  #sent = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (incoming, outgoing) => {
      const target = this.#targets[this.#sent++ % this.#targets.length];
      if (target === undefined) {
        outgoing.writeHead(503).end();
        return;
      }
      const options = { method: incoming.method ?? "GET", headers: incoming.headers };
      const passed = request(new URL(incoming.url ?? "/", target), options, (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      });
      passed.on("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
      incoming.pipe(passed);
    });
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer(createServer(NO_IDLE_TIMEOUT));
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on requests go to these; a target that is named twice gets twice as many. */
  route(targets: readonly string[]): void {
    this.#targets = targets;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
