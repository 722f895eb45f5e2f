import { randomBytes } from "node:crypto";
import type { PrivateHost } from "#core/api/private/api.ts";
import type { Caller } from "#core/api/private/endpoint.ts";
import type { PrivateRows } from "#core/api/private/rows.ts";
import { areEqualDigests, digestOf, keyIdOf, newId, newKey } from "#core/auth/api-key.ts";
import type { Token } from "#core/auth/issuers.ts";
import type { Plan } from "#core/auth/plans.ts";
import type { Scope } from "#core/auth/scopes.ts";
import { alertRows, webhookRows } from "../alerts/private-rows.ts";
import type { SecretBox } from "../alerts/secret-box.ts";
import { type AccountLedger, accountLedger, keptResponses, type StoredKey } from "./accounts-rows.ts";
import type { SqlSession } from "./sql-session.ts";
import type { Store } from "./store.ts";

interface KeyRights {
  scopes: readonly Scope[];
  /** `issuer:client`: then tokens of that issuer stand for the account, and there is no secret. */
  externalId?: string | undefined;
  expiresAtMs?: number | null;
}

/** With what its first key may do. */
export interface NewAccount extends KeyRights {
  name: string;
  plan: Plan;
}

export interface NewKeyOptions extends KeyRights {
  accountId: string;
  name: string;
}

export interface AddedKey {
  accountId: string;
  id: string;
  /** undefined: the client of another issuer. */
  secret: string | undefined;
}

const HOUR_MS = 3_600_000;
/** Compared with if there is no such key, so that the time says nothing. */
const NO_DIGEST = "0".repeat(64);

/** Accounts and their keys in a store. */
export class Accounts implements Pick<PrivateHost, "read" | "change"> {
  readonly #store: Pick<Store, "transaction">;
  readonly #secretBox: SecretBox | undefined;

  /** `secretBox`: for the secrets of webhooks; without it there are none. */
  constructor(store: Pick<Store, "transaction">, secretBox?: SecretBox) {
    this.#store = store;
    this.#secretBox = secretBox;
  }

  /** What operators do, in one transaction. */
  ledger<T>(work: (ledger: AccountLedger) => Promise<T>): Promise<T> {
    return this.#store.transaction("accounts", (session) => work(accountLedger(session)));
  }

  /** An account with its first key, whose secret is shown once. */
  createAccount({ name, plan, ...rights }: NewAccount, nowMs: number): Promise<AddedKey> {
    const id = newId("acc", randomBytes);
    return this.ledger(async (ledger) => {
      await ledger.insertAccount({ id, name, plan, createdAtMs: nowMs, disabledAtMs: null });
      return addKey(ledger, { ...rights, accountId: id, name: "first" }, nowMs);
    });
  }

  /** A further key; undefined if there is no such account. */
  createKey(key: NewKeyOptions, nowMs: number): Promise<AddedKey | undefined> {
    return this.ledger(async (ledger) =>
      (await ledger.account(key.accountId)) === undefined ? undefined : addKey(ledger, key, nowMs),
    );
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

  read: PrivateHost["read"] = (work) => this.#store.transaction("private_read", (session) => work(this.#rows(session)));

  change: PrivateHost["change"] = (accountId, work) =>
    this.#store.transaction("private_change", async (session) => {
      await accountLedger(session).lock(accountId);
      return work(this.#rows(session), keptResponses(session));
    });

  #rows(session: SqlSession): PrivateRows {
    return {
      accounts: accountLedger(session),
      alerts: alertRows(session),
      webhooks: webhookRows(session, this.#secretBox),
    };
  }
}

async function addKey(
  ledger: AccountLedger,
  { accountId, name, scopes, externalId, expiresAtMs = null }: NewKeyOptions,
  nowMs: number,
): Promise<AddedKey> {
  const made = externalId === undefined ? newKey(randomBytes) : { id: externalId, secret: undefined };
  const key = { id: made.id, accountId, name, scopes, createdAtMs: nowMs, lastUsedAtMs: null, expiresAtMs };
  await ledger.insertKey(key, made.secret === undefined ? null : await digestOf(made.secret));
  return { accountId, ...made };
}

async function callerBy(ledger: AccountLedger, key: StoredKey | undefined, nowMs: number): Promise<Caller | undefined> {
  if (key === undefined || key.revokedAtMs !== null || (key.expiresAtMs ?? nowMs + 1) <= nowMs) return undefined;
  const account = await ledger.account(key.accountId);
  if (account === undefined || account.disabledAtMs !== null) return undefined;
  const hourMs = nowMs - (nowMs % HOUR_MS);
  if (key.lastUsedAtMs !== hourMs) await ledger.touchKey(key.id, hourMs);
  return { account, keyId: key.id, scopes: key.scopes };
}
