import { withDeadline } from "#core/ops/deadline.ts";
import type { Page } from "#core/rates/page.ts";
import type { ReadingCommit, SeriesReading, Versions } from "#core/wire/internal.ts";
import type { Store } from "./store.ts";

/** A replica that hangs must leave time to ask the writer. */
const READER_DEADLINE_MS = 300;

/**
 * A store whose pages are read from a replica. A page that this instance has committed is never given as it was before:
 * where the replica has not caught up with it, or does not answer, the writer is asked.
 */
export function withReader(writer: Store, reader: Store): Store {
  /** series → year → the version that was committed here last. */
  const committed = new Map<string, Map<number, number>>();

  const isBehind = ({ series, year, version }: Pick<Page, "series" | "year" | "version">) =>
    version < (committed.get(series)?.get(year) ?? 0);

  const areBehind = (of: readonly string[], versions: Versions) =>
    [...committed].some(
      ([series, years]) =>
        of.includes(series) && [...years].some(([year, version]) => version > (versions[series]?.[year] ?? 0)),
    );

  async function either<T>(ask: (store: Store) => Promise<T>, isOutdated: (answer: T) => boolean): Promise<T> {
    const answer = await withDeadline(ask(reader), READER_DEADLINE_MS, "reader").catch(() => undefined);
    return answer === undefined || isOutdated(answer) ? ask(writer) : answer;
  }

  function remembering<T extends { pages: Page[] }>(written: T): T {
    for (const { series, year, version } of written.pages) {
      const years = committed.get(series) ?? new Map<number, number>();
      years.set(year, Math.max(version, years.get(year) ?? 0));
      committed.set(series, years);
    }
    return written;
  }

  return {
    pages: (series, fromYear, toYear) =>
      either(
        (store) => store.pages(series, fromYear, toYear),
        (pages) => pages.some(isBehind),
      ),
    // The writer's mark says nothing of pages that were read from a replica.
    pagesMark: async (series) => {
      const mark = await withDeadline(reader.pagesMark(series), READER_DEADLINE_MS, "reader").catch(() => undefined);
      const newest = Math.max(0, ...(committed.get(series)?.values() ?? []));
      return mark !== undefined && mark.version >= newest ? mark : undefined;
    },
    versions: (series) =>
      either(
        (store) => store.versions(series),
        (versions) => areBehind(series, versions),
      ),
    async commit(reading: SeriesReading, nowMs: number): Promise<ReadingCommit> {
      return remembering(await writer.commit(reading, nowMs));
    },
    async commitAll(readings: readonly SeriesReading[], nowMs: number): Promise<ReadingCommit> {
      return remembering(await writer.commitAll(readings, nowMs));
    },
    // What a replica has not got yet must not be taken for the truth.
    digests: (series) => writer.digests(series),
    board: (provider) => writer.board(provider),
    migrate: () => writer.migrate(),
    ping: () => writer.ping(),
    migrations: () => writer.migrations(),
    recordRun: (run) => writer.recordRun(run),
    // Nothing of a response about the past may change later: a replica that lags would make one that does.
    rowsAsOf: (range, knownAtMs) => writer.rowsAsOf(range, knownAtMs),
    history: (series, date) => writer.history(series, date),
    quarantined: (limit) => writer.quarantined(limit),
    countWaiting: () => writer.countWaiting(),
    release: async (selection, nowMs) => remembering(await writer.release(selection, nowMs)),
    dismiss: async (selection, nowMs) => remembering(await writer.dismiss(selection, nowMs)),
    declareRestored: (aboveVersion) => writer.declareRestored(aboveVersion),
    runs: (limit) => writer.runs(limit),
    transaction: (name, work) => writer.transaction(name, work),
    // A replica may lack what a consumer has read.
    events: writer.events,
    async close() {
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}
