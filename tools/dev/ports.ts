import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";

/** Which of `count` ports from `first` on something already listens on. */
export async function portsInUse(first: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}

/** Away from the ports that people use, and below those that connections are given. */
const FIRST_PORT = 20_000;
const PORTS_PER_BLOCK = 100;
const BLOCKS = 120;

/** The block that this process has claimed, and the next port of it to be given. */
let claimed: Promise<number> | undefined;
let next = 1;

/**
 * The first of `count` free ports in a row. Of a block that is this process's own: between the look at a port and its use
 * seconds may go by, in which another process would find it free as well.
 */
export async function freePorts(count: number): Promise<number> {
  claimed ??= claimBlock();
  const block = await claimed;
  for (;;) {
    if (next + count > PORTS_PER_BLOCK) next = 1;
    const first = block + next;
    next += count;
    if ((await portsInUse(first, count)).length === 0) return first;
  }
}

/** Claims are held by listening on a block's first port, which ends with the process in whatever way that ends. */
async function claimBlock(): Promise<number> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let index = 0; index < BLOCKS; index++) {
    const first = FIRST_PORT + ((start + index) % BLOCKS) * PORTS_PER_BLOCK;
    const claim = await listenOn(first);
    if (claim === undefined) continue;
    claim.unref();
    return first;
  }
  throw new Error(`no block of ports is free from ${FIRST_PORT} on`);
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
  const server = await listenOn(port);
  if (server === undefined) return true;
  server.close();
  await once(server, "close");
  return false;
}

/** undefined: somebody else has the port. */
function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
