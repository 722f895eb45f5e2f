/** Request targets (path and query) as text, in the one spelling that routes, caches and logs see. */

/** What browsers, jQuery and campaign links append; it never changes a response. */
const IGNORED = /^(?:_|utm_[a-z_]+|fbclid|gclid|msclkid)$/;
/** Parameters that hold currency codes on some route. Lists keep their order, which that of the response follows. */
const CURRENCY_PARAMETERS = new Set(["base", "quote", "from", "to", "bases", "quotes", "symbols"]);
/** Our own lists, which generated clients write as `quotes=EUR&quotes=USD` or `quotes[]=EUR&quotes[]=USD`. */
const LISTS = new Set(["bases", "quotes", "dates", "types", "series", "pairs"]);
const OWN_PATHS = /^\/api\/v1\//;
/**
 * What the paths of other services read of a query. Like those services they ignore all else, so that keys reach no cache,
 * log or trace. Frankfurter's v2 refuses what it does not know.
 */
const FACADE_PARAMETERS: readonly (readonly [paths: RegExp, names: ReadonlySet<string>])[] = [
  [/^\/frankfurter(?!\/v2(?:\/|$))(?:\/|$)/, new Set(["amount", "base", "from", "symbols", "to"])],
  [/^\/SieAPIRest(?:\/|$)/, new Set(["decimales", "incremento", "locale", "mediaType"])],
  [/^\/api\/(?:latest\.json|historical)(?:\/|$)/, new Set(["base", "symbols"])],
  [/^\/(?:v6|api\/currencies\.json)(?:\/|$)/, new Set()],
];
/** Frankfurter's v2 names unknown parameters in the order of the request. */
const IN_ORDER = /^\/frankfurter\/v2\//;
/** Frankfurter's own, on a host of its own. */
const ROOT_PATHS = /^\/(?:v[12]|latest|current|currencies|\d{4}-\d\d-\d\d(?:\.\.[\d-]*)?)(?:[/?]|$)/;
const CURRENCY_CODES = /^[A-Za-z]{3}(?:,[A-Za-z]{3})*$/;
/** Nothing of this is spelt differently in canonical form. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/;
/** Nor of this, a parameter's name or value. */
const PLAIN_TEXT = /^[A-Za-z0-9_.~-]*$/;
const PLAIN_PAIR = /^[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*$/;
/** Dots stay encoded: decoded, they would make other paths. */
const ENCODED_UNRESERVED = /%(?:2d|3\d|[46][1-9a-f]|[57]\d|[57]a|5f|7e)/gi;

/** The path and query of an absolute http(s) URL; undefined if its host is none, as with two Host headers. */
export function targetOf(url: string): string | undefined {
  const start = url.indexOf("/", 8);
  if (start < 0) return "/";
  return url.lastIndexOf(",", start) < 0 ? url.slice(start) : undefined;
}

/** Most clients repeat the spelling of theirs, and to find its canonical one takes a tenth of a kept response. */
const kept = new Map<string, string>();
const MAX_KEPT = 2_000;
const MAX_KEPT_LENGTH = 300;
/** Keys of ours and of other services. */
const SECRETS = /[?&](?:token|app_id|access_key|apikey|ticket)=/i;

/**
 * The target in its canonical spelling, so that variants share one cache entry: the path as the URL standard resolves it,
 * without a trailing slash; parameters decoded, sorted by name, currency codes in upper case and providers in lower case,
 * tracking parameters dropped, and on other services' paths all that they do not read.
 */
export function canonicalTarget(target: string): string {
  if (PLAIN_PATH.test(target)) return target;
  const known = kept.get(target);
  if (known !== undefined) return known;
  const canonical = canonicalOf(target);
  if (target.length > MAX_KEPT_LENGTH || SECRETS.test(target)) return canonical;
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(target, canonical);
  return canonical;
}

function canonicalOf(target: string): string {
  const end = target.search(/[?#]/);
  const path = canonicalPath(end < 0 ? target : target.slice(0, end));
  if (end < 0 || target[end] === "#") return path;
  const [query = ""] = target.slice(end + 1).split("#", 1);
  const pairs: Pair[] = [];
  for (const text of query.split("&")) {
    const pair = text === "" ? undefined : canonicalPair(text);
    if (pair !== undefined) pairs.push(pair);
  }
  const listed = readPairs(path, pairs);
  if (!IN_ORDER.test(path)) listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return listed.length === 0 ? path : `${path}?${listed.map(({ text }) => text).join("&")}`;
}

/** Those that the path reads, each once. */
function readPairs(path: string, pairs: Pair[]): Pair[] {
  if (OWN_PATHS.test(path)) return pairs.some(isOfList) ? withWholeLists(pairs) : pairs;
  const names = FACADE_PARAMETERS.find(([paths]) => paths.test(path))?.[1];
  if (names === undefined) return pairs;
  // The last of a repeated one counts.
  return [...new Map(pairs.filter(({ name }) => names.has(name)).map((pair) => [pair.name, pair])).values()];
}

/**
 * The target under our own paths: a host whose root is Frankfurter's has `/v1` for `/frankfurter/v1`. `host`: with or without
 * a port.
 */
export function mountedTarget(target: string, host: string, facadeHosts: readonly string[]): string {
  const isMounted =
    facadeHosts.length > 0 && ROOT_PATHS.test(target) && facadeHosts.includes(host.replace(/:\d+$/, "").toLowerCase());
  return isMounted ? `/frankfurter${target}` : target;
}

/** The host of an absolute http(s) URL, with its port. */
export function hostOf(url: string): string {
  const start = url.indexOf("//") + 2;
  return url.slice(start, url.indexOf("/", start));
}

/** The path of a request's URL as problems and logs show it; never throws, whatever the host is. */
export function pathOf(url: string): string {
  return new URL(`http://host${targetOf(url) ?? "/"}`).pathname;
}

/** Whether the query has a parameter without a name ("?=1"). */
export function hasNamelessParameter(url: string): boolean {
  const query = url.indexOf("?");
  return query >= 0 && /[?&]=/.test(url.slice(query));
}

function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  // "//x" would be read as a host.
  const { pathname } = new URL(`http://host${path}`);
  return pathname
    .replace(ENCODED_UNRESERVED, decodeURIComponent)
    .replace(/%[0-9a-f]{2}/gi, (encoded) => encoded.toUpperCase())
    .replace(/(?<=[^/])\/$/, "");
}

interface Pair {
  name: string;
  text: string;
}

function isOfList({ name }: Pair): boolean {
  return LISTS.has(listName(name));
}

/** "quotes" of "quotes[]" too. */
function listName(name: string): string {
  return name.endsWith("[]") ? name.slice(0, -2) : name;
}

/** Joins the parts of each list by commas. */
function withWholeLists(pairs: readonly Pair[]): Pair[] {
  const lists = new Map<string, Pair>();
  const joined: Pair[] = [];
  for (const pair of pairs) {
    const name = listName(pair.name);
    const value = pair.text.slice(pair.text.indexOf("=") + 1);
    const known = lists.get(name);
    if (!isOfList(pair)) joined.push(pair);
    else if (known) known.text += `%2C${value}`;
    else {
      const list = { name, text: `${name}=${value}` };
      lists.set(name, list);
      joined.push(list);
    }
  }
  return joined;
}

/** One parameter; undefined if it is to be ignored. What can't be decoded stays as it is, for validation to refuse. */
function canonicalPair(pair: string): Pair | undefined {
  const equals = pair.indexOf("=");
  const isPlain = PLAIN_PAIR.test(pair);
  const name = isPlain ? pair.slice(0, equals) : decoded(equals < 0 ? pair : pair.slice(0, equals));
  const value = isPlain ? pair.slice(equals + 1) : equals < 0 ? "" : decoded(pair.slice(equals + 1));
  if (name === undefined || value === undefined) return { name: name ?? pair, text: pair };
  if (IGNORED.test(name)) return undefined;
  const isCode = CURRENCY_PARAMETERS.has(listName(name)) && CURRENCY_CODES.test(value);
  // Ids of providers are in lower case; other services write theirs in upper case.
  const spelt = isCode ? value.toUpperCase() : name === "provider" ? value.toLowerCase() : value;
  return { name, text: isPlain && spelt === value ? pair : `${encoded(name)}=${encoded(spelt)}` };
}

function encoded(text: string): string {
  return PLAIN_TEXT.test(text) ? text : encodeURIComponent(text);
}

function decoded(text: string): string | undefined {
  if (PLAIN_TEXT.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
