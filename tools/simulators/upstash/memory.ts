import { type Backend, type Command, CommandError, type Reply } from "./backend.ts";
import { parseSet } from "./set-options.ts";

type Value = string | string[] | Map<string, string>;
interface Entry {
  value: Value;
  expiresAt: number;
}
interface CommandSpec {
  readonly least: number;
  readonly most?: number;
  run(args: string[]): Reply;
}

/** Redis in a Map, as far as the platform uses it. */
export class MemoryBackend implements Backend {
  readonly #now: () => number;
  readonly #entries: Map<string, Entry>;
  /** The key after which each cursor given out goes on. */
  readonly #cursors: string[] = [];
  readonly #commands: ReadonlyMap<string, CommandSpec>;

  constructor(now: () => number = Date.now, entries = new Map<string, Entry>()) {
    this.#now = now;
    this.#entries = entries;
    this.#commands = new Map(Object.entries(this.#table()));
  }

  async run(command: Command): Promise<Reply> {
    return this.#find(command).run(command.slice(1));
  }

  async transaction(commands: readonly Command[]): Promise<(Reply | CommandError)[]> {
    try {
      for (const command of commands) this.#find(command);
    } catch {
      throw new CommandError("EXECABORT Transaction discarded because of previous errors.");
    }
    return commands.map((command) => {
      try {
        return this.#find(command).run(command.slice(1));
      } catch (error) {
        if (error instanceof CommandError) return error;
        throw error;
      }
    });
  }

  async snapshot(): Promise<MemoryBackend> {
    return new MemoryBackend(this.#now, structuredClone(this.#entries));
  }

  async close(): Promise<void> {}

  #find(command: Command): CommandSpec {
    const name = command[0] ?? "";
    const spec = this.#commands.get(name.toUpperCase());
    if (spec === undefined) {
      const hint = /^eval/i.test(name) ? ": scripts need a real Redis (set REDIS_URL)" : "";
      throw new CommandError(`ERR Command is not available: '${name}'${hint}`);
    }
    const given = command.length - 1;
    if (given < spec.least || given > (spec.most ?? spec.least)) throw wrongArity(name);
    return spec;
  }

  #table(): Record<string, CommandSpec> {
    const any = Number.POSITIVE_INFINITY;
    return {
      PING: { least: 0, most: 1, run: ([message]) => message ?? "PONG" },
      GET: { least: 1, run: ([key = ""]) => this.#text(key) ?? null },
      SET: { least: 2, most: any, run: ([key = "", value = "", ...options]) => this.#set(key, value, options) },
      MGET: { least: 1, most: any, run: (keys) => keys.map((key) => this.#textOrNothing(key)) },
      DEL: {
        least: 1,
        most: any,
        run: (keys) => keys.filter((key) => this.#live(key) && this.#entries.delete(key)).length,
      },
      EXISTS: { least: 1, most: any, run: (keys) => keys.filter((key) => this.#live(key)).length },
      TYPE: { least: 1, run: ([key = ""]) => typeName(this.#live(key)?.value) },
      STRLEN: { least: 1, run: ([key = ""]) => Buffer.byteLength(this.#text(key) ?? "") },
      INCR: { least: 1, run: ([key = ""]) => this.#increment(key, 1) },
      INCRBY: { least: 2, run: ([key = "", by = ""]) => this.#increment(key, integer(by)) },
      EXPIRE: { least: 2, run: ([key = "", seconds = ""]) => this.#expire(key, integer(seconds) * 1_000) },
      PEXPIRE: { least: 2, run: ([key = "", ms = ""]) => this.#expire(key, integer(ms)) },
      TTL: { least: 1, run: ([key = ""]) => this.#left(key, 1_000) },
      PTTL: { least: 1, run: ([key = ""]) => this.#left(key, 1) },
      HGET: { least: 2, run: ([key = "", field = ""]) => this.#hash(key)?.get(field) ?? null },
      HMGET: {
        least: 2,
        most: any,
        run: ([key = "", ...names]) => names.map((name) => this.#hash(key)?.get(name) ?? null),
      },
      HSET: { least: 3, most: any, run: ([key = "", ...pairs]) => this.#hashSet(key, pairs) },
      HGETALL: { least: 1, run: ([key = ""]) => [...(this.#hash(key) ?? [])].flat() },
      HINCRBY: { least: 3, run: ([key = "", field = "", by = ""]) => this.#hashIncrement(key, field, integer(by)) },
      HDEL: { least: 2, most: any, run: ([key = "", ...names]) => this.#hashDelete(key, names) },
      HEXISTS: { least: 2, run: ([key = "", field = ""]) => (this.#hash(key)?.has(field) ? 1 : 0) },
      HVALS: { least: 1, run: ([key = ""]) => [...(this.#hash(key)?.values() ?? [])] },
      HKEYS: { least: 1, run: ([key = ""]) => [...(this.#hash(key)?.keys() ?? [])] },
      HLEN: { least: 1, run: ([key = ""]) => this.#hash(key)?.size ?? 0 },
      LPUSH: { least: 2, most: any, run: ([key = "", ...items]) => this.#push(key, items) },
      LRANGE: {
        least: 3,
        run: ([key = "", from = "", to = ""]) => slice(this.#list(key) ?? [], integer(from), integer(to)),
      },
      LLEN: { least: 1, run: ([key = ""]) => this.#list(key)?.length ?? 0 },
      KEYS: { least: 1, run: ([pattern = ""]) => this.#keys(pattern) },
      SCAN: { least: 1, most: 5, run: ([cursor = "", ...options]) => this.#scan(integer(cursor), options) },
      DBSIZE: { least: 0, run: () => this.#keys("*").length },
      FLUSHALL: { least: 0, most: 1, run: () => this.#flush() },
    };
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt > this.#now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #text(key: string): string | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || typeof value === "string") return value;
    throw wrongType();
  }

  #textOrNothing(key: string): string | null {
    const value = this.#live(key)?.value;
    return typeof value === "string" ? value : null;
  }

  #hash(key: string): Map<string, string> | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || value instanceof Map) return value;
    throw wrongType();
  }

  #list(key: string): string[] | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || Array.isArray(value)) return value;
    throw wrongType();
  }

  #put<Stored extends Value>(key: string, value: Stored, expiresAt = this.#live(key)?.expiresAt): Stored {
    this.#entries.set(key, { value, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY });
    return value;
  }

  #set(key: string, value: string, words: string[]): Reply {
    const options = parseSet(words, this.#now());
    const old = this.#live(key);
    const before = options.get ? (this.#text(key) ?? null) : "OK";
    if (options.only === "NX" ? old !== undefined : options.only === "XX" && old === undefined) {
      return options.get ? before : null;
    }
    this.#put(key, value, options.keepTtl ? old?.expiresAt : (options.expiresAt ?? Number.POSITIVE_INFINITY));
    return before;
  }

  #increment(key: string, by: number): number {
    const sum = safeSum(integer(this.#text(key) ?? "0"), by);
    this.#put(key, String(sum));
    return sum;
  }

  #expire(key: string, ms: number): number {
    const entry = this.#live(key);
    if (entry === undefined) return 0;
    entry.expiresAt = this.#now() + ms;
    return 1;
  }

  #left(key: string, unitMs: number): number {
    const entry = this.#live(key);
    if (entry === undefined) return -2;
    return entry.expiresAt === Number.POSITIVE_INFINITY ? -1 : Math.round((entry.expiresAt - this.#now()) / unitMs);
  }

  #hashSet(key: string, pairs: string[]): number {
    if (pairs.length % 2 !== 0) throw wrongArity("hset");
    const hash = this.#hash(key) ?? this.#put(key, new Map());
    const before = hash.size;
    for (let i = 0; i < pairs.length; i += 2) hash.set(pairs[i] ?? "", pairs[i + 1] ?? "");
    return hash.size - before;
  }

  #hashIncrement(key: string, field: string, by: number): number {
    const hash = this.#hash(key);
    const sum = safeSum(integer(hash?.get(field) ?? "0", "ERR hash value is not an integer"), by);
    (hash ?? this.#put(key, new Map<string, string>())).set(field, String(sum));
    return sum;
  }

  #hashDelete(key: string, names: string[]): number {
    const hash = this.#hash(key);
    const gone = names.filter((name) => hash?.delete(name)).length;
    if (hash?.size === 0) this.#entries.delete(key);
    return gone;
  }

  #push(key: string, items: string[]): number {
    const list = this.#list(key) ?? this.#put(key, []);
    return list.unshift(...items.toReversed());
  }

  #keys(pattern: string): string[] {
    const glob = globPattern(pattern);
    return [...this.#entries.keys()].filter((key) => this.#live(key) && glob.test(key));
  }

  /** In the order of keys: what stays from the first call to the last is seen once, as Redis promises. */
  #scan(cursor: number, options: string[]): Reply {
    let pattern = "*";
    let count = 10;
    for (let i = 0; i < options.length; i += 2) {
      const [name = "", value = ""] = options.slice(i, i + 2);
      if (name.toUpperCase() === "MATCH") pattern = value;
      else if (name.toUpperCase() === "COUNT") count = integer(value);
      else throw new CommandError("ERR syntax error");
    }
    const after = cursor === 0 ? undefined : this.#cursors[cursor - 1];
    const rest = this.#keys("*").filter((key) => after === undefined || key > after);
    const page = rest.sort().slice(0, count);
    const last = page.at(-1);
    const next = last === undefined || page.length === rest.length ? 0 : this.#cursors.push(last);
    const glob = globPattern(pattern);
    return [String(next), page.filter((key) => glob.test(key))];
  }

  #flush(): string {
    this.#entries.clear();
    return "OK";
  }
}

function integer(text: string, complaint = "ERR value is not an integer or out of range"): number {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number)) throw new CommandError(complaint);
  return number;
}

function safeSum(a: number, b: number): number {
  if (!Number.isSafeInteger(a + b)) throw new CommandError("ERR increment or decrement would overflow");
  return a + b;
}

function slice(list: string[], from: number, to: number): string[] {
  const start = from < 0 ? Math.max(0, list.length + from) : from;
  const end = to < 0 ? list.length + to : to;
  return list.slice(start, end + 1);
}

function typeName(value: Value | undefined): string {
  if (value === undefined) return "none";
  if (typeof value === "string") return "string";
  return Array.isArray(value) ? "list" : "hash";
}

function globPattern(pattern: string): RegExp {
  const source = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    return part === "[" || part === "]" || part === "-" || part === "^"
      ? part
      : (part.at(-1) ?? "").replace(/\W/, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

function wrongType(): CommandError {
  return new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
}

function wrongArity(name: string): CommandError {
  return new CommandError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}
