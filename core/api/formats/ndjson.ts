import type { Row } from "./table.ts";

/** One JSON object per line, each line ended. */
export function toNdjson(rows: readonly Row[]): string {
  let text = "";
  for (const row of rows) text += `${JSON.stringify(row)}\n`;
  return text;
}
