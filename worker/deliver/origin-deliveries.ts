import type { z } from "zod";
import { type Backlog, backlogSchema, type Claim, claimSchema, type Report } from "#core/wire/deliveries.ts";

/** The origin's side of deliveries, as the delivering worker uses it. */
export interface OriginDeliveries {
  /** Leases what is due. */
  claim(): Promise<Claim>;
  report(report: Report): Promise<Backlog>;
}

const DEADLINE_MS = 10_000;

/** Calls the origin's /internal/deliveries. Throws an Error without any content of request or response. */
export function originDeliveries(url: string, token: string, send: typeof fetch): OriginDeliveries {
  async function post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const response = await send(`${url}/internal/deliveries/${path}`, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`origin ${path}: ${response.status}`);
    }
    const parsed = schema.safeParse(await response.json());
    if (!parsed.success) throw new Error(`origin ${path}: invalid`);
    return parsed.data;
  }
  return {
    claim: () => post("claim", {}, claimSchema),
    report: (report) => post("report", report, backlogSchema),
  };
}
