import { Redis } from "@upstash/redis/cloudflare";

/** What a command answers; strings as they are stored, never parsed. */
export type Reply = string | number | null | Reply[];

/** A command's name and arguments. */
export type Command = readonly [name: string, ...args: (string | number)[]];

/** timeout: no answer in time. unreachable: no connection, or no Redis behind it. refused: a bad token or command. */
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
      // A static signal would make a time-out look like a miss.
      signal: () => AbortSignal.timeout(deadlineMs),
      // A shared pipeline is a promise that one request makes and another awaits: that hangs when the first ends.
      enableAutoPipelining: false,
      // All that is stored is ASCII, and base64 costs time for nothing.
      responseEncoding: false,
    });
  }

  /** Carries out one command. */
  async send(command: Command): Promise<Reply> {
    const { result, error } = await this.#request<Outcome>(command[0], [], command);
    if (error !== undefined || result === undefined) throw new RedisFailure("refused", command[0]);
    return result;
  }

  /** Carries out all commands in one request, in order but not at once; fails where any of them was refused. */
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

  /** One value per key, null where there is none. */
  async mget(keys: readonly string[]): Promise<(string | null)[]> {
    const replies = await this.send(["MGET", ...keys]);
    if (!Array.isArray(replies) || replies.length !== keys.length) throw new RedisFailure("refused", "MGET");
    return replies.map(textOf);
  }

  /** Stores a value; with `onlyIfAbsent` it may not: then the answer is false. */
  async set(key: string, value: string, options: SetOptions = {}): Promise<boolean> {
    return (await this.send(setCommand(key, value, options))) === "OK";
  }

  async #request<Answer>(name: string, path: string[], body: unknown): Promise<Answer> {
    try {
      return (await this.#client.request(path, body)) as Answer;
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
  /** The client's own request, below its command classes: those know no pipeline of any commands. */
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
