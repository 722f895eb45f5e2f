import { type SQL, sql } from "drizzle-orm";
import type { StoreTransaction } from "./transaction.ts";

/**
 * Statements of one transaction, written once for both dialects: instants are epoch milliseconds, thresholds whole units,
 * and ids numbers, so that no column needs a conversion of its own.
 */
export interface SqlSession {
  dialect: "sqlite" | "mysql";
  /** Rows as objects, one property for each column of `columns`; `rest` begins with FROM. */
  select<Row>(columns: Columns<Row>, rest: SQL): Promise<Row[]>;
  /** How many rows the statement changed. */
  run(statement: SQL): Promise<number>;
  /** What the store itself does within the transaction. */
  store: StoreTransaction;
}

/** Column expressions by the name that a row gives them. Large whole numbers come as text. */
export type Columns<Row> = { [Name in keyof Row]: SQL };

/** What a dialect's driver does. */
export interface RawSession {
  dialect: SqlSession["dialect"];
  /** Each row as its values, in the order of the columns. */
  values(query: SQL): Promise<unknown[][]>;
  run(statement: SQL): Promise<number>;
  store: StoreTransaction;
}

export function sqlSession({ dialect, values, run, store }: RawSession): SqlSession {
  return {
    dialect,
    run,
    store,
    select: async <Row>(columns: Columns<Row>, rest: SQL) => {
      const named = Object.entries<SQL>(columns as Record<string, SQL>);
      const list = sql.join(
        // Named, because drivers that give rows as objects would merge columns of one name.
        named.map(([name, expression]) => sql`${expression} AS ${sql.identifier(name)}`),
        sql`, `,
      );
      const rows = await values(sql`SELECT ${list} ${rest}`);
      return rows.map((row) => Object.fromEntries(named.map(([name], index) => [name, row[index]])) as Row);
    },
  };
}

/** Locks what a SELECT found until the transaction ends; SQLite has locked the whole file. */
export function forUpdate({ dialect }: SqlSession): SQL {
  return dialect === "mysql" ? sql` FOR UPDATE` : sql``;
}

/** Begins an INSERT that passes over rows which exist already. */
export function insertIgnore({ dialect }: SqlSession): SQL {
  return dialect === "mysql" ? sql`INSERT IGNORE INTO` : sql`INSERT OR IGNORE INTO`;
}

/**
 * Ends an INSERT of a row that may exist already, and locks that one. To look for it first, with a lock, is no help where it is
 * not there: of several transactions that did, each keeps the others from adding it. `key`: the column of its key.
 */
export function orLock({ dialect }: SqlSession, key: SQL): SQL {
  return dialect === "mysql" ? sql`ON DUPLICATE KEY UPDATE ${key} = ${key}` : sql`ON CONFLICT DO NOTHING`;
}

/** A 64-bit whole number as a value of a statement: drivers would make a double of it. */
export function bigInteger(value: bigint): SQL {
  return sql`CAST(${value.toString()} AS SIGNED)`;
}

/** The same read back exactly, as text. */
export function asText(column: string): SQL {
  return sql`CAST(${sql.raw(column)} AS CHAR)`;
}

/** `(a, b), (c, d)`: rows of an INSERT. */
export function rowsOf(rows: readonly (readonly unknown[])[]): SQL {
  return sql.join(rows.flatMap((row, index) => [...(index > 0 ? [COMMA] : []), ...bracketed(row)]));
}

/** `(a, b)`: what a column is compared with. */
export function listOf(values: readonly unknown[]): SQL {
  return sql.join(bracketed(values));
}

/** What drizzle puts together a statement of. */
type Chunk = Parameters<typeof sql.join>[0][number];

const [OPEN, COMMA, CLOSE] = ["(", ", ", ")"].map((text) => sql.raw(text)) as [SQL, SQL, SQL];

/** Values as they are: an object of drizzle's for each would make a thousand rows take five times as long. */
function bracketed(values: readonly unknown[]): Chunk[] {
  const chunks: Chunk[] = [OPEN];
  for (const [index, value] of values.entries()) {
    if (index > 0) chunks.push(COMMA);
    chunks.push(typeof value === "bigint" ? bigInteger(value) : (value as Chunk));
  }
  chunks.push(CLOSE);
  return chunks;
}
