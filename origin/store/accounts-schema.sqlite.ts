import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The tables of accounts in SQLite. Instants are epoch milliseconds, so that statements are written once for both dialects. */

export const accounts = sqliteTable("accounts", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** core/auth/plans. */
  plan: text("plan").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  /** Set while it may not be used. */
  disabledAtMs: integer("disabled_at_ms"),
});

export const apiKeys = sqliteTable(
  "api_keys",
  {
    /** Part of the key itself; `issuer:client` for a client of another issuer. */
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    name: text("name").notNull(),
    /** Separated by spaces. */
    scopes: text("scopes").notNull(),
    /** SHA-256 of the whole key in hexadecimal; null for a client of another issuer. */
    digest: text("digest"),
    createdAtMs: integer("created_at_ms").notNull(),
    /** To the hour. */
    lastUsedAtMs: integer("last_used_at_ms"),
    expiresAtMs: integer("expires_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
  },
  (table) => [index("api_keys_account").on(table.accountId)],
);

/** Responses to POST requests with an Idempotency-Key. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    accountId: text("account_id").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    /** Of the request. */
    digest: text("digest").notNull(),
    status: integer("status").notNull(),
    body: text("body").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.idempotencyKey] })],
);
