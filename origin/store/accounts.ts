import type { PrivateHost } from "#core/api/private/api.ts";
import type { Caller } from "#core/api/private/endpoint.ts";
import { areEqualDigests, digestOf, keyIdOf } from "#core/auth/api-key.ts";
import type { Token } from "#core/auth/issuers.ts";
import { type AccountLedger, accountLedger, keptResponses, type StoredKey } from "./accounts-rows.ts";
import type { Store } from "./store.ts";

const HOUR_MS = 3_600_000;
/** Compared with if there is no such key, so that the time says nothing. */
const NO_DIGEST = "0".repeat(64);

/** Accounts and their keys in a store. */
export class Accounts implements Pick<PrivateHost, "read" | "change"> {
  readonly #store: Pick<Store, "transaction">;

  constructor(store: Pick<Store, "transaction">) {
    this.#store = store;
  }

  /** What operators do, in one transaction. */
  ledger<T>(work: (ledger: AccountLedger) => Promise<T>): Promise<T> {
    return this.#store.transaction("accounts", (session) => work(accountLedger(session)));
  }

  /** Who a verified token stands for; undefined if its key or its account is no longer in force. */
  callerOf(token: Token, nowMs: number): Promise<Caller | undefined> {
    return this.ledger(async (ledger) => {
      const caller = await callerBy(ledger, await ledger.key(token.keyId), nowMs);
      return caller && { ...caller, scopes: caller.scopes.filter((scope) => token.scopes.includes(scope)) };
    });
  }

  /** Who holds a secret key; undefined if it is none that is in force. */
  async holderOf(secret: string, nowMs: number): Promise<Caller | undefined> {
    const id = keyIdOf(secret);
    if (id === undefined) return undefined;
    const digest = await digestOf(secret);
    return this.ledger(async (ledger) => {
      const key = await ledger.key(id);
      return areEqualDigests(key?.digest ?? NO_DIGEST, digest) ? callerBy(ledger, key, nowMs) : undefined;
    });
  }

  read: PrivateHost["read"] = (work) =>
    this.#store.transaction("private_read", (session) => work({ accounts: accountLedger(session) }));

  change: PrivateHost["change"] = (accountId, work) =>
    this.#store.transaction("private_change", async (session) => {
      const accounts = accountLedger(session);
      await accounts.lock(accountId);
      return work({ accounts }, keptResponses(session));
    });
}

async function callerBy(ledger: AccountLedger, key: StoredKey | undefined, nowMs: number): Promise<Caller | undefined> {
  if (key === undefined || key.revokedAtMs !== null || (key.expiresAtMs ?? nowMs + 1) <= nowMs) return undefined;
  const account = await ledger.account(key.accountId);
  if (account === undefined || account.disabledAtMs !== null) return undefined;
  const hourMs = nowMs - (nowMs % HOUR_MS);
  if (key.lastUsedAtMs !== hourMs) await ledger.touchKey(key.id, hourMs);
  return { account, keyId: key.id, scopes: key.scopes };
}
