import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type System, until } from "../../tools/dev/system.ts";
import { type AccountWorld, FIX, startWithAccount } from "./account-world.ts";

/** An alert from its creation to a verified call, through the built worker, origin, deliverer and a receiver. */

interface Received {
  id: string;
  type: string;
  verified: boolean;
  data: { kind: string; date: string; value: string };
}

let world: AccountWorld;
let system: System;
let token: string;
const observations: { type: string; series: string; date: string; value: string }[] = [];

beforeAll(async () => {
  world = await startWithAccount();
  ({ system, token } = world);
});
afterAll(() => world?.stop());

async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; content: T }> {
  const response = await fetch(`${system.stack.urls.edge}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, content: text === "" ? undefined : JSON.parse(text) };
}

const received = async (): Promise<Received[]> =>
  (await (await fetch(`${system.stack.urls.receiver}/received`)).json()) as Received[];

const triggered = async () => (await received()).filter(({ type }) => type === "alert.triggered");

/** Has Banxico publish a FIX, or another for a date that has one, and waits until its evaluation is over. */
async function publish(date: string, value: string): Promise<void> {
  const type = observations.some((one) => one.date === date) ? "revision" : "observation";
  observations.push({ type, series: FIX, date, value });
  await system.faults("banxico", observations);
  await system.readUntil(`${date} ${value} is stored`, async () =>
    (await system.stored(`banxico.${FIX}`)).some(([day, rate]) => day === date && rate === value),
  );
  await until("the log is evaluated", async () => (await behind()) === 0);
}

/** How many events the evaluation has not seen. */
async function behind(): Promise<number> {
  const authorization = { Authorization: "Bearer local-edge-token-0123456789abcdef" };
  const { body } = await system.origin("/internal/cursors/alerts", authorization);
  const events = await system.origin("/api/v1/events?after=0&limit=1");
  return JSON.parse(events.body).latest - JSON.parse(body).seq;
}

describe("an alert on USD/MXN", () => {
  let id: string;

  test("is created with a webhook, which is enabled by its first ping", async () => {
    const webhook = await call<{ id: string; status: string; secret: string }>("POST", "/webhooks", {
      url: `${system.stack.urls.receiver}/hook`,
    });
    expect([webhook.status, webhook.content.status]).toEqual([201, "pending"]);
    await until("the webhook is enabled", async () => {
      const { content } = await call<{ webhooks: { status: string }[] }>("GET", "/webhooks");
      return content.webhooks[0]?.status === "enabled";
    });
    expect(await received()).toMatchObject([{ type: "webhook.ping", verified: true }]);
    const alert = await call<{ id: string }>("POST", "/alerts", {
      pair: "USD/MXN",
      condition: "below",
      threshold: "17.50",
    });
    expect(alert).toMatchObject({ status: 201, content: { state: "armed", threshold: "17.5" } });
    id = alert.content.id;
  });

  test("calls once for a lower FIX, and not for the next", async () => {
    await publish("2023-12-22", "17.4000");
    await until("the receiver is called", async () => (await triggered()).length > 0);
    await publish("2023-12-26", "17.3000");
    expect(await triggered()).toMatchObject([
      { verified: true, data: { alert_id: id, kind: "published", date: "2023-12-22", value: "17.4000" } },
    ]);
  });

  test("is armed again by a FIX above, and fires once at the next crossing", async () => {
    await publish("2023-12-27", "17.6000");
    expect((await call(`GET`, `/alerts/${id}`)).content).toMatchObject({ state: "armed" });
    await publish("2023-12-28", "17.4900");
    await until("the receiver is called again", async () => (await triggered()).length > 1);
    expect((await triggered()).map(({ data }) => data.date)).toEqual(["2023-12-22", "2023-12-28"]);
  });

  test("fires as revised for a revision that crosses, even if the deliverer was gone in between", async () => {
    await publish("2023-12-28", "17.6500");
    await system.stack.parts.edge.kill();
    await system.stack.parts.edge.start();
    await publish("2023-12-28", "17.4100");
    await until("the receiver is called for the revision", async () => {
      await system.tick();
      return (await triggered()).length > 2;
    });
    const calls = await triggered();
    expect(calls.at(-1)).toMatchObject({ verified: true, data: { kind: "revised", value: "17.4100" } });
    expect(new Set(calls.map((one) => one.id)).size).toBe(3);
    const { content } = await call<{ events: { data: { kind: string } }[] }>("GET", `/alerts/${id}/events`);
    expect(content.events.map(({ data }) => data.kind)).toEqual(["published", "published", "revised"]);
  });
});
