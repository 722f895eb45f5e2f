import { approximateRate } from "./approximate.ts";
import type { Fixing } from "./fixing.ts";
import type { Route } from "./route.ts";

/** The highest and the lowest of some fixings; of equal ones the first. undefined if there are none. */
export function extremesOf(route: Route, fixings: readonly Fixing[]): { high: Fixing; low: Fixing } | undefined {
  const [first] = fixings;
  if (!first) return undefined;
  let [high, low] = [first, first];
  let highest = approximateRate(first, route);
  let lowest = highest;
  for (const fixing of fixings) {
    const rate = approximateRate(fixing, route);
    if (rate > highest) {
      high = fixing;
      highest = rate;
    } else if (rate < lowest) {
      low = fixing;
      lowest = rate;
    }
  }
  return { high, low };
}
