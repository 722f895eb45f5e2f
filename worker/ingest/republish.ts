import { mexicoCityDate } from "#core/calendar.ts";
import { yearOf, yearsBetween } from "#core/dates.ts";
import type { Versions } from "#core/internal.ts";
import type { PageKey } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import { pageKeyOf } from "../keys.ts";
import { enqueue, type RepublishRequest, type StoredPages } from "./messages.ts";
import type { IngestDeps, Watch } from "./ports.ts";
import { newestDates, readPages } from "./stored.ts";

/** Compares every page in Redis with the origin's version of it and has what lags, lacks or is corrupt published anew. */
export async function republish(
  deps: Pick<IngestDeps, "redis" | "origin" | "queue" | "now">,
  watch: Watch,
): Promise<{ requested: number; newest: ReadonlyMap<string, string> }> {
  // Redis first: whatever is published in between makes the origin's version the higher one, never the lower.
  const copies = await readPages(deps.redis, everyPage(deps.now()));
  const versions = await deps.origin.versions();
  const requests = laggingSpans(copies, versions);
  await enqueue(deps.queue, requests);
  const ahead = [...copies].filter(([, page]) => (versions[page.series]?.[page.year] ?? 0) < page.version).length;
  // The origin has lost something that readers still see: a restored backup, or a replica that lags.
  if (ahead > 0) watch.notice("Redis holds newer pages than the origin", { pages: ahead });
  return { requested: requests.length, newest: newestDates(copies.values()) };
}

/** The years, joined to spans, of which Redis has no copy or an older one. */
export function laggingSpans(copies: StoredPages, versions: Versions): RepublishRequest[] {
  const requests: RepublishRequest[] = [];
  for (const { id, firstDate } of SERIES) {
    const years = Object.entries(versions[id] ?? {})
      .filter(([year, version]) => (copies.get(pageKeyOf(id, Number(year)))?.version ?? -1) < version)
      .map(([year]) => Number(year))
      .filter((year) => year >= yearOf(firstDate))
      .sort((a, b) => a - b);
    for (const year of years) {
      const last = requests.at(-1);
      if (last?.republish === id && last.to_year === year - 1) last.to_year = year;
      else requests.push({ republish: id, from_year: year, to_year: year });
    }
  }
  return requests;
}

function everyPage(nowMs: number): PageKey[] {
  const today = mexicoCityDate(nowMs);
  return SERIES.flatMap(({ id, firstDate }) => yearsBetween(firstDate, today).map((year) => ({ series: id, year })));
}

/** Whether the series has any data at the origin. */
export function hasData(versions: Versions, series: string): boolean {
  return Object.keys(versions[series] ?? {}).length > 0;
}

/** The stored pages without those of which the origin has lost something: their content is to be sent again. */
export function knownToOrigin(stored: StoredPages, versions: Versions): StoredPages {
  return new Map([...stored].filter(([, { series, year, version }]) => (versions[series]?.[year] ?? 0) >= version));
}
