import { banrep } from "./banrep.ts";
import { banxico } from "./banxico.ts";
import { bcb } from "./bcb.ts";
import { bcch } from "./bcch.ts";
import { bcra } from "./bcra.ts";
import { bdi } from "./bdi.ts";
import { boc } from "./boc.ts";
import { cbr } from "./cbr.ts";
import { ecb } from "./ecb.ts";
import { exchangeRateApi } from "./exchangerate-api.ts";
import { nbp } from "./nbp.ts";
import { norges } from "./norges.ts";
import type { Provider, Series } from "./provider.ts";
import { riksbank } from "./riksbank.ts";

/** Each of these answers for the pairs that it publishes itself. A further provider is a file and a line here. */
const HOME_BANKS: readonly Provider[] = [banxico, boc, bcb, banrep, bcch, bcra, norges, riksbank, cbr, nbp];

/** These answer for all pairs of their currencies that no home bank publishes, in this order. */
const WORLD: readonly Provider[] = [ecb, bdi, nbp];

/** These answer only if they are named. */
const NAMED: readonly Provider[] = [exchangeRateApi];

export const PROVIDERS: readonly Provider[] = [...new Set([...HOME_BANKS, ...WORLD, ...NAMED])];

/** The only one that edges of the release before know: what they are told if they name none. */
export const FIRST_PROVIDER: Provider = banxico;

const byId = new Map(PROVIDERS.map((provider) => [provider.id, provider]));
const currencies = new Map(PROVIDERS.map((provider) => [provider, new Set(provider.series.flatMap(codesOf))]));
const currenciesInUse = new Map(
  PROVIDERS.map((provider) => [
    provider,
    new Set(provider.series.filter(({ until }) => until === undefined).flatMap(codesOf)),
  ]),
);
const seriesById = new Map(PROVIDERS.flatMap(({ series }) => series.map((one) => [one.id, one])));

/** The provider of an id, if there is one. */
export function findProvider(id: string): Provider | undefined {
  return byId.get(id);
}

/** The series of an id, of whichever provider. */
export function findSeries(id: string): Series | undefined {
  return seriesById.get(id);
}

/** The codes that a provider serves, its pivot included, sorted. */
export function currenciesOf(provider: Provider): string[] {
  return [...(currencies.get(provider) ?? [])].sort();
}

/** The providers that have both currencies of a pair: those that can be named for it. */
export function providersOf(base: string, quote: string, among: readonly Provider[] = PROVIDERS): Provider[] {
  return among.filter((provider) => hasBoth(currencies.get(provider), base, quote));
}

/**
 * The provider that answers for a pair if none is named: Banxico for the peso; the home bank of one side, if it publishes
 * the pair; the ECB, Banca d'Italia or NBP; another one that has both. One whose series of the pair have ended comes after
 * all others. This depends on the pair and on the providers that a deployment has, never on what happens to be up.
 */
export function defaultProviderOf(
  base: string,
  quote: string,
  among: readonly Provider[] = PROVIDERS,
): Provider | undefined {
  const all = providersOf(base, quote, among).filter((provider) => !NAMED.includes(provider));
  const current = all.filter((provider) => hasBoth(currenciesInUse.get(provider), base, quote));
  const serving = current.length > 0 ? current : all;
  const isPublished = ({ series }: Provider) => series.some((one) => isOf(one, base, quote));
  return (
    serving.find((provider) => provider === banxico && [base, quote].includes(provider.pivot)) ??
    HOME_BANKS.find((provider) => serving.includes(provider) && isPublished(provider)) ??
    WORLD.find((provider) => serving.includes(provider)) ??
    serving[0]
  );
}

function hasBoth(codes: ReadonlySet<string> | undefined, base: string, quote: string): boolean {
  return codes?.has(base) === true && codes.has(quote);
}

function isOf(series: Series, base: string, quote: string): boolean {
  return (series.base === base && series.quote === quote) || (series.base === quote && series.quote === base);
}

function codesOf({ base, quote }: Series): string[] {
  return [base, quote];
}
