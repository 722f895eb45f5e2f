import { policySchema } from "./policy.ts";

/** Spellings of older releases, which operators may have set: a name's beginning or end, and what it is today. */
const FORMER_SPELLINGS = [
  [/_REQUESTS_A_DAY$/, "_REQUESTS_PER_DAY"],
  [/_REQUESTS_IN_5_MIN$/, "_REQUESTS_PER_5_MIN"],
  [/^MOST_PUBLICATIONS_MISSED$/, "MAX_PUBLICATIONS_MISSED"],
] as const;

/** An environment in which former names are replaced by today's. If both are set, today's counts. */
export function withCurrentNames<T>(given: Readonly<Record<string, T>>): Record<string, T> {
  const renamed = Object.entries(given).map(([name, value]) => [currentNameOf(name), value] as const);
  const current = Object.entries(given).filter(([name]) => currentNameOf(name) === name);
  return Object.fromEntries([...renamed, ...current]);
}

function currentNameOf(name: string): string {
  return FORMER_SPELLINGS.reduce((spelt, [former, current]) => spelt.replace(former, current), name);
}

/** One typing error, or two; with more it is another name. */
const MAX_EDITS = 3;
/** Shorter names of other programs would be similar by chance. */
const MIN_LENGTH = 8;

/** The policy name that `name` probably misspells; undefined if it is a policy name, or similar to none. */
export function meantPolicyName(name: string): string | undefined {
  const known = Object.keys(policySchema.shape);
  if (name.length < MIN_LENGTH || known.includes(name) || currentNameOf(name) !== name) return undefined;
  return known.find((one) => wordsOf(one) === wordsOf(name) || editsBetween(one, name.toUpperCase()) <= MAX_EDITS);
}

function wordsOf(name: string): string {
  return name.split("_").sort().join("_");
}

/** Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDITS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const cost = letter === other ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + cost, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
