import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** pass: as it comes. slow: each chunk so many milliseconds late. blackhole: accepted, and never a byte. reset: cut. */
export type WireMode = { mode: "pass" } | { mode: "slow"; delayMs: number } | { mode: "blackhole" } | { mode: "reset" };

/** A TCP proxy on loopback that can be told to misbehave: the network between the edge and the origin. */
export class Wire {
  readonly port: number;
  #mode: WireMode = { mode: "pass" };
  readonly #sockets = new Set<Socket>();
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  static async start(targetPort: number): Promise<Wire> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const wire = new Wire((server.address() as AddressInfo).port, async () => {
      server.close();
      await once(server, "close");
    });
    server.on("connection", (client) => wire.#serve(client, targetPort));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Existing connections take on the mode too; coming back cuts those that were held. */
  set(mode: WireMode): void {
    this.#mode = mode;
    if (mode.mode === "pass" || mode.mode === "reset") for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#close();
  }

  #serve(client: Socket, targetPort: number): void {
    if (this.#mode.mode === "reset") {
      client.resetAndDestroy();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (chunk) => this.#forward(chunk, to));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  #forward(chunk: Buffer, to: Socket): void {
    const mode = this.#mode;
    if (mode.mode === "blackhole") return;
    if (mode.mode === "slow") setTimeout(() => to.writable && to.write(chunk), mode.delayMs);
    else if (to.writable) to.write(chunk);
  }
}
