import { approximateRate } from "./approximate.ts";
import type { Fixing, SomeFixings } from "./fixing.ts";
import type { Route } from "./route.ts";

/** The highest and the lowest of some fixings; of equal ones the first. */
export function extremesOf(route: Route, fixings: SomeFixings): { high: Fixing; low: Fixing } {
  const [first] = fixings;
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
