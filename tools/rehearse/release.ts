import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { IMAGE_ENV, ROOT, runNode } from "../dev/build.ts";
import { Part } from "../dev/part.ts";
import { simulatedVars } from "../dev/providers.ts";
import { LOCAL } from "../dev/stack.ts";

const execute = promisify(execFile);
const MIGRATION_TIMEOUT_MS = 300_000;
/** Where the script that hosts the worker is, and where the first releases had it. */
const EDGE_SCRIPTS = ["tools/dev/edge.ts", "test/stack/edge.ts"];
/** Freshness so short that what a release changes is seen at once. */
const IMPATIENT = {
  ISOLATE_FRESH_MS: "1000",
  COLO_FRESH_MS: "2000",
  ISOLATE_FRESH_PAST_MS: "1000",
  COLO_FRESH_PAST_MS: "2000",
};

/** What the processes of a release share with the others of a rehearsal. */
export interface Surroundings {
  banxicoUrl: string;
  redisUrl: string;
  clockOffsetMs: number;
}

/** One release, from its own sources: what its image and its worker hold. */
export class Release {
  readonly name: string;
  readonly #root: string;
  readonly #dir: string;
  readonly #around: Surroundings;

  private constructor(name: string, root: string, dir: string, around: Surroundings) {
    this.name = name;
    this.#root = root;
    this.#dir = dir;
    this.#around = around;
  }

  /** Builds the working tree, or with a `ref` what Git has of it. Dependencies are those of the working tree. */
  static async build(name: string, dir: string, around: Surroundings, ref?: string): Promise<Release> {
    await mkdir(dir, { recursive: true });
    const root = ref === undefined ? ROOT : join(dir, "source");
    if (ref !== undefined) {
      await mkdir(root);
      const archive = join(dir, "source.tar");
      await execute("git", ["-C", ROOT, "archive", "--output", archive, ref]);
      await execute("tar", ["-xf", archive, "-C", root]);
      await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
    }
    await runNode([join(root, "origin/build.ts"), join(dir, "origin")]);
    return new Release(name, root, dir, around);
  }

  /** Brings a database up to date with the release's own migrations. */
  async migrate(databaseUrl: string): Promise<void> {
    await this.run("migrate", databaseUrl);
  }

  /** Runs a tool that the image holds. Returns what it printed. */
  async run(tool: "migrate" | "restored", databaseUrl: string): Promise<string> {
    const env = { ...process.env, ENVIRONMENT: "local", DATABASE_URL: databaseUrl };
    const { stdout } = await execute(process.execPath, [join(this.#dir, "origin", `${tool}.mjs`)], {
      env,
      timeout: MIGRATION_TIMEOUT_MS,
    });
    return stdout;
  }

  /** An instance of its origin, not started yet. */
  instance(port: number, databaseUrl: string): Part {
    return new Part({
      name: `origin of ${this.name}`,
      url: `http://127.0.0.1:${port}`,
      script: join(this.#dir, "origin/server.mjs"),
      env: {
        ...IMAGE_ENV,
        PROVIDERS: "banxico",
        ENVIRONMENT: "local",
        HOST: "127.0.0.1",
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        EDGE_TOKENS: LOCAL.edgeToken,
        CLOCK_OFFSET_MS: String(this.#around.clockOffsetMs),
      },
      ready: /"event":"listening"/,
    });
  }

  /** A version of its worker, not started yet. */
  edge(port: number, originUrl: string): Edge {
    const { banxicoUrl, redisUrl, clockOffsetMs } = this.#around;
    const script = EDGE_SCRIPTS.map((path) => join(this.#root, path)).find((path) => existsSync(path));
    if (script === undefined) throw new Error(`${this.name} has none of ${EDGE_SCRIPTS.join(", ")}`);
    const vars = {
      ...simulatedVars(banxicoUrl, []),
      ...IMPATIENT,
      PROVIDERS: "banxico",
      ORIGIN_URL: originUrl,
      EDGE_TOKEN: LOCAL.edgeToken,
      UPSTASH_REDIS_REST_URL: redisUrl,
      UPSTASH_REDIS_REST_TOKEN: LOCAL.redisToken,
      BANXICO_URL: `${banxicoUrl}/SieAPIRest/service/v1`,
      BANXICO_TOKEN: LOCAL.banxicoToken,
      CLOCK_OFFSET_MS: String(clockOffsetMs),
    };
    return new Edge(this.name, port, script, join(this.#dir, `edge-${port}`), vars);
  }
}

/** A version of the worker, in workerd. */
export class Edge {
  readonly url: string;
  readonly #part: Part;
  #controlUrl = "";

  constructor(release: string, port: number, script: string, outDir: string, vars: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#part = new Part({
      name: `edge of ${release}`,
      url: this.url,
      script,
      args: ["--port", String(port), "--out-dir", outDir, "--unlimited"],
      env: { EDGE_VARS: JSON.stringify(vars) },
      ready: /^edge ready/,
      onLine: (line) => {
        this.#controlUrl = / control (\S+)/.exec(line)?.[1] ?? this.#controlUrl;
      },
    });
  }

  start(): Promise<void> {
    return this.#part.start();
  }

  stop(): Promise<void> {
    return this.#part.stop();
  }

  /** Fires the cron, as Cloudflare does each minute. */
  async tick(): Promise<void> {
    const { ok } = await fetch(`${this.#controlUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
    if (!ok) throw new Error("the edge did not run its cron");
  }
}
