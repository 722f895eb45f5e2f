import { buildOrigin, IMAGE_ENV, ROOT } from "./build.ts";
import { Part, PartFailure } from "./part.ts";
import { listOf, type SimulatorFiles, simulatedVars, simulatorArgs } from "./providers.ts";
import { buildFolder, buildInto } from "./shared-builds.ts";
import { localTokenKeys } from "./token-keys.ts";
import { type Watch, watchFiles } from "./watch.ts";

/** What a stack is made of. Ports, files and clocks are its own, so that several can run side by side. */
export interface StackOptions extends SimulatorFiles {
  /** The edge's port; origin, Banxico, Upstash and the receiver take the four that follow. */
  port: number;
  /** Where the origin stores: a file: or mysql:// URL. */
  databaseUrl: string;
  /** A folder of the stack's own, for the built worker. */
  stateDir: string;
  /** Added to every clock of the stack, in milliseconds. */
  clockOffsetMs?: number;
  /** The sources of rates that worker and origin have; only Banxico without. */
  providers?: readonly string[];
  /** A real Redis behind the Upstash simulator; in memory without. */
  redisUrl?: string;
  /** Where the edge finds the origin, if not at the origin itself. */
  originUrl?: string;
  /** A token for the real Banxico, used instead of the simulator. */
  banxicoToken?: string;
  /** Overrides of core/ops/policy, and anything else the hosts read. */
  vars?: Record<string, string>;
  /** Switches the rate limits off. */
  isUnlimited?: boolean;
  /** For measuring connections: the edge serves the API only. */
  withoutPages?: boolean;
  /** For developers: rebuilt when the source changes, with code and stacks that can be read. */
  watch?: boolean;
  /** Only the back ends: the worker at `port` is started separately. */
  withoutEdge?: boolean;
  /** With the receiver of webhooks, which also has a ready-made account. */
  withReceiver?: boolean;
  /** Debuggers may attach to worker and origin, at the two ports after the stack's five. */
  inspect?: boolean;
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
  readonly urls: { edge: string; origin: string; banxico: string; redis: string; receiver: string };
  readonly parts: { banxico?: Part; redis: Part; origin: Part; edge: Part; receiver?: Part };
  readonly #options: StackOptions;
  #stopped = new AbortController();
  #watch: Watch | undefined;
  #controlUrl = "";

  constructor(options: StackOptions) {
    this.#options = options;
    if (options.withoutEdge) this.#controlUrl = `http://127.0.0.1:${options.port}`;
    const at = (offset: number) => `http://127.0.0.1:${options.port + offset}`;
    this.urls = { edge: at(0), origin: at(1), banxico: at(2), redis: at(3), receiver: at(4) };
    this.parts = {
      ...(options.banxicoToken === undefined && { banxico: this.#banxico() }),
      redis: this.#redis(),
      origin: this.#origin(),
      edge: this.#edge(),
      ...(options.withReceiver && { receiver: this.#receiver() }),
    };
  }

  /** Starts everything; the parts are independent, so they start at once. Throws, with nothing left behind, if one can't. */
  async start(): Promise<void> {
    // A stack that was stopped may start again.
    if (this.#stopped.signal.aborted) this.#stopped = new AbortController();
    await this.#buildOrigin();
    const started = await Promise.allSettled(this.#all().map((part) => part.start()));
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      await this.stop();
      throw failed.reason;
    }
    if (this.#options.watch) this.#watch = watchFiles([`${ROOT}origin`, `${ROOT}core`], () => this.#renewOrigin());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watch?.stop();
    // The worker first, so that none of its work in flight fails because the others are gone.
    await this.parts.edge.stop();
    await Promise.all(this.#all().map((part) => part.stop()));
  }

  /** Fires the cron, as Cloudflare does every minute. Whether the edge ran it to its end in time; it never throws. */
  async tick(): Promise<boolean> {
    const url = `${this.#controlUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`;
    return await fetch(url, { signal: AbortSignal.timeout(CRON_TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Where Banxico's API is, simulated or real. */
  get banxicoApi(): string {
    return this.#options.banxicoToken === undefined ? `${this.urls.banxico}/SieAPIRest/service/v1` : REAL_BANXICO;
  }

  get inspectorPorts(): { edge: number; origin: number } {
    return { edge: this.#options.port + 5, origin: this.#options.port + 6 };
  }

  /** Which sources of rates worker and origin have. */
  get providers(): readonly string[] {
    return this.#options.providers ?? ["banxico"];
  }

  /** Of its own for a developer's, whose source changes. */
  #buildFolder(name: string): string {
    const { stateDir, watch } = this.#options;
    return watch ? `${stateDir}/${name}` : buildFolder(name, `${stateDir}/${name}`);
  }

  async #buildOrigin(): Promise<void> {
    const { watch: isReadable = false } = this.#options;
    const { signal } = this.#stopped;
    await buildInto(this.#buildFolder("origin"), (dir) => buildOrigin(dir, { isReadable, signal }));
  }

  async #renewOrigin(): Promise<void> {
    const print = (line: string) => this.#options.onLine?.("origin", line);
    try {
      await this.#buildOrigin();
      await this.parts.origin.stop();
      if (this.#stopped.signal.aborted) return;
      await this.parts.origin.start();
      print("origin rebuilt");
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const { message } = error instanceof Error ? error : new Error(String(error));
      for (const line of (error instanceof PartFailure ? error.summary : message).split("\n")) print(line);
    }
  }

  #all(): Part[] {
    const { edge, ...others } = this.parts;
    return Object.values(this.#options.withoutEdge ? others : { edge, ...others }).filter((part) => part !== undefined);
  }

  #part(
    name: string,
    url: string,
    script: string,
    args: string[],
    env: Record<string, string>,
    ready: RegExp,
    nodeArgs: string[] = [],
  ): Part {
    const { onLine, onDeath } = this.#options;
    return new Part({
      name,
      url,
      script,
      args,
      nodeArgs,
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
    const { clockOffsetMs = 0, port } = this.#options;
    const args = ["--port", String(port + 2), "--token", LOCAL.banxicoToken, `--clock-offset-ms=${clockOffsetMs}`];
    args.push(...simulatorArgs(this.#options));
    return this.#part("banxico", this.urls.banxico, `${ROOT}tools/simulators/banxico/main.ts`, args, {}, /ready/);
  }

  #redis(): Part {
    const { redisUrl, port } = this.#options;
    const args = ["--port", String(port + 3), "--token", LOCAL.redisToken];
    const env = { REDIS_URL: redisUrl ?? "" };
    return this.#part("redis", this.urls.redis, `${ROOT}tools/simulators/upstash/main.ts`, args, env, /ready/);
  }

  #receiver(): Part {
    const { port, stateDir, databaseUrl } = this.#options;
    const args = ["--port", String(port + 4), "--state-dir", stateDir];
    const env = { DATABASE_URL: databaseUrl };
    return this.#part("receiver", this.urls.receiver, `${ROOT}tools/dev/receiver/main.ts`, args, env, /ready/);
  }

  #origin(): Part {
    const { port, databaseUrl, clockOffsetMs = 0, vars = {}, watch, inspect } = this.#options;
    const env = {
      ...listOf(this.providers),
      ENVIRONMENT: "local",
      HOST: "127.0.0.1",
      PORT: String(port + 1),
      DATABASE_URL: databaseUrl,
      EDGE_TOKENS: LOCAL.edgeToken,
      PUBLIC_URL: this.urls.edge,
      TOKEN_KEYS: localTokenKeys(this.#options.stateDir),
      CLOCK_OFFSET_MS: String(clockOffsetMs),
      ...IMAGE_ENV,
      NODE_OPTIONS: [IMAGE_ENV.NODE_OPTIONS, process.env.NODE_OPTIONS ?? ""].join(" ").trim(),
      ...vars,
    };
    const nodeArgs = [
      ...(watch ? ["--enable-source-maps"] : []),
      ...(inspect ? [`--inspect=127.0.0.1:${this.inspectorPorts.origin}`] : []),
    ];
    const script = `${this.#buildFolder("origin")}/server.mjs`;
    return this.#part("origin", this.urls.origin, script, [], env, /"event":"listening"/, nodeArgs);
  }

  #edge(): Part {
    const { port, clockOffsetMs = 0, banxicoToken, vars, isUnlimited, watch, inspect } = this.#options;
    const bindings = {
      ...listOf(this.providers),
      ...(banxicoToken === undefined && simulatedVars(this.urls.banxico)),
      PUBLIC_URL: this.urls.edge,
      ORIGIN_URL: this.#options.originUrl ?? this.urls.origin,
      EDGE_TOKEN: LOCAL.edgeToken,
      UPSTASH_REDIS_REST_URL: this.urls.redis,
      UPSTASH_REDIS_REST_TOKEN: LOCAL.redisToken,
      BANXICO_URL: this.banxicoApi,
      BANXICO_TOKEN: banxicoToken ?? LOCAL.banxicoToken,
      CLOCK_OFFSET_MS: String(clockOffsetMs),
      ...vars,
    };
    const args = ["--port", String(port), "--out-dir", this.#buildFolder("edge")];
    if (isUnlimited) args.push("--unlimited");
    if (this.#options.withoutPages) args.push("--without-pages");
    if (watch) args.push("--watch", "--readable");
    if (inspect) args.push("--inspector-port", String(this.inspectorPorts.edge));
    // Not among the arguments, which any user of the machine can read.
    const env = { EDGE_VARS: JSON.stringify(bindings) };
    return this.#part("edge", this.urls.edge, `${ROOT}tools/dev/edge.ts`, args, env, /^edge ready/);
  }
}

/** Many times what a run takes on a busy machine. */
const CRON_TIMEOUT_MS = 60_000;
const REAL_BANXICO = "https://www.banxico.org.mx/SieAPIRest/service/v1";
