import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Which of `count` ports from `first` on something already listens on. */
export async function portsInUse(first: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}

/** The first of `count` free ports in a row, away from those that people use. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 20_000);
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
