import { isDecimal } from "../../money/decimal.ts";
import type { Row } from "./table.ts";

/** How numbers and columns are told apart where a CSV file is opened. */
export interface CsvDialect {
  separator: string;
  decimalMark: string;
}

/** RFC 4180, as programs and most of the Americas read it, Mexico included. */
export const PLAIN_CSV: CsvDialect = { separator: ",", decimalMark: "." };
/** Where spreadsheets expect `;` they expect a decimal comma, and read 16.9190 as 169190. */
export const SPANISH_CSV: CsvDialect = { separator: ";", decimalMark: "," };

const LINE_END = "\r\n";
const NEEDS_QUOTES = /["\r\n;,]/;

/** A header and one line per row, each with its line end. */
export function toCsv(columns: readonly string[], rows: readonly Row[], dialect: CsvDialect): string {
  let text = columns.join(dialect.separator) + LINE_END;
  for (const row of rows) {
    for (const [index, column] of columns.entries()) {
      if (index > 0) text += dialect.separator;
      text += cell(row[column], dialect);
    }
    text += LINE_END;
  }
  return text;
}

function cell(value: Row[string], { separator, decimalMark }: CsvDialect): string {
  if (value === undefined || value === null) return "";
  const text = String(value);
  const local = decimalMark !== "." && isDecimal(text) ? text.replace(".", decimalMark) : text;
  // A decimal comma does not need quotes between semicolons.
  const isPlain = !NEEDS_QUOTES.test(text) && !local.includes(separator);
  return isPlain ? local : `"${local.replaceAll('"', '""')}"`;
}
