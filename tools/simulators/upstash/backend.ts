/** The reply to a command, in the shapes of RESP2 as Upstash puts them in JSON. */
export type Reply = string | number | null | Reply[];

/** A command's name and arguments. */
export type Command = readonly string[];

/** An error that Redis itself would return. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Where commands are carried out: in memory or in a real Redis. */
export interface Backend {
  /** Throws CommandError for what Redis refuses, anything else when the database is unreachable. */
  run(command: Command): Promise<Reply>;
  /** All commands with no other between; throws CommandError when none was carried out. */
  transaction(commands: readonly Command[]): Promise<(Reply | CommandError)[]>;
  /** A copy of the data as it is now. */
  snapshot(): Promise<Backend>;
  close(): Promise<void>;
}

const reads = new Set(
  "GET MGET EXISTS TTL PTTL HGET HGETALL HLEN LRANGE LLEN SCAN KEYS DBSIZE PING STRLEN TYPE HMGET HKEYS HVALS HEXISTS".split(
    " ",
  ),
);

/** Whether a command leaves the data as it is, so that a replica may serve it. */
export function isRead(command: Command): boolean {
  return reads.has((command[0] ?? "").toUpperCase());
}
