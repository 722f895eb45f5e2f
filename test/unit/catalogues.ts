import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { type Catalogue, catalogueFor } from "#core/providers/catalogue.ts";
import type { Route } from "#core/rates/route.ts";

/** What a deployment with these providers has. */
export function catalogue(providers: readonly string[], policy: Partial<Policy> = {}): Catalogue {
  return catalogueFor("local", { ...DEFAULT_POLICY, ...policy, PROVIDERS: providers });
}

export const BANXICO = catalogue(["banxico"]);

/** The route of a pair that is served. */
export function routeOf(base: string, quote: string, among: Catalogue = BANXICO): Route {
  const route = among.route(base, quote);
  if (route === undefined) throw new Error(`${base}/${quote} is not served`);
  return route;
}
