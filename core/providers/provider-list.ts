import type { Series } from "../rates/series.ts";
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
import type { Provider } from "./provider.ts";
import { riksbank } from "./riksbank.ts";

/** Each of these answers for the pairs that it publishes itself. A further provider is a file and a line here. */
const HOME_BANKS: readonly Provider[] = [banxico, boc, bcb, banrep, bcch, bcra, norges, riksbank, cbr, nbp];

/** These answer for all pairs of their currencies that no home bank publishes, in this order. */
const WORLD: readonly Provider[] = [ecb, bdi, nbp];

/** These answer only if they are named. */
const NAMED: readonly Provider[] = [exchangeRateApi];

/** The first of these answers for every pair of its pivot that it has, crosses included. */
export const HOME_IDS: readonly string[] = HOME_BANKS.map(({ id }) => id);
export const WORLD_IDS: readonly string[] = WORLD.map(({ id }) => id);
export const NAMED_IDS: readonly string[] = NAMED.map(({ id }) => id);

/** All that there are, whether a deployment has them or not. */
export const PROVIDERS: readonly Provider[] = [...new Set([...HOME_BANKS, ...WORLD, ...NAMED])];

/** The only one that edges of the release before know: what they are told if they name none. */
export const FIRST_PROVIDER: Provider = banxico;

let seriesById: Map<string, Series> | undefined;

/** The provider of an id, if there is one. */
export function findProvider(id: string): Provider | undefined {
  return PROVIDERS.find((provider) => provider.id === id);
}

/** The series of an id, of whichever provider. */
export function findSeries(id: string): Series | undefined {
  seriesById ??= new Map(PROVIDERS.flatMap(({ series }) => series.map((one) => [one.id, one])));
  return seriesById.get(id);
}
