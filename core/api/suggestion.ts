import { ENDPOINTS } from "./endpoint-list.ts";

/** Which endpoint a path that is none was probably meant for. */

const MAX_PATH_LENGTH = 100;
/** Less than one letter. */
const MISSING_PARAMETER = 0.1;
const PARAMETER = /^\{/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** What other exchange rate services call the same. */
const SYNONYMS: Readonly<Record<string, string>> = {
  today: "current",
  live: "current",
  history: "historical",
  timeseries: "historical",
  mean: "average",
  avg: "average",
  date: "on",
  exchange: "convert",
  symbols: "currencies",
  currency: "currencies",
  rate: "rates",
};

/** In a fixed order, which decides between two that are equally near. */
const CANDIDATES: readonly { path: string; words: readonly string[] }[] = [
  ...ENDPOINTS.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ path }) => path),
  "/openapi.json",
  "/docs",
  "/health",
].map((path) => ({ path, words: wordsOf(path) }));

/** The endpoint nearest to `path`, as a template; undefined if none is near. */
export function suggestionFor(path: string): string | undefined {
  if (path.length > MAX_PATH_LENGTH) return undefined;
  const words = wordsOf(path.toLowerCase()).flatMap((word, index, all) =>
    DATE.test(word) && all[index - 1] !== "on" ? ["on", word] : [word],
  );
  if (words.length === 0) return undefined;
  let nearest: { path: string; distance: number } | undefined;
  for (const endpoint of CANDIDATES) {
    const distance = Math.min(...readings(words).map((reading) => distanceTo(endpoint.words, reading)));
    if (Number.isFinite(distance) && (nearest === undefined || distance < nearest.distance))
      nearest = { path: endpoint.path, distance };
  }
  return nearest?.path;
}

/** The words as they are, and as if "rates" had been left out. */
function readings(words: readonly string[]): (readonly string[])[] {
  return [words, ["rates", ...words]];
}

function wordsOf(path: string): string[] {
  const words = path.split("/").filter((word) => word !== "" && word !== "api" && !/^v\d+$/.test(word));
  return words.map((word) => (Object.hasOwn(SYNONYMS, word) ? (SYNONYMS[word] as string) : word));
}

/** Edits between an endpoint's words and those given; infinite if they are not alike. A path parameter may be missing. */
function distanceTo(endpoint: readonly string[], words: readonly string[]): number {
  if (words.length > endpoint.length) return Number.POSITIVE_INFINITY;
  let total = 0;
  for (const [index, expected] of endpoint.entries()) {
    if (PARAMETER.test(expected)) {
      // Of two endpoints that differ in nothing else, the one without the parameter is meant.
      total += words[index] === undefined ? MISSING_PARAMETER : 0;
      continue;
    }
    const distance = editDistance(expected, words[index] ?? "");
    if (distance > (expected.length <= 4 ? 1 : 2)) return Number.POSITIVE_INFINITY;
    total += distance;
  }
  return total;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
