import { describe, expect, test } from "vitest";
import { IDEMPOTENCY_MS } from "#core/api/private/idempotency.ts";
import { PLANS } from "#core/auth/plans.ts";
import { createPrivateOrigin } from "./private.ts";

describe("GET /account", () => {
  test("says whose token it is, what it may do and what is in use", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const key = await account();
    const response = await call("GET", "/account", await tokenOf(key, "alerts:read"));
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
    expect(await response.json()).toMatchObject({
      id: key.accountId,
      key_id: key.id,
      scopes: ["alerts:read"],
      plan: "standard",
      quotas: {
        keys: { used: 1, limit: PLANS.standard.keys },
        alerts: { used: 0, limit: PLANS.standard.alerts },
        webhooks: { used: 0, limit: PLANS.standard.webhooks },
      },
    });
  });
});

describe("keys", () => {
  test("are created, listed without their secrets, used and revoked at once", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const owner = await tokenOf(await account());
    const created = await call("POST", "/keys", owner, { name: "second", scopes: ["alerts:read"] });
    expect(created.status).toBe(201);
    const { id, secret } = (await created.json()) as { id: string; secret: string };
    const list = (await (await call("GET", "/keys", owner)).text()) as string;
    expect(list).toContain(id);
    expect(list).not.toContain(secret);
    const second = await tokenOf({ accountId: "", id, secret });
    expect((await call("GET", "/account", second)).status).toBe(200);
    const deleted = await call("DELETE", `/keys/${id}`, owner);
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    expect((await call("GET", "/account", second)).status).toBe(401);
    expect((await call("DELETE", `/keys/${id}`, owner)).status).toBe(404);
  });

  test("have no scope that the request's own token lacks", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const limited = await tokenOf(await account(), "keys:write alerts:read");
    const response = await call("POST", "/keys", limited, { name: "x", scopes: ["alerts:read", "alerts:write"] });
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ parameter: "scopes" }] }]);
  });

  test("are as many as the plan allows, even if requested at once", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const token = await tokenOf(await account({ plan: "free" }));
    const requests = Array.from({ length: 8 }, () =>
      call("POST", "/keys", token, { name: "x", scopes: ["keys:write"] }),
    );
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(PLANS.free.keys - 1);
    expect(statuses.filter((status) => status === 403)).toHaveLength(9 - PLANS.free.keys);
  });

  test("end when they expire", async () => {
    const { account, tokenOf, call, clock, token } = await createPrivateOrigin();
    const owner = await tokenOf(await account());
    const expires_at = new Date(clock.ms + 60_000).toISOString();
    const created = await call("POST", "/keys", owner, { name: "x", scopes: ["alerts:read"], expires_at });
    const { id, secret } = (await created.json()) as { id: string; secret: string };
    const short = await tokenOf({ accountId: "", id, secret });
    clock.ms += 60_000;
    expect((await call("GET", "/account", short)).status).toBe(401);
    expect((await token({ client_id: id, client_secret: secret })).status).toBe(401);
  });
});

describe("input", () => {
  test.each([
    ["a missing field", { scopes: ["alerts:read"] }, "name", "is required"],
    ["an unknown field", { name: "x", scopes: ["alerts:read"], admin: true }, "admin", "is not a field"],
    ["a wrong type", { name: 5, scopes: ["alerts:read"] }, "name", "must be text"],
    ["an unknown scope", { name: "x", scopes: ["root"] }, "scopes.0", ""],
    ["no object", "[1]", "body", "must be a JSON object"],
    ["no JSON", "{", "body", "must be a JSON object"],
    [
      "a past instant",
      { name: "x", scopes: ["alerts:read"], expires_at: "2001-01-01T00:00:00Z" },
      "expires_at",
      "future",
    ],
  ])("%s is named", async (_, body, parameter, detail) => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const response = await call("POST", "/keys", await tokenOf(await account()), body);
    expect(response.status).toBe(400);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "invalid_parameter",
      errors: [{ parameter, detail: expect.stringContaining(detail) }],
    });
  });

  test("a body of another type, one that is too large, and a query that does not exist are refused", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    expect((await call("POST", "/keys", token, "name=x", { "Content-Type": "text/plain" })).status).toBe(415);
    expect((await call("POST", "/keys", token, JSON.stringify({ name: "x".repeat(20_000) }))).status).toBe(413);
    expect((await call("GET", "/account?x=1", token)).status).toBe(400);
    expect((await call("DELETE", "/keys/x", token, { a: 1 })).status).toBe(400);
  });

  test("other methods and paths say what there is", async () => {
    const { call } = await createPrivateOrigin();
    const response = await call("PUT", "/keys");
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
    expect((await call("POST", "/keys/a/b")).status).toBe(404);
    expect((await call("GET", "/oauth/token")).status).toBe(405);
  });
});

describe("Idempotency-Key", () => {
  const key = { "Idempotency-Key": "order-1" };
  const body = { name: "x", scopes: ["alerts:read"] };
  const count = async (response: Response | Promise<Response>) =>
    ((await (await response).json()) as { keys: unknown[] }).keys.length;

  test("has one effect and one response, which never shows the secret again", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    const first = await call("POST", "/keys", token, body, key);
    const again = await call("POST", "/keys", token, body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("Idempotent-Replayed")).toBe("true");
    expect(await again.json()).toEqual({ ...((await first.json()) as object), secret: null });
    expect(await count(call("GET", "/keys", token))).toBe(2);
  });

  test("holds for two requests at once", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    const both = await Promise.all([1, 2, 3].map(() => call("POST", "/keys", token, body, key)));
    expect(both.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await count(call("GET", "/keys", token))).toBe(2);
  });

  test("is refused for another request, and free for another account", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const [token, other] = [await tokenOf(await account()), await tokenOf(await account())];
    await call("POST", "/keys", token, body, key);
    const reused = await call("POST", "/keys", token, { ...body, name: "y" }, key);
    expect([reused.status, await reused.json()]).toMatchObject([422, { code: "idempotency_key_reused" }]);
    expect((await call("POST", "/keys", other, { ...body, name: "y" }, key)).headers.has("Idempotent-Replayed")).toBe(
      false,
    );
  });

  test("is kept for a day, and not for a request that was refused", async () => {
    const { account, tokenOf, call, clock } = await createPrivateOrigin();
    const owner = await account();
    expect((await call("POST", "/keys", await tokenOf(owner), { ...body, name: "" }, key)).status).toBe(400);
    expect((await call("POST", "/keys", await tokenOf(owner), body, key)).status).toBe(201);
    clock.ms += IDEMPOTENCY_MS + 1;
    expect((await call("POST", "/keys", await tokenOf(owner), { ...body, name: "y" }, key)).status).toBe(201);
    const token = await tokenOf(owner);
    expect(await count(call("GET", "/keys", token))).toBe(3);
    expect((await call("POST", "/keys", token, body, { "Idempotency-Key": "a b" })).status).toBe(400);
  });
});
