import type { Catalogue } from "../../providers/catalogue.ts";
import type { Route } from "../../rates/route.ts";
import { isPlainDate, type PlainDate } from "../../time/dates.ts";
import { FacadeFailure, type FacadeRequest } from "./facade.ts";
import { isoNumberOf } from "./iso-currencies.ts";

/** The parameters of Frankfurter's v2, and the routes that they mean. */

const PARAMETERS = new Set(["base", "quotes", "providers", "date", "from", "to", "group", "expand"]);
const GROUPS = ["week", "month"] as const;
const DEFAULT_BASE = "EUR";
/** What an error repeats of a request. */
const MAX_ECHO_LENGTH = 200;

export type Group = (typeof GROUPS)[number];

export interface V2Query {
  base: string;
  /** Absent: all. */
  quotes: readonly string[] | undefined;
  /** Ids of providers. Absent: the default choice for each pair. */
  providers: readonly string[] | undefined;
  date: PlainDate | undefined;
  /** Set for a range. */
  from: PlainDate | undefined;
  to: PlainDate;
  group: Group | undefined;
  expandsProviders: boolean;
}

/** The pairs of a request, by quote, and the base in itself if it is listed. */
export interface V2Routes {
  pairs: readonly Route[];
  identity: Route | undefined;
}

/** Reads the parameters. `pair`: base and quote where the path names them. Throws FacadeFailure. */
export function parseV2(
  { query, names }: FacadeRequest,
  { currencies }: Pick<Catalogue, "currencies">,
  today: PlainDate,
  pair?: { base: string; quote: string },
): V2Query {
  const unknown = names.filter((name) => !PARAMETERS.has(name));
  if (unknown.length > 0) refuse("unknown parameter", [...new Set(unknown)].join(", "));
  const [date, from, to] = [query("date"), query("from"), query("to")];
  if ([date, from, to].some((text) => text !== undefined && !isPlainDate(text))) refuse("invalid date");
  if (date !== undefined && (from !== undefined || to !== undefined)) refuse("conflicting params");
  const groupText = query("group")?.toLowerCase();
  const group = GROUPS.find((one) => one === groupText);
  if (groupText !== undefined && group === undefined) refuse("invalid group");
  const expansions = listOf(query("expand")?.toLowerCase()) ?? [];
  const others = expansions.filter((one) => one !== "providers");
  if (others.length > 0) refuse("invalid expand", others.join(","));
  const base = (pair?.base ?? query("base") ?? DEFAULT_BASE).toUpperCase();
  const quotes = listOf((pair?.quote ?? query("quotes"))?.toUpperCase());
  const isCurrency = (code: string) => isoNumberOf(code) !== undefined || currencies.includes(code);
  const invalid = [base, ...(quotes ?? [])].filter((code) => !isCurrency(code));
  if (invalid.length > 0) refuse("invalid currency", invalid.join(","));
  return {
    base,
    quotes,
    providers: listOf(query("providers")?.toLowerCase()),
    date,
    from,
    to: to ?? today,
    group,
    expandsProviders: expansions.length > 0,
  };
}

/** The routes of a query: of the named providers the default one for the pair comes first. */
export function v2RoutesOf(catalogue: Catalogue, { base, quotes, providers, date, from, to }: V2Query): V2Routes {
  const until = from === undefined ? date : to;
  const find = (quote: string): Route | undefined => {
    const route = catalogue.route(base, quote, undefined, until);
    if (providers === undefined) return route;
    const named = catalogue.providers.filter(({ id }) => providers.includes(id));
    const routes = [route, ...named.map(({ id }) => catalogue.route(base, quote, id))];
    // A parity is no provider's.
    return routes.find((one) => one && providers.includes(one.provider) && one.parities.length === 0);
  };
  const codes = quotes ? [...new Set(quotes)].sort() : catalogue.currencies;
  return {
    pairs: codes.filter((code) => code !== base).flatMap((code) => find(code) ?? []),
    identity: quotes === undefined || quotes.includes(base) ? find(base) : undefined,
  };
}

/** The items of a list, empty ones at its end left out. */
export function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.replace(/,+$/, "")
    .split(",")
    .filter((item, _, all) => item !== "" || all.length > 1);
}

function refuse(what: string, which?: string): never {
  throw new FacadeFailure(422, which === undefined ? what : `${what}: ${which.slice(0, MAX_ECHO_LENGTH)}`);
}
