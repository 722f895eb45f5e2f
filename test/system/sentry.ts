import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes what is sent to Sentry, and keeps it. */
export class SentryCapture {
  /** Each request's address, headers and body in one text. */
  readonly envelopes: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.envelopes.push(
          [request.url, JSON.stringify(request.headers), Buffer.concat(chunks).toString()].join("\n"),
        );
        answer.writeHead(200, { "Content-Type": "application/json" }).end("{}");
      });
    });
  }

  static async start(): Promise<SentryCapture> {
    const capture = new SentryCapture();
    capture.#server.listen(0, "127.0.0.1");
    await once(capture.#server, "listening");
    return capture;
  }

  get dsn(): string {
    return `http://publickey@127.0.0.1:${(this.#server.address() as AddressInfo).port}/1`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
