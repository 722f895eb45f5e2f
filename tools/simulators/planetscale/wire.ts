import mysql from "mysql2";

// Node finds no named exports in this CommonJS module.
const { Types } = mysql;

/** A column as MySQL's protocol describes it; mysql2's types leave some of these out. */
export interface Column {
  readonly name: string;
  readonly columnType: number;
  readonly characterSet: number;
  readonly columnLength: number;
  readonly decimals: number;
  readonly flags: number;
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  readonly orgName: string;
  /** MariaDB's name of a type that has none in the protocol. */
  readonly extendedTypeName?: string;
}

const binaryCharset = 63;
const flag = { unsigned: 32, enumeration: 256, set: 2048 };

const integers: Record<number, string> = {
  [Types.TINY]: "INT8",
  [Types.SHORT]: "INT16",
  [Types.INT24]: "INT24",
  [Types.LONG]: "INT32",
  [Types.LONGLONG]: "INT64",
};
const plain: Record<number, string> = {
  [Types.DECIMAL]: "DECIMAL",
  [Types.NEWDECIMAL]: "DECIMAL",
  [Types.FLOAT]: "FLOAT32",
  [Types.DOUBLE]: "FLOAT64",
  [Types.TIMESTAMP]: "TIMESTAMP",
  [Types.DATE]: "DATE",
  [Types.NEWDATE]: "DATE",
  [Types.TIME]: "TIME",
  [Types.DATETIME]: "DATETIME",
  [Types.YEAR]: "YEAR",
  [Types.BIT]: "BIT",
  [Types.JSON]: "JSON",
  [Types.GEOMETRY]: "GEOMETRY",
};
/** Types that are text or bytes, as their character set says. */
const texts: Record<number, readonly [text: string, bytes: string]> = {
  [Types.VARCHAR]: ["VARCHAR", "VARBINARY"],
  [Types.VAR_STRING]: ["VARCHAR", "VARBINARY"],
  [Types.STRING]: ["CHAR", "BINARY"],
  [Types.TINY_BLOB]: ["TEXT", "BLOB"],
  [Types.MEDIUM_BLOB]: ["TEXT", "BLOB"],
  [Types.LONG_BLOB]: ["TEXT", "BLOB"],
  [Types.BLOB]: ["TEXT", "BLOB"],
};

/** A column in Vitess's terms; what is empty or zero is left out, as protobuf's JSON does. */
export function toField(column: Column) {
  return {
    name: column.name,
    type: typeName(column),
    ...(column.table === "" ? {} : { table: column.table, orgTable: column.orgTable, database: column.schema }),
    ...(column.orgName === "" ? {} : { orgName: column.orgName }),
    columnLength: column.columnLength,
    charset: column.characterSet,
    ...(column.decimals === 0 ? {} : { decimals: column.decimals }),
    ...(column.flags === 0 ? {} : { flags: column.flags }),
  };
}

/** A row as lengths, "-1" for NULL, and all columns' bytes one after the other. */
export function toRow(cells: readonly (Buffer | null)[]) {
  const bytes = Buffer.concat(cells.filter((cell) => cell !== null));
  return {
    lengths: cells.map((cell) => String(cell === null ? -1 : cell.length)),
    ...(bytes.length === 0 ? {} : { values: bytes.toString("base64") }),
  };
}

function typeName(column: Column): string | undefined {
  if (column.extendedTypeName === "json") return "JSON";
  if (column.flags & flag.enumeration) return "ENUM";
  if (column.flags & flag.set) return "SET";
  const integer = integers[column.columnType];
  if (integer !== undefined) return column.flags & flag.unsigned ? `U${integer}` : integer;
  const text = texts[column.columnType];
  if (text !== undefined) return text[column.characterSet === binaryCharset ? 1 : 0];
  // NULL is type 0 in Vitess, which its JSON leaves out.
  return plain[column.columnType];
}
