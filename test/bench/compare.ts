import type { Finding, Settings, Target } from "./findings.ts";
import { type Contestant, compete, type Standing } from "./rounds.ts";

/** A contestant, with what is asked of it in comparison to the first. */
export interface Entrant extends Contestant {
  target?: Target;
  note?: string;
}

/**
 * Lets entrants compete and reports each beside the first, the baseline: requests a second, and processor time a request,
 * which other work on the machine disturbs less.
 */
export async function compare(
  measure: string,
  entrants: readonly [Entrant, ...Entrant[]],
  settings: Settings,
): Promise<Standing[]> {
  const standings = await compete(entrants, settings);
  const [baseline] = standings as [Standing];
  for (const [index, standing] of standings.entries()) {
    const { target, note } = entrants[index] as Entrant;
    const of = index === 0 ? {} : { of: baseline.name };
    const ratio = (value: number) => (index === 0 ? {} : { ratio: value });
    settings.report({
      measure,
      what: standing.name,
      value: standing.perSecond,
      unit: "requests/s",
      ...ratio(standing.perSecond / baseline.perSecond),
      ...of,
      ...(note !== undefined && { note }),
      ...(standing.errors > 0 && { note: `${standing.errors} answers were errors` }),
    });
    const cpu: Finding = {
      measure,
      what: `${standing.name}: processor time`,
      value: standing.leastCpuMicros,
      unit: "µs/request",
      ...ratio(baseline.leastCpuMicros / standing.leastCpuMicros),
      ...of,
      ...(target !== undefined && { target }),
    };
    settings.report(cpu);
  }
  return standings;
}
