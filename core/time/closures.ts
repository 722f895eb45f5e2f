import { isPlainDate, type PlainDate } from "./dates.ts";

/** Days on which a bank publishes nothing although its calendar has a business day. */
export type Closures = ReadonlySet<PlainDate>;

/** By provider. */
export type ClosuresByProvider = ReadonlyMap<string, Closures>;

const ENTRY = /^([a-z][a-z-]*):(\d{4}-\d\d-\d\d)$/;

/** The closures in a list such as "ecb:2026-12-31,boc:2027-07-02"; undefined if it is none, or a date does not exist. */
export function parseClosures(text: string): ClosuresByProvider | undefined {
  const closures = new Map<string, Set<PlainDate>>();
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, provider = "", date = ""] = ENTRY.exec(entry) ?? [];
    if (!isPlainDate(date)) return undefined;
    closures.set(provider, (closures.get(provider) ?? new Set()).add(date));
  }
  return closures;
}
