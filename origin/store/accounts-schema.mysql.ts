import { bigint, customType, index, mysqlTable, primaryKey, smallint } from "drizzle-orm/mysql-core";
import { exactText } from "./schema.mysql.ts";

/** The tables of accounts in MySQL. What columns mean is said in accounts-schema.sqlite. */

const instantMs = (name: string) => bigint(name, { mode: "number" });
/** Up to 16 MB. */
export const longText = customType<{ data: string }>({
  dataType: () => "mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
});

export const accounts = mysqlTable("accounts", {
  id: exactText(40)("id").primaryKey(),
  name: exactText(100)("name").notNull(),
  plan: exactText(20)("plan").notNull(),
  createdAtMs: instantMs("created_at_ms").notNull(),
  disabledAtMs: instantMs("disabled_at_ms"),
});

export const apiKeys = mysqlTable(
  "api_keys",
  {
    id: exactText(100)("id").primaryKey(),
    accountId: exactText(40)("account_id").notNull(),
    name: exactText(100)("name").notNull(),
    scopes: exactText(300)("scopes").notNull(),
    digest: exactText(64)("digest"),
    createdAtMs: instantMs("created_at_ms").notNull(),
    lastUsedAtMs: instantMs("last_used_at_ms"),
    expiresAtMs: instantMs("expires_at_ms"),
    revokedAtMs: instantMs("revoked_at_ms"),
  },
  (table) => [index("api_keys_account").on(table.accountId)],
);

export const idempotencyKeys = mysqlTable(
  "idempotency_keys",
  {
    accountId: exactText(40)("account_id").notNull(),
    idempotencyKey: exactText(200)("idempotency_key").notNull(),
    digest: exactText(64)("digest").notNull(),
    status: smallint("status").notNull(),
    body: longText("body").notNull(),
    createdAtMs: instantMs("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.idempotencyKey] })],
);
