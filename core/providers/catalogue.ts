import { InvalidEnv } from "../ops/invalid-env.ts";
import type { Policy } from "../ops/policy.ts";
import { firstDateOf, type ParityFactor, type Route } from "../rates/route.ts";
import type { Series } from "../rates/series.ts";
import { withClosures } from "../time/calendars.ts";
import type { Closures, ClosuresByProvider } from "../time/closures.ts";
import type { PlainDate } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { codesOf, Links } from "./links.ts";
import { PARITIES, parities, parityOf } from "./parities.ts";
import type { Provider } from "./provider.ts";
import { HOME_IDS, NAMED_IDS, PROVIDERS, WORLD_IDS } from "./provider-list.ts";

/** Which providers a deployment has, and what it knows of their calendars. */
export interface CatalogueOptions {
  /** Ids, "parities" among them; undefined: all that may be served in this environment. */
  providers?: readonly string[] | undefined;
  /** In production what may not be redistributed for certain is served only if it is named, or the default. */
  isProduction: boolean;
  /** Days on which a bank publishes nothing although no rule says so. */
  closures: ClosuresByProvider;
  /** How late the default provider's value may be before it counts as missed. */
  graceMs: number;
}

type CataloguePolicy = Pick<Policy, "PROVIDERS" | "EXTRA_CLOSURES" | "PUBLICATION_GRACE_MS">;

/** The provider whose currencies are the defaults of `base` and `quote`. */
export const DEFAULT_PROVIDER = HOME_IDS[0] as string;

const MAX_ROUTES = 4_000;

/** The providers of a deployment, and the routes from currency to currency that they make. Nothing in it ever changes. */
export class Catalogue {
  readonly providers: readonly Provider[];
  /** The codes that are served, sorted. */
  readonly currencies: readonly string[];
  readonly hasParities: boolean;
  /** The codes whose value the law fixes in a currency that is served. */
  readonly parityCodes: readonly string[];
  #opened: Catalogue | undefined;
  readonly #byId: ReadonlyMap<string, Provider>;
  readonly #series: ReadonlyMap<string, Series>;
  readonly #links = new Map<Provider, Links>();
  readonly #routes = new Map<string, Route | undefined>();

  constructor(providers: readonly Provider[], hasParities: boolean) {
    this.providers = providers;
    this.hasParities = hasParities;
    this.#byId = new Map(providers.map((provider) => [provider.id, provider]));
    this.#series = new Map(providers.flatMap(({ series }) => series.map((one) => [one.id, one])));
    const codes = new Set(providers.filter(isPublic).flatMap(({ series }) => series.flatMap(codesOf)));
    this.parityCodes = hasParities ? PARITIES.filter(({ anchor }) => codes.has(anchor)).map(({ code }) => code) : [];
    for (const code of this.parityCodes) codes.add(code);
    this.currencies = [...codes].sort();
  }

  /** The provider whose series are watched one by one: the default one, if the deployment has it. */
  get main(): Provider {
    return this.providers[0] as Provider;
  }

  findProvider(id: string): Provider | undefined {
    return this.#byId.get(id);
  }

  /** The provider of a route or a series, which is one of ours. */
  providerOf({ provider }: { provider: string }): Provider {
    const found = this.#byId.get(provider);
    if (found === undefined) throw new RangeError(`no provider ${provider}`);
    return found;
  }

  /** Whether it has providers that are read with the scope `rates:private` only. */
  get hasPrivate(): boolean {
    return this.providers.some(({ isPrivate }) => isPrivate);
  }

  /** The same with its private providers open, for a reader who has that scope. */
  get opened(): Catalogue {
    this.#opened ??= new Catalogue(this.providers.map(withoutPrivacy), this.hasParities);
    return this.#opened;
  }

  findSeries(id: string): Series | undefined {
    return this.#series.get(id);
  }

  /** When a series is published. */
  publicationOf(id: string): Publication | undefined {
    const series = this.#series.get(id);
    return series && (series.publication ?? this.providerOf(series).publication);
  }

  /** All series, provider by provider. */
  get series(): Series[] {
    return [...this.#series.values()];
  }

  /**
   * How the rate of a pair is computed; undefined if no provider, or not the named one, has both currencies. Without a
   * name the choice depends on the pair and on the providers that the deployment has, never on what happens to be up.
   * `until`: the last date that is asked for. Up to a date before a parity the series count that were published until then.
   */
  route(base: string, quote: string, provider?: string, until?: PlainDate): Route | undefined {
    const route = this.#kept(`${provider ?? ""}:${base}:${quote}`, () => this.#resolve(base, quote, provider));
    const isBefore = until !== undefined && provider === undefined && route !== undefined && until < firstDateOf(route);
    if (!isBefore || route.parities.length === 0) return route;
    // No provider's id begins so.
    return this.#kept(`<:${base}:${quote}`, () => this.#bySeries(this.#serving(base, quote), base, quote)) ?? route;
  }

  #kept(key: string, resolve: () => Route | undefined): Route | undefined {
    if (this.#routes.has(key)) return this.#routes.get(key);
    const route = resolve();
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    this.#routes.set(key, route);
    return route;
  }

  /** The providers that can be named for a pair. */
  providersOf(base: string, quote: string): Provider[] {
    return this.providers.filter((provider) => this.#resolve(base, quote, provider.id) !== undefined);
  }

  #resolve(base: string, quote: string, named: string | undefined): Route | undefined {
    if (named !== undefined) {
      const provider = this.#byId.get(named);
      if (provider === undefined || !isPublic(provider)) return undefined;
      return this.#linksOf(provider).route(base, quote) ?? this.#routeByParity(base, quote, named);
    }
    const all = this.#serving(base, quote);
    const current = all.filter((provider) => this.#linksOf(provider).hasBothInUse(base, quote));
    if (current.length === 0) {
      const byParity = this.#routeByParity(base, quote, undefined);
      if (byParity !== undefined) return byParity;
    }
    return this.#bySeries(current.length > 0 ? current : all, base, quote);
  }

  /** The public providers that have both currencies, now or in former years. */
  #serving(base: string, quote: string): Provider[] {
    return this.providers.filter((provider) => isPublic(provider) && this.#linksOf(provider).hasBoth(base, quote));
  }

  #bySeries(serving: readonly Provider[], base: string, quote: string): Route | undefined {
    const provider = this.#choose(serving, base, quote);
    return provider && this.#linksOf(provider).route(base, quote);
  }

  /**
   * The default provider for its pivot; the home bank of one side, if it publishes the pair; a provider of the world's
   * currencies; another one that has both.
   */
  #choose(serving: readonly Provider[], base: string, quote: string): Provider | undefined {
    const find = (ids: readonly string[], isRight: (provider: Provider) => boolean = () => true) =>
      ids.map((id) => serving.find((provider) => provider.id === id)).find((one) => one !== undefined && isRight(one));
    return (
      find([DEFAULT_PROVIDER], ({ pivot }) => base === pivot || quote === pivot) ??
      find(HOME_IDS, (provider) => this.#linksOf(provider).publishes(base, quote)) ??
      find(WORLD_IDS) ??
      serving[0]
    );
  }

  /** A route between the currencies that parities tie the pair to. */
  #routeByParity(base: string, quote: string, provider: string | undefined): Route | undefined {
    if (!this.hasParities) return undefined;
    const [ofBase, ofQuote] = [parityOf(base), parityOf(quote)];
    const attempts = [
      { ofBase, ofQuote },
      { ofBase, ofQuote: undefined },
      { ofBase: undefined, ofQuote },
    ];
    for (const attempt of attempts) {
      const from = attempt.ofBase?.anchor ?? base;
      const to = attempt.ofQuote?.anchor ?? quote;
      if (from === base && to === quote) continue;
      const route = this.route(from, to, provider);
      if (route === undefined) continue;
      const parities: ParityFactor[] = [...route.parities];
      if (attempt.ofBase) parities.push({ parity: attempt.ofBase, inverse: true });
      if (attempt.ofQuote) parities.push({ parity: attempt.ofQuote, inverse: false });
      return { ...route, base, quote, parities };
    }
    return undefined;
  }

  #linksOf(provider: Provider): Links {
    const known = this.#links.get(provider) ?? new Links(provider);
    this.#links.set(provider, known);
    return known;
  }
}

/** The catalogue of a deployment. Throws InvalidEnv if it names one that does not exist. */
export function catalogueOf({ providers: named, isProduction, closures, graceMs }: CatalogueOptions): Catalogue {
  const ids = [...PROVIDERS.map(({ id }) => id), parities.id];
  for (const id of [...(named ?? []), ...closures.keys()])
    if (!ids.includes(id)) throw new InvalidEnv([`PROVIDERS or EXTRA_CLOSURES: ${id} is none of ${ids.join(", ")}`]);
  const isServed = (provider: Provider) =>
    named?.includes(provider.id) ??
    (provider.id === DEFAULT_PROVIDER ||
      (!NAMED_IDS.includes(provider.id) && (!isProduction || provider.licence.redistribution === "yes")));
  const served = PROVIDERS.filter(isServed).map((provider) =>
    withCalendar(provider, closures.get(provider.id), provider.id === DEFAULT_PROVIDER ? graceMs : undefined),
  );
  if (served.length === 0) throw new InvalidEnv(["PROVIDERS: none is left that publishes rates"]);
  return new Catalogue(served, named?.includes(parities.id) ?? true);
}

function isPublic({ isPrivate }: Provider): boolean {
  return isPrivate !== true;
}

/** The provider with what a deployment knows better. */
function withCalendar(provider: Provider, closures: Closures | undefined, graceMs: number | undefined): Provider {
  if (closures === undefined && graceMs === undefined) return provider;
  const change = (publication: Publication): Publication => ({
    ...publication,
    calendar: withClosures(publication.calendar, closures),
    ...(graceMs !== undefined && { graceMinutes: graceMs / 60_000 }),
  });
  return {
    ...provider,
    publication: change(provider.publication),
    series: provider.series.map((one) => (one.publication ? { ...one, publication: change(one.publication) } : one)),
  };
}

function withoutPrivacy({ isPrivate: _, ...provider }: Provider): Provider {
  return provider;
}

/**
 * The same from a host's settings; a production environment must name what may not be redistributed for certain.
 * Throws InvalidEnv.
 */
export function catalogueFor(environment: string, policy: CataloguePolicy): Catalogue {
  return catalogueOf({
    providers: policy.PROVIDERS,
    isProduction: environment === "prd",
    closures: policy.EXTRA_CLOSURES,
    graceMs: policy.PUBLICATION_GRACE_MS,
  });
}
