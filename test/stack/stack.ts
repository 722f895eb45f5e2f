import { buildOrigin, IMAGE_ENV, ROOT, watchSources } from "./build.ts";
import { Part } from "./part.ts";

/** What a stack is made of. Ports, files and clocks are its own, so that several can run side by side. */
export interface StackOptions {
  /** The edge's port; origin, Banxico and Upstash take the three that follow. */
  port: number;
  /** Where the origin stores: a file: or mysql:// URL. */
  databaseUrl: string;
  /** A folder of the stack's own, for the built worker. */
  stateDir: string;
  /** Added to every clock of the stack, in milliseconds. */
  clockOffsetMs?: number;
  /** Figures of SF43718 for the simulator; without any it makes its own. */
  csvFile?: string;
  /** A recorded answer of Banxico's that the simulator serves too. */
  recordedFile?: string;
  /** A real Redis behind the Upstash simulator; in memory without. */
  redisUrl?: string;
  /** Where the edge finds the origin, if not at the origin itself. */
  originUrl?: string;
  /** A token for the real Banxico, used instead of the simulator. */
  banxicoToken?: string;
  /** Overrides of core/policy, and anything else the hosts read. */
  vars?: Record<string, string>;
  /** Readers may ask as much as they like. */
  isUnlimited?: boolean;
  /** Rebuild the worker when its source changes. */
  watch?: boolean;
  onLine?: (part: string, line: string) => void;
  onDeath?: (part: string, how: string) => void;
}

/** Values that open nothing but a stack on this machine. */
export const LOCAL = {
  edgeToken: "local-edge-token-0123456789abcdef",
  redisToken: "local-redis-token",
  banxicoToken: "0".repeat(64),
};

/** The whole platform on one machine: simulators, origin and worker, each a process of its own. */
export class Stack {
  readonly urls: { edge: string; origin: string; banxico: string; redis: string };
  readonly parts: { banxico?: Part; redis: Part; origin: Part; edge: Part };
  readonly #options: StackOptions;
  #controlUrl = "";

  constructor(options: StackOptions) {
    this.#options = options;
    const at = (offset: number) => `http://127.0.0.1:${options.port + offset}`;
    this.urls = { edge: at(0), origin: at(1), banxico: at(2), redis: at(3) };
    this.parts = {
      ...(options.banxicoToken === undefined && { banxico: this.#banxico() }),
      redis: this.#redis(),
      origin: this.#origin(),
      edge: this.#edge(),
    };
  }

  /** Starts everything; the parts are independent, so they start at once. Throws, with nothing left behind, where one can't. */
  async start(): Promise<void> {
    await buildOrigin(this.#originDir);
    const started = await Promise.allSettled(this.#all().map((part) => part.start()));
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      await this.stop();
      throw failed.reason;
    }
    if (this.#options.watch) watchSources(["origin", "core"], () => this.#renewOrigin());
  }

  async stop(): Promise<void> {
    // The worker first, so that nothing it has under way fails for want of the others.
    await this.parts.edge.stop();
    await Promise.all(this.#all().map((part) => part.stop()));
  }

  /** Fires the cron, as Cloudflare does every minute. Nothing is thrown where the edge does not answer. */
  async tick(): Promise<void> {
    await fetch(`${this.#controlUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`).catch(() => undefined);
  }

  get #originDir(): string {
    return `${this.#options.stateDir}/origin`;
  }

  async #renewOrigin(): Promise<void> {
    await buildOrigin(this.#originDir);
    await this.parts.origin.stop();
    await this.parts.origin.start();
    this.#options.onLine?.("origin", "origin rebuilt");
  }

  #all(): Part[] {
    return Object.values(this.parts).filter((part) => part !== undefined);
  }

  #part(name: string, url: string, script: string, args: string[], env: Record<string, string>, ready: RegExp): Part {
    const { onLine, onDeath } = this.#options;
    return new Part({
      name,
      url,
      script,
      args,
      env,
      ready,
      onLine: (line) => {
        if (name === "edge") this.#controlUrl = / control (\S+)/.exec(line)?.[1] ?? this.#controlUrl;
        onLine?.(name, line);
      },
      onDeath: (how) => onDeath?.(name, how),
    });
  }

  #banxico(): Part {
    const { csvFile, recordedFile, clockOffsetMs = 0, port } = this.#options;
    const args = ["--port", String(port + 2), "--token", LOCAL.banxicoToken, `--clock-offset-ms=${clockOffsetMs}`];
    if (csvFile !== undefined) args.push("--data", csvFile);
    if (recordedFile !== undefined) args.push("--recorded", recordedFile);
    return this.#part("banxico", this.urls.banxico, `${ROOT}test/simulators/banxico/main.ts`, args, {}, /ready/);
  }

  #redis(): Part {
    const { redisUrl, port } = this.#options;
    const args = ["--port", String(port + 3), "--token", LOCAL.redisToken];
    const env = { REDIS_URL: redisUrl ?? "" };
    return this.#part("redis", this.urls.redis, `${ROOT}test/simulators/upstash/main.ts`, args, env, /ready/);
  }

  #origin(): Part {
    const { port, databaseUrl, clockOffsetMs = 0, vars = {} } = this.#options;
    const env = {
      ENVIRONMENT: "local",
      HOST: "127.0.0.1",
      PORT: String(port + 1),
      DATABASE_URL: databaseUrl,
      EDGE_TOKENS: LOCAL.edgeToken,
      CLOCK_OFFSET_MS: String(clockOffsetMs),
      ...IMAGE_ENV,
      ...vars,
    };
    return this.#part("origin", this.urls.origin, `${this.#originDir}/server.mjs`, [], env, /"event":"listening"/);
  }

  #edge(): Part {
    const {
      port,
      stateDir,
      clockOffsetMs = 0,
      originUrl = this.urls.origin,
      banxicoToken,
      vars,
      isUnlimited,
      watch,
    } = this.#options;
    const bindings = {
      ORIGIN_URL: originUrl,
      EDGE_TOKEN: LOCAL.edgeToken,
      UPSTASH_REDIS_REST_URL: this.urls.redis,
      UPSTASH_REDIS_REST_TOKEN: LOCAL.redisToken,
      BANXICO_URL: banxicoToken === undefined ? `${this.urls.banxico}/SieAPIRest/service/v1` : REAL_BANXICO,
      BANXICO_TOKEN: banxicoToken ?? LOCAL.banxicoToken,
      CLOCK_OFFSET_MS: String(clockOffsetMs),
      ...vars,
    };
    const args = ["--port", String(port), "--out-dir", `${stateDir}/edge`];
    if (isUnlimited) args.push("--unlimited");
    if (watch) args.push("--watch");
    // Not among the arguments, which any user of the machine can read.
    return this.#part(
      "edge",
      this.urls.edge,
      `${ROOT}test/stack/edge.ts`,
      args,
      { EDGE_VARS: JSON.stringify(bindings) },
      /^edge ready/,
    );
  }
}

const REAL_BANXICO = "https://www.banxico.org.mx/SieAPIRest/service/v1";
