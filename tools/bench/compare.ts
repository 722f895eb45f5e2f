import type { Settings, Target } from "./findings.ts";
import { type Contestant, competeAfresh, type Opening } from "./rounds.ts";

/** One thing to measure against others, with its target relative to the first. */
export interface Entrant extends Contestant {
  target?: Target;
}

/**
 * Lets entrants compete and reports each beside the first, the baseline: requests per second, and processor time per request,
 * as medians and as ratios of medians.
 */
export async function compare(measure: string, open: Opening<Entrant>, settings: Settings): Promise<void> {
  const standings = await competeAfresh(open, settings);
  const [baseline] = standings;
  if (baseline === undefined) return;
  for (const standing of standings) {
    const { name, perSecond, cpuMicros, errors, contestant, range } = standing;
    const spread = `rounds from ${range.map(Math.round).join(" to ")}`;
    const beside = (ratio: number) => (standing === baseline ? {} : { ratio, of: baseline.name });
    settings.report({
      measure,
      what: name,
      value: perSecond,
      unit: "requests/s",
      ...beside(perSecond / baseline.perSecond),
      ...(contestant.target !== undefined && { target: contestant.target }),
      note: errors > 0 ? `${spread}; ${errors} responses were errors` : spread,
    });
    settings.report({
      measure,
      what: `${name}: processor time`,
      value: cpuMicros,
      unit: "µs/request",
      ...beside(baseline.cpuMicros / cpuMicros),
    });
  }
}
