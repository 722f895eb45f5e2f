/** A CSV file with a header: cells trimmed, columns found by name. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** RFC 4180, without line breaks inside quotes. Undefined for a text without a header and a row, or with a broken quote. */
export function readTable(text: string): Table | undefined {
  const rows: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    // Comments and blank lines surround the table at some providers.
    if (line.trim() === "" || line.startsWith("#")) continue;
    const cells = cellsOf(line);
    if (cells === undefined) return undefined;
    rows.push(cells);
  }
  const [columns, ...rest] = rows;
  return columns === undefined || rest.length === 0 ? undefined : { columns, rows: rest };
}

/** Where each named column stands, or undefined if one is missing. */
export function columnsOf<Name extends string>(table: Table, names: readonly Name[]): Record<Name, number> | undefined {
  const found = names.map((name) => [name, table.columns.indexOf(name)] as const);
  return found.some(([, index]) => index < 0) ? undefined : (Object.fromEntries(found) as Record<Name, number>);
}

/** Whether a file ends after a complete line: a file cut within its last cell would hold another number. */
export function endsWithLine(text: string): boolean {
  return text.endsWith("\n");
}

function cellsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(",").map((cell) => cell.trim());
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const parts = /^\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/.exec(rest);
    if (parts === null) return undefined;
    cells.push(parts[1]?.replaceAll('""', '"') ?? (parts[2] as string).trim());
    if (parts[3] === "") return cells;
    rest = rest.slice(parts[0].length);
  }
}
