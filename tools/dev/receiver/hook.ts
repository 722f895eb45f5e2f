import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Hono } from "hono";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { SecretBox } from "../../../origin/alerts/secret-box.ts";
import { LOCAL_WEBHOOK_KEY } from "../../../origin/env.ts";
import { openStore } from "../../../origin/store/open.ts";
import { describeInvalid, type SimulatorEnv } from "../../simulators/server.ts";

/** A delivery as the receiver saw it. */
export interface Received {
  id: string;
  type: string;
  /** Whether standardwebhooks accepts its signature, by a secret of an endpoint at this receiver. */
  verified: boolean;
  path: string;
  timestamp: string;
  data: unknown;
  received_at: string;
}

/** Misbehaviour of `/hook`, or of one path below it; `times`: so often, then it behaves. */
const faultSchema = z.strictObject({
  kind: z.enum(["status", "redirect", "hang", "drip", "break_off"]),
  status: z.int().min(200).max(599).default(500),
  path: z.string().default("/hook"),
  times: z.int().positive().optional(),
});
export type HookFault = z.input<typeof faultSchema>;

const MAX_KEPT = 10_000;
const DRIP_MS = 500;

/** Adds `POST /hook` and paths below it, `GET` and `DELETE /received`, and `PUT /__faults`. */
export function addHook(app: Hono<SimulatorEnv>, secretsAt: () => Promise<string[]>): void {
  const received: Received[] = [];
  let faults: z.output<typeof faultSchema>[] = [];
  let secrets: string[] = [];

  const isVerified = (body: string, headers: Record<string, string>) =>
    secrets.some((secret) => verifies(secret, body, headers));

  app.on("POST", ["/hook", "/hook/*"], async (c) => {
    const body = await c.req.text();
    const headers = c.req.header();
    if (!isVerified(body, headers)) secrets = await secretsAt().catch(() => secrets);
    const { path } = c.req;
    received.push({ ...described(body, headers), verified: isVerified(body, headers), path });
    if (received.length > MAX_KEPT) received.shift();
    const fault = faults.find((one) => one.path === path && (one.times ?? 1) > 0);
    if (fault === undefined) return c.body(null, 204);
    if (fault.times !== undefined) fault.times--;
    return misbehave(fault, c.env.incoming.socket);
  });

  app.get("/received", (c) => c.json(received));
  app.delete("/received", (c) => {
    received.length = 0;
    return c.json(received);
  });
  app.put("/__faults", async (c) => {
    const parsed = z.array(faultSchema).safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json(describeInvalid(parsed.error), 400);
    faults = parsed.data;
    return c.json(faults);
  });
}

/** The secrets of endpoints whose URL is this receiver's, from the stack's own database: nothing needs to be copied. */
export async function secretsOfReceiver(databaseUrl: string, port: number): Promise<string[]> {
  const store = await openStore(databaseUrl);
  try {
    const rows = await store.transaction("receiver", (session) =>
      session.select<{ publicId: string; url: string; secret: string; previousSecret: string | null }>(
        { publicId: sql`public_id`, url: sql`url`, secret: sql`secret`, previousSecret: sql`previous_secret` },
        sql`FROM endpoints WHERE status <> 'deleted'`,
      ),
    );
    const box = new SecretBox(process.env.WEBHOOK_KEY ?? LOCAL_WEBHOOK_KEY);
    return rows
      .filter(({ url }) => new URL(url).port === String(port))
      .flatMap(({ publicId, secret, previousSecret }) =>
        [secret, previousSecret].flatMap((sealed) => (sealed === null ? [] : [box.open(sealed, publicId)])),
      );
  } finally {
    await store.close();
  }
}

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function described(body: string, headers: Record<string, string>): Omit<Received, "verified" | "path"> {
  let parsed: { type?: unknown; timestamp?: unknown; data?: unknown } = {};
  try {
    parsed = JSON.parse(body);
  } catch {
    // Shown as a delivery without a type.
  }
  return {
    id: headers["webhook-id"] ?? "",
    type: String(parsed.type ?? ""),
    timestamp: String(parsed.timestamp ?? ""),
    data: parsed.data ?? null,
    received_at: new Date().toISOString(),
  };
}

async function misbehave(
  { kind, status, path }: z.output<typeof faultSchema>,
  socket: { destroy(): unknown },
): Promise<Response> {
  switch (kind) {
    case "status":
      return new Response("the receiver's own words", { status });
    case "redirect":
      return new Response(null, { status: 307, headers: { Location: `${path}/elsewhere` } });
    case "break_off":
      socket.destroy();
      return new Response(null);
    case "hang":
      return new Promise(() => undefined);
    case "drip":
      return new Response(drops(), { status: 200 });
  }
}

/** A body that never ends. */
function drops(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      await sleep(DRIP_MS);
      controller.enqueue(new Uint8Array([46]));
    },
  });
}
