import { createClient, ErrorReply } from "@redis/client";
import { type Backend, type Command, CommandError, type Reply } from "./backend.ts";
import { MemoryBackend } from "./memory.ts";

/** Commands that would change the one connection that all requests share. */
const refused =
  /^(subscribe|psubscribe|ssubscribe|monitor|select|quit|multi|exec|watch|b[lrz]\w+|shutdown|reset|hello)$/i;

/** Passes commands on to a real Redis as they are, scripts included. */
export async function connectRedis(url: string): Promise<Backend> {
  const client = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 100, connectTimeout: 2_000 },
  });
  // A lost connection shows in each command; without a listener it would end the process.
  client.on("error", () => {});
  await client.connect();

  const send = async (command: Command): Promise<Reply> => {
    if (refused.test(command[0] ?? "")) throw new CommandError(`ERR Command is not available: '${command[0]}'`);
    try {
      return (await client.sendCommand([...command])) as Reply;
    } catch (error) {
      throw error instanceof ErrorReply ? new CommandError(error.message) : error;
    }
  };
  return {
    run: send,
    async transaction(commands) {
      const forbidden = commands.find((command) => refused.test(command[0] ?? ""));
      if (forbidden !== undefined) throw new CommandError(`ERR Command is not available: '${forbidden[0]}'`);
      // Sent in one go on one connection, so nothing comes between MULTI and EXEC.
      const queued = [["MULTI"], ...commands].map((command) => client.sendCommand([...command]));
      const executed = client.sendCommand(["EXEC"]);
      const [, result] = await Promise.all([Promise.allSettled(queued), settle(executed)]);
      if (result instanceof ErrorReply) throw new CommandError(result.message);
      return (result as unknown[]).map((reply) =>
        reply instanceof ErrorReply ? new CommandError(reply.message) : (reply as Reply),
      );
    },
    async snapshot() {
      const copy = new MemoryBackend();
      for (const key of (await send(["KEYS", "*"])) as string[]) {
        for (const command of await copyingCommands(key, send)) await copy.run(command);
      }
      return copy;
    },
    async close() {
      client.destroy();
    },
  };
}

async function settle(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ErrorReply) return error;
    throw error;
  }
}

async function copyingCommands(key: string, send: (command: Command) => Promise<Reply>): Promise<Command[]> {
  const ttlMs = Number(await send(["PTTL", key]));
  const expiry: Command[] = ttlMs > 0 ? [["PEXPIRE", key, String(ttlMs)]] : [];
  switch (await send(["TYPE", key])) {
    case "string":
      return [["SET", key, String(await send(["GET", key]))], ...expiry];
    case "hash":
      return [["HSET", key, ...((await send(["HGETALL", key])) as string[])], ...expiry];
    case "list":
      return [["LPUSH", key, ...((await send(["LRANGE", key, "0", "-1"])) as string[]).toReversed()], ...expiry];
    default:
      return [];
  }
}
