import type { SeriesData, SeriesFault } from "../providers/provider.ts";
import { addDays, type PlainDate } from "../time/dates.ts";

/** No provider's newest value is older than the one that it published before by so much: a series that stands still keeps its date. */
const MAX_DAYS_BACK = 90;

/**
 * The series whose newest value, as a response gives it, is dated long before the newest that is stored: in January with
 * the year before. It would pass for a revision of that day.
 */
export function misdatedIn(
  data: readonly SeriesData[],
  newest: Readonly<Record<string, PlainDate | undefined>>,
): SeriesFault[] {
  return data.flatMap(({ series, observations }): SeriesFault[] => {
    const [stored, [first] = []] = [newest[series], observations[0]];
    if (stored === undefined || first === undefined || first >= addDays(stored, -MAX_DAYS_BACK)) return [];
    return [{ series, kind: "invalid", reason: `its newest value is dated ${first}, and there is one of ${stored}` }];
  });
}
