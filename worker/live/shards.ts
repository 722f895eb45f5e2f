import type { Hub } from "./hub.ts";
import type { HubPort } from "./publisher.ts";

/** Which hubs there are. Names are computed, so there is no list of them that could be wrong. */

/** Where Cloudflare can place an object. */
const REGIONS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export type Region = (typeof REGIONS)[number];

export interface Shard {
  name: string;
  region: Region;
}

/** The hubs of public events: `count` in each region. */
export function publicShards(count: number): Shard[] {
  return REGIONS.flatMap((region) => shardsOf(region, count));
}

export function shardsOf(region: Region, count: number): Shard[] {
  return Array.from({ length: count }, (_, index) => ({ name: `public:${region}:${index}`, region }));
}

/** A hub is placed at the first call, and stays there. */
export function hubOf(hubs: DurableObjectNamespace<Hub>, { name, region }: Shard): DurableObjectStub<Hub> {
  return hubs.get(hubs.idFromName(name), { locationHint: region });
}

/** The hub of an account's own events; it is placed near its first reader. */
export function accountHubOf(hubs: DurableObjectNamespace<Hub>, accountId: string): DurableObjectStub<Hub> {
  return hubs.get(hubs.idFromName(`account:${accountId}`));
}

/** A hub as the publisher calls it. */
export function portOf(hubs: DurableObjectNamespace<Hub>, shard: Shard): HubPort {
  return { name: shard.name, publish: (batch) => hubOf(hubs, shard).publish(batch) };
}

type Place = Partial<Pick<IncomingRequestCfProperties, "continent" | "longitude" | "country">>;

const MIDDLE_EAST = new Set("AE BH CY EG IL IQ IR JO KW LB OM PS QA SA SY TR YE".split(" "));
/** Roughly the Mississippi, and the Oder. */
const NORTH_AMERICA_MIDDLE = -95;
const EUROPE_MIDDLE = 15;

/** The region that a reader is in; by default the one that most readers of a Mexican rate are in. */
export function regionOf({ continent, longitude, country }: Place = {}): Region {
  const isWestOf = (meridian: number) => longitude !== undefined && Number(longitude) < meridian;
  if (country !== undefined && MIDDLE_EAST.has(country)) return "me";
  switch (continent) {
    case "SA":
      return "sam";
    case "EU":
      return isWestOf(EUROPE_MIDDLE) ? "weur" : "eeur";
    case "AS":
      return "apac";
    case "OC":
      return "oc";
    case "AF":
      return "afr";
    default:
      return isWestOf(NORTH_AMERICA_MIDDLE) ? "wnam" : "enam";
  }
}
