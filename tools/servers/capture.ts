import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { vi } from "vitest";
import { NO_IDLE_TIMEOUT } from "../simulators/server.ts";

export interface Captured {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** Stands for a collector or for Sentry: records requests, and responds as configured, or never. */
export class Capture {
  readonly requests: Captured[] = [];
  mood: "well" | "hangs" | 500 = "well";
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(NO_IDLE_TIMEOUT, async (request, response) => {
      const body = await text(request);
      this.requests.push({ path: request.url ?? "", headers: request.headers, body });
      if (this.mood !== "hangs") response.writeHead(this.mood === "well" ? 200 : this.mood).end("{}");
    });
  }

  static async start(): Promise<Capture> {
    const capture = new Capture();
    capture.#server.listen(0, "127.0.0.1");
    await once(capture.#server, "listening");
    return capture;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many requests have come in. */
  async came(count: number): Promise<void> {
    await vi.waitFor(() => {
      if (this.requests.length < count) throw new Error(`${this.requests.length} requests came, not ${count}`);
    }, 120_000);
  }

  /** Each request's URL, headers and body in one text. */
  get texts(): string[] {
    return this.requests.map(({ path, headers, body }) => [path, JSON.stringify(headers), body].join("\n"));
  }

  /** Everything that it was sent, as one text. */
  get everything(): string {
    return this.texts.join("\n");
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
