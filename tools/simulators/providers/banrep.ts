import { banrep } from "#core/providers/banrep.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { json, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";

const WHERE = /^vigenciadesde between '([\d-]+)T00:00:00\.000' and '([\d-]+)T00:00:00\.000'$/;
const DEFAULT_LIMIT = 1_000;
const END_OF_DAY = "T00:00:00.000";

/** The TRM as Socrata serves it: texts without zeros at the end, each with the days on which it is in force. */
export const simulatedBanrep: SimulatedProvider = {
  provider: banrep,
  decimals: () => 2,
  formatFaults: [],

  respond({ path, query }, edition) {
    const [, from, to] = WHERE.exec(query.get("$where") ?? "") ?? [];
    const range = rangeOf(from, to);
    if (path !== "/32sa-8pi3.json" || range === undefined) return undefined;
    const dates = edition.moments(range);
    const rows = dates.flatMap((date, index) => {
      const text = edition.cells(date, banrep.series, "stripped")[0]?.text;
      const shown = edition.printed(date);
      const until = shown === date ? lastDayOf(date, dates[index + 1]) : shown;
      if (text === undefined) return [];
      return `{"valor":"${text}","unidad":"COP","vigenciadesde":"${shown}${END_OF_DAY}","vigenciahasta":"${until}${END_OF_DAY}"}`;
    });
    const ordered = query.get("$order")?.endsWith("DESC") ? rows.reverse() : rows;
    return json(`[${ordered.slice(0, Number(query.get("$limit") ?? DEFAULT_LIMIT)).join("\n,")}]\n`);
  },
};

/** In force until the next one; the last one until the day after the next working day. */
function lastDayOf(date: PlainDate, next: PlainDate | undefined): PlainDate {
  if (next !== undefined) return addDays(next, -1);
  const isSaturday = new Date(date).getUTCDay() === 6;
  return isSaturday ? addDays(date, 2) : date;
}
