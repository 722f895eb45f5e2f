import { describe, expect, test } from "vitest";
import { accountEventPageSchema, accountHistorySchema } from "#core/wire/account-events.ts";
import { insertEvent } from "../../origin/store/alerts-events.ts";
import { createPrivateOrigin } from "./private.ts";

describe("events of accounts, for the edge", () => {
  test("come after a number, with the keys that have ended, and by account", async () => {
    const { account, internal, services, clock, call, tokenOf } = await createPrivateOrigin();
    const key = await account();
    const add = (accountId: string, type = "endpoint.disabled") =>
      services.store.transaction("test", (session) =>
        insertEvent(session, accountId, { type, body: JSON.stringify({ type }) }, clock.ms),
      );
    const [first, second] = [await add(key.accountId), await add("acc_other")];
    await add(key.accountId, "webhook.ping");
    const page = async (after: number) =>
      accountEventPageSchema.parse(await (await internal(`account-events?after=${after}`)).json());
    expect(await page(0)).toMatchObject({
      events: [{ id: first }, { id: second }],
      next: second,
      more: false,
      ended: [],
    });
    expect(await page(second)).toMatchObject({ events: [], next: second });
    expect((await call("DELETE", `/keys/${key.id}`, await tokenOf(key))).status).toBe(204);
    expect((await page(second)).ended).toEqual([{ account: key.accountId, key: key.id }]);
    clock.ms += 2 * 3_600_000;
    expect((await page(second)).ended).toEqual([]);
    const history = await (await internal(`accounts/${key.accountId}/events`)).json();
    expect(accountHistorySchema.parse(history)).toMatchObject({
      events: [{ id: first, account: key.accountId }],
      floor: 0,
    });
  });

  test("are for the edge only, and its cursor is no consumer of the log", async () => {
    const { internal, app, services, clock } = await createPrivateOrigin();
    expect((await app.request("/internal/account-events")).status).toBe(401);
    expect((await internal("account-events?after=x")).status).toBe(400);
    const moved = await internal("cursors/accounts", { from: 0, to: 7 });
    expect(await moved.json()).toEqual({ seq: 7 });
    expect(await services.store.events.lag(clock.ms)).toEqual([]);
  });

  test("a stream of the origin alone takes no ticket", async () => {
    const { get } = await createPrivateOrigin();
    const response = await get("/api/v1/stream?ticket=x");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ parameter: "ticket" }] });
  });
});
