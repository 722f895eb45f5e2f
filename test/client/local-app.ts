import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { exampleApi } from "../../tools/example/example-api.ts";
import { NO_IDLE_TIMEOUT } from "../../tools/simulators/server.ts";

/** Something other than the API's own response; undefined lets the API respond. */
export type Interception = (request: Request) => Response | Promise<Response> | undefined;

/** The public API over real rates, at 20:00 UTC of 29 December 2023, on a port of its own. */
export class LocalApp {
  readonly url: string;
  /** Every request that came, in order. */
  readonly requests: Request[] = [];
  /** Looked at first. */
  intercept: Interception = () => undefined;
  readonly #server: ServerType;

  private constructor(server: ServerType) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<LocalApp> {
    const api = exampleApi();
    let app: LocalApp | undefined;
    const respond = (request: Request) => {
      app?.requests.push(request);
      return app?.intercept(request) ?? api(request);
    };
    const server = await new Promise<ServerType>((resolve) => {
      const starting = serve({ fetch: respond, port: 0, hostname: "127.0.0.1", serverOptions: NO_IDLE_TIMEOUT }, () =>
        resolve(starting),
      );
    });
    app = new LocalApp(server);
    return app;
  }

  /** Forgets requests and interceptions. */
  reset(): void {
    this.requests.length = 0;
    this.intercept = () => undefined;
  }

  /** Paths and queries of the requests that came. */
  get targets(): string[] {
    return this.requests.map(({ url }) => url.slice(this.url.length));
  }

  async stop(): Promise<void> {
    if ("closeAllConnections" in this.#server) this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
