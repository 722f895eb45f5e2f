import { Redis } from "@upstash/redis/cloudflare";

/** The reply to a command; strings as stored, never parsed. */
export type Reply = string | number | null | Reply[];

/** A command's name and arguments. */
export type Command = readonly [name: string, ...args: (string | number)[]];

/** timeout: no reply in time. unreachable: no connection, or no Redis behind it. refused: a bad token or command. */
export type RedisFailureKind = "timeout" | "unreachable" | "refused";

/** A failed call, without the command: the client's own errors quote it in full, values included. */
export class RedisFailure extends Error {
  override name = "RedisFailure";
  readonly kind: RedisFailureKind;

  constructor(kind: RedisFailureKind, command: string) {
    super(`Redis ${command}: ${kind}`);
    this.kind = kind;
  }
}

export interface RedisSettings {
  url: string;
  token: string;
  /** Each call is aborted after this. */
  deadlineMs: number;
}

/** Redis as the edge uses it. One call is one HTTP request, and none is made twice. */
export class RedisClient {
  readonly #client: BareRedis;

  constructor({ url, token, deadlineMs }: RedisSettings) {
    this.#client = new BareRedis({
      url,
      token,
      automaticDeserialization: false,
      readYourWrites: false,
      enableTelemetry: false,
      retry: { retries: 0 },
      // A static signal would make a timeout look like a miss.
      signal: () => AbortSignal.timeout(deadlineMs),
      // A shared pipeline is one request's promise that another awaits: it hangs when the first request ends.
      enableAutoPipelining: false,
      // All that is stored is ASCII, and base64 costs time for nothing.
      responseEncoding: false,
    });
  }

  /** Executes one command. */
  async send(command: Command): Promise<Reply> {
    const { result, error } = await this.#request<Outcome>(command[0], [], command);
    if (error !== undefined || result === undefined) throw new RedisFailure("refused", command[0]);
    return result;
  }

  /** Executes all commands in one request, in order but not atomically; fails if any of them was refused. */
  async pipeline(commands: readonly Command[]): Promise<Reply[]> {
    if (commands.length === 0) return [];
    const outcomes = await this.#request<Outcome[]>("pipeline", ["pipeline"], commands);
    if (!Array.isArray(outcomes) || outcomes.length !== commands.length) throw new RedisFailure("refused", "pipeline");
    return outcomes.map(({ result, error }, index) => {
      if (error !== undefined || result === undefined) throw new RedisFailure("refused", commands[index]?.[0] ?? "");
      return result;
    });
  }

  async get(key: string): Promise<string | null> {
    return textOf(await this.send(["GET", key]));
  }

  /** One value per key, null if there is none. */
  async mget(keys: readonly string[]): Promise<(string | null)[]> {
    const replies = await this.send(["MGET", ...keys]);
    if (!Array.isArray(replies) || replies.length !== keys.length) throw new RedisFailure("refused", "MGET");
    return replies.map(textOf);
  }

  /** Stores a value. With `onlyIfAbsent` it returns false if one was there. */
  async set(key: string, value: string, options: SetOptions = {}): Promise<boolean> {
    return (await this.send(setCommand(key, value, options))) === "OK";
  }

  async #request<Result>(name: string, path: string[], body: unknown): Promise<Result> {
    try {
      return (await this.#client.request(path, body)) as Result;
    } catch (error) {
      throw new RedisFailure(kindOf(error), name);
    }
  }
}

export interface SetOptions {
  onlyIfAbsent?: boolean;
  ttlSeconds?: number;
}

/** SET as a command, for use in a pipeline. */
export function setCommand(key: string, value: string, { onlyIfAbsent, ttlSeconds }: SetOptions = {}): Command {
  return ["SET", key, value, ...(onlyIfAbsent ? ["NX"] : []), ...(ttlSeconds ? ["EX", ttlSeconds] : [])];
}

interface Outcome {
  result?: Reply;
  error?: string;
}

class BareRedis extends Redis {
  /** The client's own request, below its command classes, which have no pipeline of arbitrary commands. */
  request(path: string[], body: unknown): Promise<unknown> {
    return this.client.request({ path, body });
  }
}

function textOf(reply: Reply): string | null {
  return typeof reply === "string" ? reply : null;
}

function kindOf(error: unknown): RedisFailureKind {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "TimeoutError" || name === "AbortError") return "timeout";
  return name === "UpstashError" ? "refused" : "unreachable";
}
