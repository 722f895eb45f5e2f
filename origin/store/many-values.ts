import { getTableColumns, type InferInsertModel, type SQL, type SQLWrapper, sql, type Table } from "drizzle-orm";

/**
 * Statements with many values as few parameters. Drizzle makes several objects of each parameter, which for a day's rates
 * costs more than everything else that is done with them.
 */

/** INSERT in SQLite. All rows name the same columns. */
export function insertAsJson<Of extends Table>(table: Of, rows: readonly InferInsertModel<Of>[]): SQL {
  const { names, values } = columnsOf(table, rows);
  const fields = names.map((_, index) => sql.raw(`value ->> ${index}`));
  return sql`INSERT INTO ${table} ${list(names)} SELECT ${sql.join(fields, sql`, `)} FROM json_each(${JSON.stringify(values)})`;
}

/** INSERT in MySQL: both drivers write an array as a list. All rows name the same columns. */
export function insertAsLists<Of extends Table>(table: Of, rows: readonly InferInsertModel<Of>[]): SQL {
  const { names, values } = columnsOf(table, rows);
  const lists = values.map((row) => sql.param(row));
  return sql`INSERT INTO ${table} ${list(names)} VALUES (${sql.join(lists, sql.raw("), ("))})`;
}

/** IN of SQLite. */
export function isInJson(column: SQLWrapper, values: readonly (string | number)[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** IN of MySQL. */
export function isInList(column: SQLWrapper, values: readonly (string | number)[]): SQL {
  return values.length === 0 ? sql`FALSE` : sql`${column} IN (${sql.param(values)})`;
}

function columnsOf(table: Table, rows: readonly Record<string, unknown>[]) {
  const [first = {}] = rows;
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in first);
  const names = columns.map(([, column]) => sql.identifier(column.name));
  const values = rows.map((row) => columns.map(([key, column]) => driverValue(column, row[key] ?? null)));
  return { names, values };
}

function driverValue(column: { mapToDriverValue: (value: unknown) => unknown }, value: unknown): unknown {
  return value === null ? null : column.mapToDriverValue(value);
}

function list(names: Parameters<typeof sql.join>[0]): SQL {
  return sql`(${sql.join(names, sql`, `)})`;
}
