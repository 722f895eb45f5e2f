import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ServerControl, startServer } from "./process.ts";
import { findTools } from "./tools.ts";

/** A Redis of the tests' own. */
export interface RedisServer extends ServerControl {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
}

/** Starts Redis on a private port, keeping what it is told over a restart; `stop` removes it all. */
export async function startRedis(): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), "paridad-redis-"));
  try {
    const tools = await findTools({ "redis-server": "redis-server" }, "redis:7", dir);
    const port = await freePort();
    const container = `paridad-redis-${port}`;
    const options = {
      port,
      bind: tools.bindAddress,
      dir,
      appendonly: "yes",
      appendfsync: "no",
      save: "",
      daemonize: "no",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    if (tools.image !== undefined) args.push("--protected-mode", "no");
    const control = await startServer({
      name: "redis-server",
      ...tools.line("redis-server", args, { container, port }),
      dir,
      ...(tools.image === undefined ? {} : { container }),
      ready: () => ping(port),
    });
    return Object.assign(control, { url: `redis://127.0.0.1:${port}` });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(2_000, () => socket.destroy(new Error("no response")));
    socket.once("error", reject);
    socket.once("connect", () => socket.write("PING\r\n"));
    // While its data loads Redis answers -LOADING, which is not ready.
    socket.once("data", (response) => {
      socket.destroy();
      if (response.toString().startsWith("+PONG")) resolve();
      else reject(new Error(response.toString().trim()));
    });
    socket.once("close", () => reject(new Error("closed")));
  });
}
