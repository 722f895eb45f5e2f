import type { Plan } from "../../auth/plans.ts";
import type { Scope } from "../../auth/scopes.ts";

/** What private endpoints read and write. Hosts implement it; every statement names the account. Instants are epoch milliseconds. */
export interface PrivateRows {
  accounts: AccountRows;
}

export interface AccountRow {
  id: string;
  name: string;
  plan: Plan;
  createdAtMs: number;
  disabledAtMs: number | null;
}

/** An API key, or the client of another issuer (then its id is `issuer:client`). */
export interface KeyRow {
  id: string;
  accountId: string;
  name: string;
  scopes: readonly Scope[];
  createdAtMs: number;
  /** To the hour. */
  lastUsedAtMs: number | null;
  expiresAtMs: number | null;
}

export interface AccountRows {
  account(id: string): Promise<AccountRow | undefined>;
  /** Those that are not revoked, oldest first. */
  keys(accountId: string): Promise<KeyRow[]>;
  countKeys(accountId: string): Promise<number>;
  /** `digest`: of the whole key; null for another issuer's client. */
  insertKey(key: KeyRow, digest: string | null): Promise<void>;
  /** Whether the account had it. */
  revokeKey(accountId: string, keyId: string, nowMs: number): Promise<boolean>;
}
