import { setTimeout as delay } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { z } from "zod";
import type { SimulatorEnv } from "./server.ts";

/** For how many requests a fault lasts; without it, until it is dropped. */
const times = z.int().positive().optional();

/** The schema of one fault: its type, how often it strikes, and what belongs to it. */
export function fault<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.strictObject({ type: z.literal(type), times, ...shape });
}

/** What can go wrong with any service; `shape` adds what narrows a fault to some requests. */
export function transportFaults<Shape extends z.ZodRawShape>(shape: Shape) {
  return [
    fault("latency", { ms: z.number().min(0).max(600_000), ...shape }),
    fault("hang", shape),
    fault("reset", shape),
    fault("unavailable", { status: z.int().min(500).max(599).optional(), ...shape }),
  ] as const;
}

/** What every fault has. */
export interface AnyFault {
  readonly type: string;
  readonly times?: number | undefined;
}

/** The faults in force. */
export class Faults<Fault extends AnyFault> {
  #active: { readonly fault: Fault; left: number }[] = [];

  set(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
  }

  list(): Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** The faults that strike this request; each is one use nearer to its end. */
  forRequest(applies: (fault: Fault) => boolean = () => true): Fault[] {
    const struck = this.#active.filter(({ fault }) => applies(fault));
    for (const entry of struck) entry.left--;
    this.#active = this.#active.filter(({ left }) => left > 0);
    return struck.map(({ fault }) => fault);
  }
}

/** Suffers the transport faults among those that strike a request; gives the answer where they leave none to the service. */
export async function sufferTransport(
  context: Context<SimulatorEnv>,
  struck: readonly AnyFault[],
): Promise<Response | undefined> {
  for (const fault of struck) {
    if (fault.type === "latency" && "ms" in fault) await delay(Number(fault.ms), undefined, { ref: false });
  }
  for (const fault of struck) {
    switch (fault.type) {
      case "hang":
        return new Promise<never>(() => {});
      case "reset":
        context.env.incoming.socket.resetAndDestroy();
        return RESPONSE_ALREADY_SENT;
      case "unavailable":
        return context.text("Service Unavailable", "status" in fault ? (fault.status as 503) : 503);
    }
  }
  return undefined;
}
