import type { Board } from "#core/pages/board.ts";
import { summaryOf } from "#core/pages/series-digests.ts";
import { type Observation, type Page, pageDigest } from "#core/rates/page.ts";
import type {
  Batch,
  Commit,
  DigestSummary,
  Digests,
  ReadingCommit,
  Run,
  SeriesReading,
  Versions,
} from "#core/wire/internal.ts";
import type { PollCommit, PollMessage } from "#core/wire/polls.ts";
import { OriginFailure } from "../../../worker/clients/origin-failure.ts";
import type { IngestOrigin } from "../../../worker/ingest/ports.ts";
import { boardOf, sumOf, TestPolls } from "./origin-parts.ts";

export interface Row {
  value: string;
  seq: number;
  fetchedMs: number;
  withdrawn: boolean;
}

/** A model of what the real origin holds back: withdrawals until they are said again, jumps until a second value is near. */
const CONFIRMED_AFTER_MS = 4 * 60_000;
const MASS_CONFIRMED_AFTER_MS = 3_600_000;
const MAX_WITHDRAWALS = 3;
const MAX_MOVE = 0.15;

/** The origin in memory: a sequence number for each value, and the rules by which it takes readings. */
export class TestOrigin implements IngestOrigin {
  chaos: "none" | "away" | "answer_lost" = "none";
  lineage = "first";
  /** Where its summaries take the recent years to begin. */
  recentFrom = 2022;
  /** Has no readings: an older release. */
  isOld = false;
  refuses: (batch: Batch | SeriesReading) => number | undefined = () => undefined;
  quarantines: (value: string) => boolean = () => false;
  readonly polls = new TestPolls();
  readonly runs: Run[] = [];
  readonly commits: string[] = [];
  readonly readings: SeriesReading[] = [];
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #jumps = new Map<string, Map<string, string>>();
  readonly #missingSinceMs = new Map<string, number>();
  #seq = 0;

  async commitReading(reading: SeriesReading): Promise<ReadingCommit> {
    this.#arrive(reading, "readings");
    if (this.isOld) throw new OriginFailure("status", "readings", 405);
    this.readings.push(reading);
    const { series, year } = reading;
    const counts = { accepted: 0, unchanged: 0, revised: 0, withdrawn: 0, quarantined: 0, overtaken: 0 };
    const rows = this.#rowsOf(series);
    const fetchedMs = Date.parse(reading.fetched_at);
    const isOvertaken = (row: Row) =>
      reading.based_on === null ? fetchedMs < row.fetchedMs : row.seq > reading.based_on;
    const store = (date: string, value: string, withdrawn: boolean) => {
      rows.set(date, { value, seq: ++this.#seq, fetchedMs, withdrawn });
    };

    const jumps = this.#jumps.get(series) ?? new Map<string, string>();
    this.#jumps.set(series, jumps);
    const fresh: Observation[] = [];
    for (const [date, value] of reading.observations) {
      const known = rows.get(date);
      this.#missingSinceMs.delete(`${series} ${date}`);
      jumps.delete(date);
      if (known && !known.withdrawn && known.value === value) counts.unchanged++;
      else if (known && isOvertaken(known)) counts.overtaken++;
      else if (this.quarantines(value)) counts.quarantined++;
      else fresh.push([date, value]);
    }
    const waiting = [...jumps].map(([date, value]): Observation => [date, value]);
    for (const [date, value] of [...fresh, ...waiting].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const near = [...jumps].find(([other, held]) => other !== date && isNear(held, value));
      if (!isNear(this.#valueBefore(series, date), value) && !near) {
        jumps.set(date, value);
        counts.quarantined++;
        continue;
      }
      for (const [at, held] of near ? [near, [date, value] as const] : [[date, value] as const]) {
        counts[rows.has(at) ? "revised" : "accepted"]++;
        store(at, held, false);
        jumps.delete(at);
      }
    }

    const listed = new Set(reading.observations.map(([date]) => date));
    const missing = [...rows].filter(([date, row]) => !row.withdrawn && !listed.has(date) && isWithin(date, reading));
    const afterMs = missing.length > MAX_WITHDRAWALS ? MASS_CONFIRMED_AFTER_MS : CONFIRMED_AFTER_MS;
    for (const [date, row] of missing) {
      const key = `${series} ${date}`;
      const sinceMs = this.#missingSinceMs.get(key) ?? fetchedMs;
      this.#missingSinceMs.set(key, sinceMs);
      if (isOvertaken(row)) counts.overtaken++;
      else if (fetchedMs - sinceMs < afterMs) counts.quarantined++;
      else {
        store(date, row.value, true);
        counts.withdrawn++;
      }
    }
    this.#depart("readings");
    return { ...counts, pages: [this.page(series, year)] };
  }

  commitPoll = async (poll: PollMessage): Promise<PollCommit> => this.polls.commit(poll, this);

  async commit(batch: Batch): Promise<Commit> {
    this.#arrive(batch, "observations");
    const counts = { accepted: 0, unchanged: 0, revised: 0, quarantined: 0 };
    const touched = new Map<string, [string, number]>();
    for (const { series, date, value } of batch.observations) {
      const rows = this.#rowsOf(series);
      touched.set(`${series}:${date.slice(0, 4)}`, [series, Number(date.slice(0, 4))]);
      const known = rows.get(date);
      if (this.quarantines(value)) counts.quarantined++;
      else if (known?.value === value) counts.unchanged++;
      else {
        counts[known ? "revised" : "accepted"]++;
        rows.set(date, { value, seq: ++this.#seq, fetchedMs: Date.parse(batch.fetched_at), withdrawn: false });
      }
    }
    this.#depart("observations");
    return { ...counts, pages: Array.from(touched.values(), ([series, year]) => this.page(series, year)) };
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    this.#depart("pages");
    return Array.from({ length: toYear - fromYear + 1 }, (_, index) => this.page(series, fromYear + index));
  }

  async versions(): Promise<Versions> {
    this.#depart("versions");
    const versions: Versions = {};
    for (const [series, rows] of this.#rows) {
      for (const date of rows.keys()) {
        const year = Number(date.slice(0, 4));
        versions[series] = { ...versions[series], [year]: this.page(series, year).version };
      }
    }
    return versions;
  }

  async commitReadings(readings: readonly SeriesReading[]): Promise<ReadingCommit> {
    const status = this.isOld ? 405 : readings.map(this.refuses).find((refused) => refused !== undefined);
    if (status !== undefined) throw new OriginFailure("status", "readings", status);
    const commits: ReadingCommit[] = [];
    for (const reading of readings) commits.push(await this.commitReading(reading));
    return sumOf(commits);
  }

  async digestSummary(provider: string): Promise<DigestSummary | undefined> {
    const { pages, ...digests } = await this.digests();
    const own = Object.entries(pages).filter(([series]) => series.startsWith(`${provider}.`));
    return this.isOld ? undefined : summaryOf({ ...digests, pages: Object.fromEntries(own) }, this.recentFrom);
  }

  async board(provider: string): Promise<Board | undefined> {
    this.#depart("boards");
    return this.isOld ? undefined : boardOf(provider, this.#rows);
  }

  async digests(): Promise<Digests> {
    const pages: Digests["pages"] = {};
    for (const [series, years] of Object.entries(await this.versions())) {
      const digestOf = (year: string) => pageDigest(this.page(series, Number(year)));
      const known = Object.entries(years).map(
        ([year, version]) => [year, { version, digest: digestOf(year) }] as const,
      );
      pages[series] = Object.fromEntries(known);
    }
    return { lineage: this.lineage, max_seq: this.#seq, pages };
  }

  async recordRun(run: Run): Promise<void> {
    this.#depart("runs");
    this.runs.push(run);
  }

  page(series: string, year: number): Page {
    const rows = [...(this.#rows.get(series) ?? [])].filter(([date]) => date.startsWith(`${year}-`)).sort();
    const version = Math.max(0, ...rows.map(([, { seq }]) => seq));
    const current = rows.filter(([, row]) => !row.withdrawn);
    const withdrawn = rows.filter(([, row]) => row.withdrawn).map(([date]) => date);
    const observations = current.map(([date, { value }]): Observation => [date, value]);
    const updated_at = version > 0 ? "2023-12-29T18:00:00Z" : null;
    const held = [...(this.#jumps.get(series)?.keys() ?? [])].filter((date) => date.startsWith(`${year}-`)).sort();
    return {
      series,
      year,
      version,
      updated_at,
      observations,
      ...(withdrawn.length > 0 && { withdrawn }),
      ...(held.length > 0 && { waiting: held }),
    };
  }

  /** A backup of this moment: called, it puts the database back to it, as another lineage. */
  backup(): () => void {
    const rows = [...this.#rows].map(([series, values]) => [series, new Map(values)] as const);
    const seq = this.#seq;
    return () => {
      this.#rows.clear();
      for (const [series, values] of rows) this.#rows.set(series, new Map(values));
      this.#seq = seq + 1_000_000;
      this.lineage = "restored";
    };
  }

  forget(series: string): void {
    this.#rows.delete(series);
  }

  #rowsOf(series: string): Map<string, Row> {
    const rows = this.#rows.get(series) ?? new Map<string, Row>();
    this.#rows.set(series, rows);
    return rows;
  }

  #valueBefore(series: string, date: string): string | undefined {
    const before = [...this.#rowsOf(series)].filter(([other, row]) => other < date && !row.withdrawn).sort();
    return before.at(-1)?.[1].value;
  }

  #arrive(body: Batch | SeriesReading, what: string): void {
    if (this.chaos === "away") throw new OriginFailure("unreachable", what);
    const status = this.refuses(body);
    if (status !== undefined) throw new OriginFailure("status", what, status);
    this.commits.push(body.batch_id);
  }

  #depart(what: string): void {
    if (this.chaos !== "none") throw new OriginFailure("timeout", what);
  }
}

function isNear(before: string | undefined, value: string): boolean {
  return before === undefined || Math.abs(Math.log(Number(value) / Number(before))) <= MAX_MOVE;
}

function isWithin(date: string, { year, complete }: SeriesReading): boolean {
  return complete !== null && date.startsWith(`${year}-`) && date >= complete.from && date <= complete.to;
}
