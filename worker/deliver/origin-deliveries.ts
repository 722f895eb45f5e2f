import type { z } from "zod";
import { readBounded } from "#core/ops/body.ts";
import { parseJson } from "#core/ops/parse-json.ts";
import { type Backlog, backlogSchema, type Claim, claimSchema, type Report } from "#core/wire/deliveries.ts";

/** The origin's side of deliveries, as the delivering worker uses it. */
export interface OriginDeliveries {
  /** Leases what is due. The same lease again returns what it still holds. */
  claim(leaseId: string): Promise<Claim>;
  report(report: Report): Promise<Backlog>;
}

/** The origin does not take the request, and won't if it is repeated. */
export class OriginRefusal extends Error {}

const DEADLINE_MS = 10_000;
/** Far more than the largest claim. */
const MAX_RESPONSE_BYTES = 8_000_000;
const TOO_MANY_REQUESTS = 429;

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
      const isRefusal = response.status < 500 && response.status !== TOO_MANY_REQUESTS;
      throw new (isRefusal ? OriginRefusal : Error)(`origin ${path}: ${response.status}`);
    }
    const text = await readBounded(response, MAX_RESPONSE_BYTES);
    const parsed = schema.safeParse(parseJson(text ?? ""));
    if (!parsed.success) throw new Error(`origin ${path}: invalid`);
    return parsed.data;
  }
  return {
    claim: (leaseId) => post("claim", { lease_id: leaseId }, claimSchema),
    report: (report) => post("report", report, backlogSchema),
  };
}
