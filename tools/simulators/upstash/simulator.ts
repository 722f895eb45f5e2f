import type { Context } from "hono";
import { z } from "zod";
import { Faults, fault, sufferTransport, transportFaults } from "../faults.ts";
import { createSimulatorApp, RequestLog, type Simulator, type SimulatorEnv, serveSimulator } from "../server.ts";
import { type Backend, type Command, CommandError, isRead, type Reply } from "./backend.ts";
import { MemoryBackend } from "./memory.ts";
import { connectRedis } from "./redis.ts";

/** How the Upstash simulator is set up. */
export interface UpstashOptions {
  readonly port?: number;
  /** The bearer token; "local" by default. */
  readonly token?: string;
  /** A real Redis to carry out the commands; without one, memory. */
  readonly redisUrl?: string;
  /** The clock of expiry in memory. */
  readonly now?: () => number;
}

/** `on` narrows a fault to requests that only read, or to those that write. */
const on = z.enum(["read", "write"]).optional();
const faultSchema = z.discriminatedUnion("type", [...transportFaults({ on }), fault("stale_replica", {})]);
type UpstashFault = z.infer<typeof faultSchema>;

const argument = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const commandSchema = z.array(argument).min(1);
const pipelineSchema = z.array(commandSchema).min(1);

type Outcome = { result: Reply } | { error: string };

/** Starts Upstash's REST API: `POST /`, `/pipeline` and `/multi-exec`. */
export async function startUpstash(options: UpstashOptions = {}): Promise<Simulator> {
  const primary =
    options.redisUrl === undefined ? new MemoryBackend(options.now) : await connectRedis(options.redisUrl);
  const authorization = `Bearer ${options.token ?? "local"}`;
  const faults = new Faults<UpstashFault>();
  const requests = new RequestLog();
  let replica: Backend | undefined;

  const app = createSimulatorApp({
    faults,
    faultSchema,
    requests,
    async onFaults(list) {
      replica = list.some(({ type }) => type === "stale_replica") ? await primary.snapshot() : undefined;
    },
  });

  app.use("/*", async (c, next) => {
    if (c.req.header("Authorization") === authorization) return next();
    return c.json({ error: "Unauthorized: WRONGPASS invalid or missing auth token" }, 401);
  });

  /** Reads the body, suffers the faults and gives the backend to ask; or the answer where that is already decided. */
  const receive = async <Body extends Command | Command[]>(c: Context<SimulatorEnv>, schema: z.ZodType<Body>) => {
    const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ error: `ERR failed to parse ${parseSubject(c.req.path)}` }, 400);
    const commands = commandsOf(parsed.data);
    const isReadOnly = commands.every(isRead);
    for (const command of commands) requests.record(isRead(command) ? "read" : "write", describe(command));
    const struck = faults.forRequest((one) => strikes(one, isReadOnly));
    const suffered = await sufferTransport(c, struck);
    if (suffered !== undefined) return suffered;
    const isStale = struck.some(({ type }) => type === "stale_replica");
    return { body: parsed.data, backend: isStale && replica !== undefined ? replica : primary };
  };

  app.post("/", async (c) => {
    const received = await receive(c, commandSchema);
    if (received instanceof Response) return received;
    const outcome = await carryOut(received.backend, received.body);
    return answer(c, outcome, "error" in outcome ? 400 : 200);
  });

  app.post("/pipeline", async (c) => {
    const received = await receive(c, pipelineSchema);
    if (received instanceof Response) return received;
    const outcomes: Outcome[] = [];
    for (const command of received.body) outcomes.push(await carryOut(received.backend, command));
    return answer(c, outcomes, 200);
  });

  app.post("/multi-exec", async (c) => {
    const received = await receive(c, pipelineSchema);
    if (received instanceof Response) return received;
    try {
      const replies = await primary.transaction(received.body);
      return answer(c, replies.map(toOutcome), 200);
    } catch (error) {
      if (error instanceof CommandError) return c.json({ error: error.message }, 400);
      throw error;
    }
  });

  app.onError((_error, c) => c.json({ error: "ERR the database is not reachable" }, 503));
  return serveSimulator(app, options.port, () => primary.close());
}

function strikes(one: UpstashFault, isReadOnly: boolean): boolean {
  if (one.type === "stale_replica") return isReadOnly;
  return one.on === undefined || isReadOnly === (one.on === "read");
}

async function carryOut(backend: Backend, command: Command): Promise<Outcome> {
  try {
    return { result: await backend.run(command) };
  } catch (error) {
    if (error instanceof CommandError) return toOutcome(error);
    throw error;
  }
}

function toOutcome(reply: Reply | CommandError): Outcome {
  return reply instanceof CommandError ? { error: reply.message } : { result: reply };
}

function answer(c: Context<SimulatorEnv>, outcome: Outcome | Outcome[], status: 200 | 400): Response {
  const isEncoded = c.req.header("Upstash-Encoding")?.toLowerCase() === "base64";
  const encode = (one: Outcome): Outcome => (isEncoded && "result" in one ? { result: toBase64(one.result) } : one);
  return c.json(Array.isArray(outcome) ? outcome.map(encode) : encode(outcome), status);
}

/** Every string becomes base64 but "OK", which clients look for as it is. */
function toBase64(reply: Reply): Reply {
  if (typeof reply === "string") return reply === "OK" ? reply : Buffer.from(reply).toString("base64");
  return Array.isArray(reply) ? reply.map(toBase64) : reply;
}

function commandsOf(body: Command | Command[]): Command[] {
  return typeof body[0] === "string" ? [body as Command] : (body as Command[]);
}

function describe([name = "", key]: Command): string {
  return key === undefined ? name.toUpperCase() : `${name.toUpperCase()} ${key}`;
}

function parseSubject(path: string): string {
  return path === "/" ? "command" : "pipeline request";
}
