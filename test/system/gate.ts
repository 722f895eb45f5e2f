import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NO_IDLE_TIMEOUT } from "../../tools/simulators/server.ts";

/** Stands between edge and origin and passes everything on, but for what it is told to answer itself. */
export class Gate {
  /** What to answer in the origin's place; undefined passes the request on. */
  instead: (request: IncomingMessage) => { status: number; body: string } | undefined = () => undefined;
  /** Awaited before a request is passed on. */
  before: (request: IncomingMessage) => Promise<unknown> = async () => undefined;
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer(NO_IDLE_TIMEOUT, async (asked, answer) => {
      const own = this.instead(asked);
      if (own) {
        asked.resume();
        answer.writeHead(own.status, { "Content-Type": "application/problem+json" }).end(own.body);
        return;
      }
      await this.before(asked);
      const { method, headers, url } = asked;
      const passed = request(`${target}${url}`, { method, headers }, (real) => {
        answer.writeHead(real.statusCode ?? 502, real.headers);
        real.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    });
  }

  static async start(target: string): Promise<Gate> {
    const gate = new Gate(target);
    gate.#server.listen(0, "127.0.0.1");
    await once(gate.#server, "listening");
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
