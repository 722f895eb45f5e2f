import { banxico } from "#core/providers/banxico.ts";
import { encodePage, type Observation, type Page } from "#core/rates/page.ts";
import { addDays, earlier, later, type PlainDate, yearOf } from "#core/time/dates.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { openStore } from "../../origin/store/open.ts";
import { isBankDay } from "../simulators/banxico/mexico.ts";

/** The day and time of every benchmark: a Friday afternoon after the day's fixing, so that nothing is awaited. */
export const TODAY = "2023-12-29";
export const CLOCK = `${TODAY}T20:00:00Z`;

/** Made-up history: every bank day of every series has a value, in the shape that Banxico's have. */

export interface Extent {
  /** The last day that has an observation. */
  to: PlainDate;
  /** How many years of history, counted back from that day's; all there can be without. */
  years?: number;
}

export function pagesOf(extent: Extent): Page[] {
  return banxico.series.flatMap(({ id, since }) => seriesPages(id, since, extent));
}

export function seriesPages(series: string, firstDate: PlainDate, { to, years = 100 }: Extent): Page[] {
  const last = yearOf(to);
  const first = Math.max(yearOf(firstDate), last - years + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => pageOf(series, first + index, firstDate, to));
}

function pageOf(series: string, year: number, firstDate: PlainDate, to: PlainDate): Page {
  const observations: Observation[] = [];
  const end = earlier(`${year}-12-31`, to);
  for (let date = later(`${year}-01-01`, firstDate); date <= end; date = addDays(date, 1)) {
    if (isBankDay(date)) observations.push([date, valueOn(series, date)]);
  }
  return { series, year, version: 1_000 + year, updated_at: `${to}T18:00:00Z`, observations };
}

/** Never the same two days running nor in two series, which the store would refuse; always four decimals. */
function valueOn(series: string, date: PlainDate): string {
  const day = Date.parse(date) / 86_400_000;
  const own = (Number(series.replace(/\D/g, "")) % 1_000) / 100;
  return (10 + own + year(day) + Math.sin(day / 50) + (day % 7) / 100).toFixed(4);
}

function year(day: number): number {
  return day / 3_652.5;
}

/** Stores pages in Redis as the publisher does, past the worker. */
export async function seedRedis(url: string, token: string, pages: readonly Page[]): Promise<void> {
  const BATCH = 50;
  for (let at = 0; at < pages.length; at += BATCH) {
    const commands = pages
      .slice(at, at + BATCH)
      .map((page) => ["SET", `paridad:v1:page:${page.series}:${page.year}`, encodePage(page)]);
    const response = await fetch(`${url}/pipeline`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify(commands),
    });
    if (!response.ok) throw new Error(`Redis took no pages: ${response.status} ${await response.text()}`);
  }
}

/** Stores pages at the origin's store, as its own commits would; its tables are made first. */
export async function seedStore(url: string, { years }: Pick<Extent, "years"> = {}): Promise<number> {
  const store = await openStore(url);
  try {
    await store.migrate();
    let count = 0;
    for (const page of pagesOf({ to: TODAY, ...(years !== undefined && { years }) })) {
      const { series, year, observations } = page;
      if (observations.length === 0) continue;
      const batch = {
        batch_id: `bench-${series}-${year}`,
        provider: "banxico" as const,
        fetched_at: `${TODAY}T19:00:00Z`,
        observations: observations.map(([date, value]) => ({ series, date, value })),
      };
      const { accepted, quarantined } = await commitBatch(store, batch, Date.parse(CLOCK));
      if (quarantined > 0) throw new Error(`${quarantined} made-up values of ${series} ${year} were refused`);
      count += accepted;
    }
    return count;
  } finally {
    await store.close();
  }
}
