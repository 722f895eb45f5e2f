import { type SQL, sql } from "drizzle-orm";
import type { KeptResponse, KeptResponses } from "#core/api/private/idempotency.ts";
import type { AccountRow, AccountRows, KeyRow } from "#core/api/private/rows.ts";
import { isPlan } from "#core/auth/plans.ts";
import { scopesIn } from "#core/auth/scopes.ts";
import { type Columns, forUpdate, listOf, type SqlSession } from "./sql-session.ts";

/** A key, what proves it, and whether it is in force. */
export interface StoredKey extends KeyRow {
  digest: string | null;
  revokedAtMs: number | null;
}

/** What only hosts and operators do with accounts, besides private endpoints. */
export interface AccountLedger extends AccountRows {
  /** Keeps other changes of the account waiting until the transaction ends. */
  lock(accountId: string): Promise<void>;
  key(id: string): Promise<StoredKey | undefined>;
  touchKey(id: string, usedAtMs: number): Promise<void>;
  accounts(): Promise<AccountRow[]>;
  /** Keys that were revoked or have expired since an instant, and with null for the key accounts that were disabled. */
  endedSince(sinceMs: number, nowMs: number): Promise<{ account: string; key: string | null }[]>;
  insertAccount(account: AccountRow): Promise<void>;
  /** null: it may be used again. Whether there is such an account. */
  setDisabled(id: string, atMs: number | null): Promise<boolean>;
  setPlan(id: string, plan: AccountRow["plan"]): Promise<boolean>;
}

const ACCOUNT: Columns<AccountRow> = {
  id: sql`id`,
  name: sql`name`,
  plan: sql`plan`,
  createdAtMs: sql`created_at_ms`,
  disabledAtMs: sql`disabled_at_ms`,
};

type RawKey = Omit<StoredKey, "scopes"> & { scopes: string };

const KEY: Columns<RawKey> = {
  id: sql`id`,
  accountId: sql`account_id`,
  name: sql`name`,
  scopes: sql`scopes`,
  digest: sql`digest`,
  createdAtMs: sql`created_at_ms`,
  lastUsedAtMs: sql`last_used_at_ms`,
  expiresAtMs: sql`expires_at_ms`,
  revokedAtMs: sql`revoked_at_ms`,
};

/** Those of these accounts that are disabled. */
export async function disabledAmong(session: SqlSession, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await session.select<{ id: string }>(
    { id: sql`id` },
    sql`FROM accounts WHERE id IN ${listOf([...new Set(ids)])} AND disabled_at_ms IS NOT NULL`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The rows of accounts within a transaction. */
export function accountLedger(session: SqlSession): AccountLedger {
  const accountsWhere = async (rest: SQL) => (await session.select(ACCOUNT, sql`FROM accounts ${rest}`)).map(accountOf);
  const keysWhere = async (rest: SQL) => (await session.select(KEY, sql`FROM api_keys ${rest}`)).map(keyOf);
  const isInUse = (accountId: string) => sql`WHERE account_id = ${accountId} AND revoked_at_ms IS NULL`;
  return {
    lock: async (accountId) => {
      await session.select({ id: sql`id` }, sql`FROM accounts WHERE id = ${accountId}${forUpdate(session)}`);
    },
    account: async (id) => (await accountsWhere(sql`WHERE id = ${id}`))[0],
    accounts: () => accountsWhere(sql`ORDER BY created_at_ms, id`),
    endedSince: async (sinceMs, nowMs) => {
      const accounts = await accountsWhere(sql`WHERE disabled_at_ms >= ${sinceMs}`);
      const keys = await keysWhere(
        sql`WHERE revoked_at_ms >= ${sinceMs} OR expires_at_ms BETWEEN ${sinceMs} AND ${nowMs}`,
      );
      return [
        ...accounts.map(({ id }) => ({ account: id, key: null })),
        ...keys.map(({ id, accountId }) => ({ account: accountId, key: id })),
      ];
    },
    insertAccount: async ({ id, name, plan, createdAtMs, disabledAtMs }) => {
      const columns = sql`accounts (id, name, plan, created_at_ms, disabled_at_ms)`;
      await session.run(sql`INSERT INTO ${columns} VALUES (${id}, ${name}, ${plan}, ${createdAtMs}, ${disabledAtMs})`);
    },
    setDisabled: async (id, atMs) => {
      await session.run(sql`UPDATE accounts SET disabled_at_ms = ${atMs} WHERE id = ${id}`);
      return (await accountsWhere(sql`WHERE id = ${id}`)).length > 0;
    },
    setPlan: async (id, plan) => {
      await session.run(sql`UPDATE accounts SET plan = ${plan} WHERE id = ${id}`);
      return (await accountsWhere(sql`WHERE id = ${id}`)).length > 0;
    },
    key: async (id) => (await keysWhere(sql`WHERE id = ${id}`))[0],
    keys: (accountId) => keysWhere(sql`${isInUse(accountId)} ORDER BY created_at_ms, id`),
    countKeys: async (accountId) => {
      const [row] = await session.select<{ n: number }>({ n: sql`COUNT(*)` }, sql`FROM api_keys ${isInUse(accountId)}`);
      return Number(row?.n ?? 0);
    },
    insertKey: async ({ id, accountId, name, scopes, createdAtMs, lastUsedAtMs, expiresAtMs }, digest) => {
      const columns = sql`api_keys (id, account_id, name, scopes, digest, created_at_ms, last_used_at_ms, expires_at_ms)`;
      const values = sql`${id}, ${accountId}, ${name}, ${scopes.join(" ")}, ${digest}, ${createdAtMs}, ${lastUsedAtMs}, ${expiresAtMs}`;
      await session.run(sql`INSERT INTO ${columns} VALUES (${values})`);
    },
    revokeKey: async (accountId, keyId, nowMs) => {
      const isTheirs = sql`${isInUse(accountId)} AND id = ${keyId}`;
      return (await session.run(sql`UPDATE api_keys SET revoked_at_ms = ${nowMs} ${isTheirs}`)) > 0;
    },
    touchKey: async (id, usedAtMs) => {
      await session.run(sql`UPDATE api_keys SET last_used_at_ms = ${usedAtMs} WHERE id = ${id}`);
    },
  };
}

/** The kept responses within a transaction that holds the account. */
export function keptResponses(session: SqlSession): KeptResponses {
  return {
    find: async (accountId, key, sinceMs) => {
      const isIt = sql`account_id = ${accountId} AND idempotency_key = ${key} AND created_at_ms >= ${sinceMs}`;
      const columns = { digest: sql`digest`, status: sql`status`, body: sql`body` };
      return (await session.select<KeptResponse>(columns, sql`FROM idempotency_keys WHERE ${isIt}`))[0];
    },
    keep: async (accountId, key, { digest, status, body }, nowMs, sinceMs) => {
      // The service's user may not delete: an expired row is used again, that of the same key first.
      const isOld = sql`account_id = ${accountId} AND created_at_ms < ${sinceMs}`;
      const order = sql`ORDER BY CASE WHEN idempotency_key = ${key} THEN 0 ELSE 1 END, created_at_ms LIMIT 1`;
      const old = sql`FROM idempotency_keys WHERE ${isOld} ${order}`;
      const [expired] = await session.select<{ key: string }>({ key: sql`idempotency_key` }, old);
      const columns = sql`idempotency_keys (account_id, idempotency_key, digest, status, body, created_at_ms)`;
      const values = sql`${accountId}, ${key}, ${digest}, ${status}, ${body}, ${nowMs}`;
      if (expired === undefined) await session.run(sql`INSERT INTO ${columns} VALUES (${values})`);
      else
        await session.run(sql`UPDATE idempotency_keys SET idempotency_key = ${key}, digest = ${digest}, status = ${status},
          body = ${body}, created_at_ms = ${nowMs} WHERE account_id = ${accountId} AND idempotency_key = ${expired.key}`);
    },
  };
}

function accountOf(row: AccountRow): AccountRow {
  // A plan of a newer release counts as the smallest.
  return { ...row, plan: isPlan(row.plan) ? row.plan : "free" };
}

function keyOf({ scopes, ...row }: RawKey): StoredKey {
  return { ...row, scopes: scopesIn(scopes) };
}
