import { readFile } from "node:fs/promises";
import { z } from "zod";
import { addDays, isPlainDate } from "#core/time/dates.ts";
import { type CatalogueEntry, catalogue, fix, settlement } from "./catalogue.ts";
import { generatedFix, priceFrom } from "./generate.ts";
import { isBankDay, nextBankDay } from "./mexico.ts";

/** A date and a value, as Banxico prints it. */
export type Row = readonly [date: string, value: string];

/** A value that stands in place of, or besides, those of the data. */
export interface Overlay {
  readonly series: string;
  readonly date: string;
  /** Undefined if the value was withdrawn. */
  readonly value: string | undefined;
  /** Whether the date may be one that has no value. */
  readonly isNew: boolean;
}

/** All series there are, by date. */
export class Dataset {
  readonly entries: readonly CatalogueEntry[];
  readonly #rows = new Map<string, Map<string, string>>();
  readonly #isGenerated: boolean;
  /** Values of a recorded response override everything else. */
  readonly #recorded: readonly RecordedSeries[];
  #generatedUpTo = "";

  constructor(fixRows: readonly Row[] | undefined, recorded: readonly RecordedSeries[] = []) {
    this.#isGenerated = fixRows === undefined;
    this.#recorded = recorded;
    this.entries = withRecordedTitles(recorded);
    for (const { id } of this.entries) this.#rows.set(id, new Map());
    for (const [date, value] of fixRows ?? []) this.#addDay(date, value);
    for (const { id, rows } of recorded) for (const [date, value] of rows) this.#rows.get(id)?.set(date, value);
  }

  /** A series' rows up to a determination date, ascending. */
  rows(id: string, upTo: string, overlays: readonly Overlay[] = []): Row[] {
    if (this.#isGenerated) this.#generate(upTo);
    const isSettlement = id === settlement;
    const values = new Map(
      isSettlement ? settlementRows(this.rows(fix, upTo, overlays), this.rows(fix, upTo)) : this.#rows.get(id),
    );
    for (const { series, date, value, isNew } of overlays) {
      if (series !== id) continue;
      if (value === undefined) values.delete(date);
      else if (isNew || values.has(date)) values.set(date, value);
    }
    return [...values].filter(([date]) => isSettlement || date <= upTo).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #generate(upTo: string): void {
    const first = catalogue[0]?.firstDate ?? "";
    for (let date = this.#generatedUpTo || first; date <= upTo; date = addDays(date, 1)) {
      // Banks worked on some of the first dates although today's calendar has them as holidays.
      if (isBankDay(date) || catalogue.some(({ firstDate }) => firstDate === date))
        this.#addDay(date, generatedFix(date).toFixed(4));
      this.#generatedUpTo = addDays(date, 1);
    }
    for (const { id, rows } of this.#recorded) for (const [date, value] of rows) this.#rows.get(id)?.set(date, value);
  }

  #addDay(date: string, fixValue: string): void {
    for (const entry of catalogue) {
      if (entry.id === settlement || date < entry.firstDate) continue;
      const value = entry.id === fix ? fixValue : priceFrom(Number(fixValue), entry, date).toFixed(4);
      this.#rows.get(entry.id)?.set(date, value);
    }
  }
}

/**
 * Each FIX settles the days after the next bank day, until the next FIX does; so the last row lies ahead of it. A day whose
 * FIX was taken back is a bank day still: those are the dates of `days` and `fixRows`.
 */
function settlementRows(fixRows: readonly Row[], days: readonly Row[]): Row[] {
  const bankDays = [...new Set([...days, ...fixRows].map(([date]) => date))].sort();
  const indexOf = new Map(bankDays.map((date, index) => [date, index]));
  const after = (date: string) => bankDays[(indexOf.get(date) ?? bankDays.length) + 1] ?? nextBankDay(date);
  return fixRows.flatMap(([date, value], index) => {
    const rows: Row[] = [];
    const next = fixRows[index + 1]?.[0] ?? after(date);
    for (let day = addDays(after(date), 1); day <= after(next); day = addDays(day, 1)) rows.push([day, value]);
    return rows;
  });
}

/** One series of a recorded response. */
export interface RecordedSeries {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

const recordedSchema = z.object({
  bmx: z.object({
    series: z.array(
      z.object({
        idSerie: z.string(),
        titulo: z.string(),
        datos: z.array(z.object({ fecha: z.string().regex(/^\d\d\/\d\d\/\d{4}$/), dato: z.string() })),
      }),
    ),
  }),
});

/** Reads a body that the real API once sent. Throws naming the first thing in the file that is not as there. */
export async function readRecorded(file: string): Promise<RecordedSeries[]> {
  const parsed = recordedSchema.safeParse(jsonOf(await readFile(file, "utf8"), file));
  if (!parsed.success) {
    const where = (parsed.error.issues[0]?.path ?? []).map(String).join(".") || "the whole";
    throw new Error(
      `${file}: ${where} is not as in a response of Banxico's SIE API (bmx.series with idSerie, titulo, datos)`,
    );
  }
  return parsed.data.bmx.series.map(({ idSerie, titulo, datos }) => ({
    id: idSerie,
    title: titulo,
    rows: datos.map(({ fecha, dato }) => [fecha.split("/").reverse().join("-"), dato] as const),
  }));
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`);
  }
}

/** Reads the FIX from lines of `date,value`, the first of which may be a heading; throws naming the line that is wrong, or where there is none. */
export async function readCsv(file: string): Promise<Row[]> {
  const rows = new Map<string, string>();
  const lines = (await readFile(file, "utf8")).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || (index === 0 && !/^\d/.test(line))) continue;
    const [date = "", value = "", ...rest] = line.split(",").map((cell) => cell.trim());
    const isGood = isPlainDate(date) && /^\d+(\.\d+)?$/.test(value) && rest.length === 0 && !rows.has(date);
    if (!isGood) throw new Error(`${file}, line ${index + 1}: not a new date and its value: ${line}`);
    rows.set(date, value);
  }
  if (rows.size === 0) throw new Error(`${file} holds no rate`);
  return [...rows];
}

function withRecordedTitles(recorded: readonly RecordedSeries[]): CatalogueEntry[] {
  const titles = new Map(recorded.map(({ id, title }) => [id, title]));
  return catalogue.map((entry) => ({ ...entry, title: titles.get(entry.id) ?? entry.title }));
}
