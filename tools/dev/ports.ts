import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Which of `count` ports from `first` on something already listens on. */
export async function portsInUse(first: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}

/** Away from the ports that people use, and below those that connections are given. */
const FIRST_PORT = 20_000;
const PORTS_PER_PROCESS = 1_000;
const SHARES = 12;

/** The first of `count` free ports in a row. Processes that test side by side look among ports of their own. */
export async function freePorts(count: number): Promise<number> {
  const share = Number(process.env.VITEST_POOL_ID ?? process.pid) % SHARES;
  for (;;) {
    const offset = Math.floor(Math.random() * (PORTS_PER_PROCESS - count));
    const first = FIRST_PORT + share * PORTS_PER_PROCESS + offset;
    if ((await portsInUse(first, count)).length === 0) return first;
  }
}

/** Whether something listens on a port of this machine. */
export async function isListening(port: number): Promise<boolean> {
  const probe = connect(port, "127.0.0.1");
  // `once` rejects with an "error" that comes first.
  const isConnected = await once(probe, "connect").then(
    () => true,
    () => false,
  );
  probe.destroy();
  return isConnected;
}

async function isTaken(port: number): Promise<boolean> {
  if (await isListening(port)) return true;
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}
