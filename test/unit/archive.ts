import { PageBoards } from "#core/pages/page-boards.ts";
import { type Archive, PagesUnavailable } from "#core/pages/page-source.ts";
import { emptyPage, type Observation } from "#core/rates/page.ts";
import { addDays, yearOf } from "#core/time/dates.ts";
import { BANXICO } from "./catalogues.ts";

/** A value that was stored at an instant, or taken back. */
export interface Stored {
  series: string;
  date: string;
  value: string;
  at: string;
  withdrawn?: true;
}

/** For hosts whose test asks for nothing of the past. */
export const NO_ARCHIVE: Archive = {
  at: () => ({ read: unavailable, readBoards: unavailable, readWindow: unavailable }),
  revisions: unavailable,
};

async function unavailable(): Promise<never> {
  throw new PagesUnavailable(5);
}

/** An archive by the plainest means: replays what was stored, in order. */
export function archiveOf(log: readonly Stored[]): Archive {
  const at = (knownAtMs: number) => {
    const read = async (series: string, years: readonly number[]) =>
      years.map((year) => {
        const known = log.filter(
          (one) => one.series === series && yearOf(one.date) === year && Date.parse(one.at) <= knownAtMs,
        );
        const values = new Map<string, string>();
        for (const { date, value, withdrawn } of known) {
          values.delete(date);
          if (!withdrawn) values.set(date, value);
        }
        const observations: Observation[] = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
        const updated = known.at(-1);
        const page = updated
          ? { series, year, version: known.length, updated_at: updated.at, observations }
          : emptyPage({ series, year });
        return { page, tier: "origin" as const, freshUntilMs: Number.POSITIVE_INFINITY };
      });
    const boards = new PageBoards({ read }, BANXICO, knownAtMs);
    const readWindow = async (provider: string, date: string) => {
      const own = BANXICO.providerOf({ provider }).series.map(({ id }) => id);
      const years = [yearOf(addDays(date, -14)), yearOf(date)].filter(
        (year, index, all) => all.indexOf(year) === index,
      );
      const pages = await Promise.all(own.map((id) => read(id, years)));
      const values = pages.map((copies) => copies.flatMap(({ page }) => page.observations));
      return {
        values: Object.fromEntries(own.map((id, index) => [id, values[index] ?? []])),
        tier: "origin" as const,
        freshUntilMs: Number.POSITIVE_INFINITY,
      };
    };
    return { read, readBoards: (ids: readonly string[]) => boards.readBoards(ids), readWindow };
  };
  const revisions = async (series: string, date: string) =>
    log
      .filter((one) => one.series === series && one.date === date)
      .map(({ value, withdrawn = false, at: knownFrom }) => ({ value, withdrawn, knownFrom }));
  return { at, revisions };
}
