import { randomBytes } from "node:crypto";
import { Webhook as Verifier } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createPrivateOrigin } from "./private.ts";
import { URL, type Webhook, webhooksWorld } from "./webhooks-world.ts";

/** The routes of webhooks and deliveries over HTTP. */

const DAY_MS = 86_400_000;

describe("webhooks", () => {
  test("are pending until a signed ping is answered, and show their secret once", async () => {
    const { call, create, attempt } = await webhooksWorld();
    const webhook = await create({ note: "prices" });
    expect(webhook).toMatchObject({ url: URL, status: "pending", event_types: null, note: "prices" });
    expect(webhook.secret).toMatch(/^whsec_/);
    const [ping] = await attempt({ status: 204 });
    expect(ping).toMatchObject({ url: URL, headers: { "webhook-id": expect.stringMatching(/^msg_/) } });
    expect(JSON.parse(ping?.body ?? "")).toMatchObject({ type: "webhook.ping", data: { endpoint_id: webhook.id } });
    const { content } = await call<{ webhooks: Webhook[] }>("GET", "/webhooks");
    expect(content.webhooks).toMatchObject([{ id: webhook.id, status: "enabled" }]);
    expect((await call("GET", `/webhooks/${webhook.id}`)).content).toEqual(content.webhooks[0]);
    expect(JSON.stringify(content)).not.toContain(webhook.secret);
  });

  test("are changed: a new URL has to answer a ping first", async () => {
    const { call, enabled, claim } = await webhooksWorld();
    const { id } = await enabled();
    const noted = await call("PATCH", `/webhooks/${id}`, { note: "x", event_types: ["alert.triggered"] });
    expect(noted.content).toMatchObject({ status: "enabled", note: "x", event_types: ["alert.triggered"] });
    // Repeated, they would not fit their column.
    const repeated = await call("PATCH", `/webhooks/${id}`, { event_types: Array(100).fill("alert.triggered") });
    expect([repeated.status, repeated.content.event_types]).toEqual([200, ["alert.triggered"]]);
    const moved = await call("PATCH", `/webhooks/${id}`, { url: "https://hooks.example.org/b" });
    expect(moved.content).toMatchObject({ status: "pending", url: "https://hooks.example.org/b" });
    expect((await claim()).deliveries).toMatchObject([{ url: "https://hooks.example.org/b" }]);
  });

  test("that are gone are disabled, and enabled again by a ping", async () => {
    const { call, enabled, attempt, deliveries, tell, clock } = await webhooksWorld();
    const { id } = await enabled();
    await tell();
    clock.ms += 1_000;
    await call("POST", `/webhooks/${id}/replay`, { since: new Date(clock.ms - DAY_MS).toISOString() });
    await attempt({ status: 410, error: "http" });
    const [disabled] = (await call<{ webhooks: Webhook[] }>("GET", "/webhooks")).content.webhooks;
    expect(disabled).toMatchObject({ status: "disabled", disabled_reason: "gone" });
    for (const delivery of await deliveries(id)) {
      expect(await call("POST", `/deliveries/${delivery.id}/retry`)).toMatchObject({ status: 409 });
      expect(await deliveries(id)).toContainEqual(delivery);
    }
    for (const [action, body] of [["ping"], ["replay", { since: new Date(clock.ms).toISOString() }]] as const)
      expect(await call("POST", `/webhooks/${id}/${action}`, body)).toMatchObject({
        status: 409,
        content: { code: "conflict" },
      });
    expect((await call("POST", `/webhooks/${id}/enable`)).content).toMatchObject({ status: "pending" });
    await attempt({ status: 200 });
    expect((await call("POST", `/webhooks/${id}/enable`)).content).toMatchObject({ status: "enabled" });
    const replayed = await call("POST", `/webhooks/${id}/replay`, { since: new Date(clock.ms - DAY_MS).toISOString() });
    // What it was told before it was disabled, and that it was.
    expect([replayed.status, replayed.content]).toEqual([202, { due: 2 }]);
  });

  test("have each delivery and attempt in a history, and repeat one under the same id", async () => {
    const { call, enabled, attempt, deliveries, clock } = await webhooksWorld();
    const { id } = await enabled();
    await call("POST", `/webhooks/${id}/ping`);
    const [first] = await attempt({ status: 500, error: "http" });
    const [ping, initial] = await deliveries(id);
    expect(initial).toMatchObject({ type: "webhook.ping", status: "delivered", attempts: 1, next_attempt_at: null });
    expect(ping).toMatchObject({
      webhook_id: id,
      status: "due",
      log: [{ n: 1, status: 500, error: "http", duration_ms: 1, at: new Date(clock.ms).toISOString() }],
    });
    const retried = await call("POST", `/deliveries/${ping?.id}/retry`);
    expect([retried.status, retried.content.next_attempt_at]).toEqual([202, new Date(clock.ms).toISOString()]);
    const [second] = await attempt({ status: 204 });
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect((await deliveries(id))[0]).toMatchObject({ status: "delivered", attempts: 2 });
  });

  test("list deliveries a hundred at a time, the last page as well if it is full", async () => {
    const { call, enabled, tell, clock } = await webhooksWorld();
    const { id } = await enabled();
    const since = new Date(clock.ms - DAY_MS).toISOString();
    const send = async (events: number) => {
      for (let told = 0; told < events; told++) await tell();
      clock.ms += 1_000;
      await call("POST", `/webhooks/${id}/replay`, { since });
    };
    const page = async (query = "") => {
      const path = `/webhooks/${id}/deliveries${query}`;
      const { deliveries, next } = (await call<{ deliveries: unknown[]; next: number | null }>("GET", path)).content;
      return { count: deliveries.length, next };
    };
    // Beside the first ping.
    await send(99);
    expect(await page()).toEqual({ count: 100, next: null });
    await send(1);
    const { count, next } = await page();
    expect(count).toBe(100);
    expect(await page(`?before=${next}`)).toEqual({ count: 1, next: null });
  });

  test("rotate their secret, sign with both, and never show it again", async () => {
    const { call, enabled, claim, clock } = await webhooksWorld();
    const { id, secret } = await enabled();
    const headers = { "Idempotency-Key": "rotation" };
    const first = await call(`POST`, `/webhooks/${id}/rotate-secret`, undefined, { headers });
    expect(first.content).toEqual({
      secret: expect.stringMatching(/^whsec_/),
      previous_valid_until: new Date(clock.ms + DAY_MS).toISOString(),
    });
    expect(first.content.secret).not.toBe(secret);
    const again = await call(`POST`, `/webhooks/${id}/rotate-secret`, undefined, { headers });
    expect(again.content).toEqual({ ...first.content, secret: null });
    await call("POST", `/webhooks/${id}/ping`);
    const [ping] = (await claim()).deliveries;
    expect(ping?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  });

  test("are signed by the newest two secrets, if the secret is rotated again within the day", async () => {
    const { call, enabled, claim } = await webhooksWorld();
    const { id, secret } = await enabled();
    const rotate = async () => (await call<Webhook>("POST", `/webhooks/${id}/rotate-secret`)).content.secret;
    const [second, third] = [await rotate(), await rotate()];
    await call("POST", `/webhooks/${id}/ping`);
    const [ping] = (await claim()).deliveries;
    const headers = ping?.headers ?? {};
    const sentAt = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    const signatureBy = (by: string | null) =>
      new Verifier(by ?? "").sign(headers["webhook-id"] ?? "", sentAt, ping?.body ?? "");
    const signatures = headers["webhook-signature"]?.split(" ");
    expect([secret, second, third].map((by) => signatures?.includes(signatureBy(by)))).toEqual([false, true, true]);
  });

  test("that are deleted do not exist, and get nothing that was still due", async () => {
    const { call, create, claim } = await webhooksWorld();
    const { id } = await create();
    expect((await call("DELETE", `/webhooks/${id}`)).status).toBe(204);
    expect((await claim()).deliveries).toEqual([]);
    expect((await call("DELETE", `/webhooks/${id}`)).status).toBe(404);
    for (const path of [`/webhooks/${id}`, `/webhooks/${id}/deliveries`])
      expect((await call("GET", path)).status).toBe(404);
  });

  test("of another account do not exist, nor do its deliveries, for any method", async () => {
    const { call, enabled, deliveries, other } = await webhooksWorld();
    const { id } = await enabled();
    const [delivery] = await deliveries(id);
    const since = { since: "2023-12-01T00:00:00Z" };
    for (const [method, path, body] of [
      ["GET", `/webhooks/${id}`],
      ["PATCH", `/webhooks/${id}`, { note: "mine" }],
      ["DELETE", `/webhooks/${id}`],
      ["POST", `/webhooks/${id}/ping`],
      ["POST", `/webhooks/${id}/enable`],
      ["POST", `/webhooks/${id}/rotate-secret`],
      ["POST", `/webhooks/${id}/replay`, since],
      ["GET", `/webhooks/${id}/deliveries`],
      ["POST", `/deliveries/${delivery?.id}/retry`],
    ] as const) {
      const { status, content } = await call(method, path, body, { key: other });
      expect([method, path, status, content.code]).toEqual([method, path, 404, "object_not_found"]);
    }
    expect((await call("GET", "/webhooks", undefined, { key: other })).content).toEqual({ webhooks: [] });
    const alert = { pair: "USD/MXN", condition: "below", threshold: "17", endpoints: [id] };
    expect(await call("POST", "/alerts", alert, { key: other })).toMatchObject({
      status: 400,
      content: { errors: [{ parameter: "endpoints.0" }] },
    });
    expect((await call<{ webhooks: Webhook[] }>("GET", "/webhooks")).content.webhooks).toMatchObject([{ note: null }]);
  });

  test("are created once for an Idempotency-Key, and are as many as the plan allows", async () => {
    const { call, own, services } = await webhooksWorld();
    const headers = { "Idempotency-Key": "webhook-1" };
    const create = () => call<Webhook>("POST", "/webhooks", { url: URL }, { headers });
    const [first, second] = [await create(), await create()];
    expect(second.content).toEqual({ ...first.content, secret: null });
    await services.accounts.ledger((ledger) => ledger.setPlan(own.accountId, "free"));
    const more = await Promise.all(Array.from({ length: 6 }, () => call("POST", "/webhooks", { url: URL })));
    expect(more.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 403, 403]);
  });

  test.each([
    ["no URL", {}, "url"],
    ["a URL that is none", { url: "hooks" }, "url"],
    ["clear text", { url: "http://hooks.example.org" }, "url"],
    ["another port", { url: "https://hooks.example.org:8443" }, "url"],
    ["a user name", { url: "https://a:b@hooks.example.org" }, "url"],
    ["loopback", { url: "https://127.0.0.1/" }, "url"],
    ["loopback as one number", { url: "https://2130706433/" }, "url"],
    ["a private address", { url: "https://10.0.0.7/" }, "url"],
    ["an address of IPv6", { url: "https://[fd00::1]/" }, "url"],
    ["the metadata service", { url: "https://169.254.169.254/latest" }, "url"],
    ["a name of one label", { url: "https://intranet/" }, "url"],
    ["a private name", { url: "https://db.internal./" }, "url"],
    ["our own host", { url: "https://paridad.example/" }, "url"],
    ["a type that does not exist", { url: URL, event_types: ["rate.published"] }, "event_types.0"],
    ["no type", { url: URL, event_types: [] }, "event_types"],
    ["a note that is too long", { url: URL, note: "x".repeat(201) }, "note"],
    ["a field that does not exist", { url: URL, secret: "x" }, "secret"],
  ])("with %s are refused when created and when changed, and the problem names it", async (_, body, parameter) => {
    const { call, create } = await webhooksWorld();
    const { id } = await create();
    for (const [method, path] of [
      ["POST", "/webhooks"],
      ["PATCH", `/webhooks/${id}`],
    ] as const) {
      if (method === "PATCH" && Object.keys(body).length === 0) continue;
      const { status, content } = await call(method, path, body);
      expect([method, status, content.code]).toEqual([method, 400, "invalid_parameter"]);
      expect((content.errors as { parameter: string }[]).map((error) => error.parameter)).toEqual([parameter]);
    }
  });

  test.each([
    ["POST", "/webhooks/ID/replay", { since: "yesterday" }, "since"],
    ["POST", "/webhooks/ID/replay", { since: "2099-01-01T00:00:00Z" }, "since"],
    ["POST", "/webhooks/ID/replay", {}, "since"],
    ["POST", "/webhooks/ID/ping", { now: true }, "body"],
    ["GET", "/webhooks/ID/deliveries?before=0", undefined, "before"],
    ["POST", "/deliveries/x/retry", undefined, "id"],
  ])("%s %s with %o names the parameter", async (method, path, body, parameter) => {
    const { call, enabled } = await webhooksWorld();
    const { id } = await enabled();
    const { status, content } = await call(method, path.replace("ID", id), body);
    expect([status, content.errors]).toEqual([400, [expect.objectContaining({ parameter })]]);
  });
});

test("a receiver on loopback is for a developer's machine only", async () => {
  for (const [environment, status] of [
    ["local", 201],
    ["prd", 400],
  ] as const) {
    const webhookKey = randomBytes(32).toString("base64");
    const { account, tokenOf, call } = await createPrivateOrigin({ webhookKey, environment });
    const response = await call("POST", "/webhooks", await tokenOf(await account()), {
      url: "http://127.0.0.1:8791/hook",
    });
    expect([environment, response.status]).toEqual([environment, status]);
  }
});
