import { isPlainDate, type PlainDate } from "./dates.ts";

/** Days on which a bank publishes nothing although its calendar has a business day. */
export type Closures = ReadonlySet<PlainDate>;

/** By provider: a second bank's closures are one more entry. */
export type ClosuresByProvider = Readonly<Record<"banxico", Closures>>;

/** 2010-09-17: the day after the bicentenary of independence. Since 2007 the only one that Banxico had. */
const KNOWN: Readonly<Record<keyof ClosuresByProvider, readonly PlainDate[]>> = { banxico: ["2010-09-17"] };

export const KNOWN_CLOSURES: ClosuresByProvider = { banxico: new Set(KNOWN.banxico) };

const ENTRY = /^([a-z]+):(\d{4}-\d\d-\d\d)$/;

/**
 * The known closures and those that `declared` adds as "banxico:2026-11-30,banxico:2027-05-05"; undefined if it is not such a
 * list, names a provider that is not served, or a date that does not exist.
 */
export function closuresWith(declared: string): ClosuresByProvider | undefined {
  const added: PlainDate[] = [];
  for (const entry of declared.split(",").map((text) => text.trim())) {
    if (entry === "") continue;
    const [, provider = "", date = ""] = ENTRY.exec(entry) ?? [];
    if (!Object.hasOwn(KNOWN, provider) || !isPlainDate(date)) return undefined;
    added.push(date);
  }
  return { banxico: new Set([...KNOWN.banxico, ...added]) };
}
