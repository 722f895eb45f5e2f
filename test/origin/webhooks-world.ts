import { randomBytes } from "node:crypto";
import { insertEvent } from "../../origin/store/alerts-events.ts";
import { createAccountsOrigin } from "./private.ts";

export const DELIVER_TOKEN = "token-of-the-delivering-worker-0123";
export const URL = "https://hooks.example.org/a";

export interface Webhook {
  id: string;
  secret: string | null;
  status: string;
  [field: string]: unknown;
}
interface Claimed {
  lease_id: string;
  deliveries: { id: number; url: string; headers: Record<string, string>; body: string }[];
}

/** Two accounts with webhooks over HTTP, and what the delivering worker does. */
export async function webhooksWorld() {
  const webhookKey = randomBytes(32).toString("base64");
  const origin = await createAccountsOrigin({ webhookKey, deliverTokens: [DELIVER_TOKEN] });
  const { call, own } = origin;
  const deliver = async <T>(path: string, body: unknown = {}) =>
    (await (
      await origin.internal(`deliveries/${path}`, body, { Authorization: `Bearer ${DELIVER_TOKEN}` })
    ).json()) as T;
  const claim = () => deliver<Claimed>("claim");
  /** Makes what is due, each ending as told. */
  const attempt = async (result: Record<string, unknown>) => {
    const { lease_id, deliveries } = await claim();
    await deliver("report", { lease_id, results: deliveries.map(({ id }) => ({ id, duration_ms: 1, ...result })) });
    return deliveries;
  };
  const create = async (fields: object = {}) =>
    (await call<Webhook>("POST", "/webhooks", { url: URL, ...fields })).content;
  const enabled = async () => {
    const webhook = await create();
    await attempt({ status: 204 });
    return webhook;
  };
  const tell = (account = own.accountId) =>
    origin.services.store.transaction("test", (session) => {
      const type = "endpoint.disabled";
      return insertEvent(session, account, { type, body: JSON.stringify({ type }) }, origin.clock.ms);
    });
  const deliveries = async (id: string) =>
    (await call<{ deliveries: Record<string, unknown>[] }>("GET", `/webhooks/${id}/deliveries`)).content.deliveries;
  return { ...origin, claim, attempt, create, enabled, tell, deliveries };
}
