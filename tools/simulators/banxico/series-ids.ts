import type { CatalogueEntry } from "./catalogue.ts";

const mostSeries = 20;
const item = /^(S[A-Z])(\d+)(?:-(S[A-Z])(\d+))?$/;

/** The known series among those asked for, ranges spread out; undefined where the syntax is wrong or they are too many. */
export function requestedIds(text: string, entries: readonly CatalogueEntry[]): string[] | undefined {
  const items = text.split(",");
  if (items.length > mostSeries) return undefined;
  const ids = new Set<string>();
  for (const one of items) {
    const [whole, prefix = "", first = "", lastPrefix = prefix, last = first] = item.exec(one) ?? [];
    if (whole === undefined || prefix !== lastPrefix) return undefined;
    const isInside = (id: string) =>
      id.startsWith(prefix) && Number(id.slice(2)) >= Number(first) && Number(id.slice(2)) <= Number(last);
    for (const { id } of entries) if (isInside(id)) ids.add(id);
  }
  return [...ids];
}
