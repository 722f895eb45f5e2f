import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "#core/auth/api-key.ts";
import type { Scope } from "#core/auth/scopes.ts";
import { Accounts } from "../../origin/store/accounts.ts";
import { eventsOfAll, insertEvent, newestEvents } from "../../origin/store/alerts-events.ts";
import type { SqlSession } from "../../origin/store/sql-session.ts";
import type { Store } from "../../origin/store/store.ts";
import { NOW_MS } from "./data.ts";

const DAY_MS = 86_400_000;
const LANES = 8;
const EVENTS_PER_LANE = 25;

/** The part of the conformance suite about accounts, their keys, and what is told to them. */
export function describeAccounts(current: () => Store): void {
  let accounts: Accounts;
  beforeEach(() => {
    accounts = new Accounts(current());
  });

  const create = (scopes: readonly Scope[] = ["alerts:read", "keys:write"]) =>
    accounts.createAccount({ name: "Test", plan: "free", scopes }, NOW_MS);
  const callerOf = (keyId: string, nowMs = NOW_MS) =>
    accounts.callerOf({ keyId, scopes: ["alerts:read"], expiresAtMs: nowMs + DAY_MS }, nowMs);

  describe("accounts", () => {
    test("are found by their key and by its secret, with the scopes that both token and key have", async () => {
      const { accountId, id, secret = "" } = await create();
      expect(await callerOf(id)).toMatchObject({ account: { id: accountId, plan: "free" }, scopes: ["alerts:read"] });
      expect(await accounts.holderOf(secret, NOW_MS)).toMatchObject({
        keyId: id,
        scopes: ["alerts:read", "keys:write"],
      });
      expect(await accounts.holderOf(`${secret.slice(0, -1)}!`, NOW_MS)).toBeUndefined();
    });

    test("may begin with a key that expires, or with a client of another issuer", async () => {
      const account = { name: "Test", plan: "free" as const, scopes: ["alerts:read" as const] };
      const { id, secret } = await accounts.createAccount({ ...account, expiresAtMs: NOW_MS + DAY_MS }, NOW_MS);
      expect(await accounts.holderOf(secret ?? "", NOW_MS)).toMatchObject({ keyId: id });
      expect(await accounts.holderOf(secret ?? "", NOW_MS + DAY_MS)).toBeUndefined();
      const externalId = `cognito:${randomUUID()}`;
      const { accountId, ...external } = await accounts.createAccount({ ...account, externalId }, NOW_MS);
      expect(external).toEqual({ id: externalId, secret: undefined });
      expect(await callerOf(externalId)).toMatchObject({ account: { id: accountId } });
    });

    test("whose key was revoked or has expired, or that were disabled, are nobody, and connections must end", async () => {
      const { accountId, id } = await create();
      const endedOf = async (sinceMs: number, nowMs = NOW_MS) =>
        (await accounts.ledger((ledger) => ledger.endedSince(sinceMs, nowMs))).filter(
          ({ account }) => account === accountId,
        );
      const add = (expiresAtMs: number | null) =>
        accounts.createKey({ accountId, name: "k", scopes: ["alerts:read"], expiresAtMs }, NOW_MS);
      const [revoked, expiring] = [await add(null), await add(NOW_MS + DAY_MS)];
      expect(await endedOf(0)).toEqual([]);
      await accounts.change(accountId, (rows) => rows.accounts.revokeKey(accountId, revoked?.id ?? "", NOW_MS));
      expect(await callerOf(revoked?.id ?? "")).toBeUndefined();
      expect(await endedOf(NOW_MS)).toEqual([{ account: accountId, key: revoked?.id }]);
      expect(await endedOf(NOW_MS + 1)).toEqual([]);
      const later = NOW_MS + DAY_MS;
      expect(await callerOf(expiring?.id ?? "", later)).toBeUndefined();
      expect(await endedOf(NOW_MS + 1, later)).toEqual([{ account: accountId, key: expiring?.id }]);
      await accounts.ledger((ledger) => ledger.setDisabled(accountId, later));
      expect(await callerOf(id, later)).toBeUndefined();
      expect(await endedOf(later, later)).toContainEqual({ account: accountId, key: null });
    });

    test("have exact quotas, and one response for a key of idempotency, whatever comes at once", async () => {
      const { accountId } = await create();
      const add = () =>
        accounts.change(accountId, async (rows, responses) => {
          const kept = await responses.find(accountId, "once", 0);
          const count = await rows.accounts.countKeys(accountId);
          if (kept === undefined)
            await responses.keep(accountId, "once", { digest: "d", status: 201, body: "{}" }, NOW_MS, 0);
          if (count >= 5) return kept !== undefined;
          const id = newId("key", (bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
          const key = {
            id,
            accountId,
            name: "k",
            scopes: [],
            createdAtMs: NOW_MS,
            lastUsedAtMs: null,
            expiresAtMs: null,
          };
          await rows.accounts.insertKey(key, null);
          return kept !== undefined;
        });
      const wereKept = await Promise.all(Array.from({ length: 12 }, add));
      expect(wereKept.filter((wasKept) => !wasKept)).toHaveLength(1);
      expect(await accounts.read((rows) => rows.accounts.countKeys(accountId))).toBe(5);
    });
  });

  describe("events of accounts", () => {
    const inSession = <T>(work: (session: SqlSession) => Promise<T>) => current().transaction("test", work);
    const add = (session: SqlSession, account: string, type = "endpoint.disabled") =>
      insertEvent(session, account, { type, body: JSON.stringify({ type }) }, NOW_MS);
    const newest = async () => {
      for (let after = 0; ; ) {
        const page = await inSession((session) => eventsOfAll(session, after, 1_000));
        if (page.length === 0) return after;
        after = page.at(-1)?.id ?? after;
      }
    };

    test("have numbers far above those of before, once the database was declared restored", async () => {
      const before = await inSession((session) => add(session, "acc_before"));
      const lost = before + 1_000;
      await current().declareRestored(undefined);
      const after = await inSession((session) => add(session, "acc_after"));
      expect(after).toBeGreaterThan(before + 999_999);
      expect(await inSession((session) => eventsOfAll(session, lost, 10))).toMatchObject([{ id: after }]);
      await current().declareRestored(undefined);
      expect(await inSession((session) => add(session, "acc_after"))).toBeGreaterThan(after);
    });

    test("are numbered in the order of commits: who reads on misses none", async () => {
      const start = await newest();
      const written = new Set<number>();
      const lanes = Array.from({ length: LANES }, async () => {
        for (let index = 0; index < EVENTS_PER_LANE; index++)
          written.add(
            await inSession(async (session) => {
              const id = await add(session, `acc_${randomUUID()}`);
              // Work that keeps the transaction open.
              await newestEvents(session, "acc_none", 1);
              return id;
            }),
          );
      });
      let isOver = false;
      const writing = Promise.all(lanes).finally(() => {
        isOver = true;
      });
      const seen = new Set<number>();
      for (let after = start, wasOver = false; !wasOver; ) {
        wasOver = isOver;
        const page = await inSession((session) => eventsOfAll(session, after, 1_000));
        for (const { id } of page) seen.add(id);
        after = page.at(-1)?.id ?? after;
      }
      await writing;
      expect(written.size).toBe(LANES * EVENTS_PER_LANE);
      expect(seen).toEqual(new Set([...written].sort((a, b) => a - b)));
    });

    test("of one account are read from the newest, without pings, and say from where they are whole", async () => {
      const account = `acc_${randomUUID()}`;
      const ids = await inSession(async (session) => {
        const first = await add(session, account);
        await add(session, account, "webhook.ping");
        await add(session, `acc_${randomUUID()}`);
        return [first, await add(session, account), await add(session, account)];
      });
      const history = (limit: number) => inSession((session) => newestEvents(session, account, limit));
      expect(await history(3)).toMatchObject({ events: ids.map((id) => ({ id, account })), floor: 0 });
      expect(await history(2)).toMatchObject({ events: ids.slice(1).map((id) => ({ id })), floor: ids[0] });
      expect(await inSession((session) => newestEvents(session, "acc_none", 2))).toEqual({ events: [], floor: 0 });
    });
  });
}
