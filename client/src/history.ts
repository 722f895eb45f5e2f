import type { components } from "./schema.ts";

export type Observation = components["schemas"]["Observation"];

/** Reads the rates of one period, both ends included; without `to`, up to today. */
export type ReadPeriod = (from: string, to: string | undefined) => Promise<readonly Observation[]>;

export interface PeriodOptions {
  from: string;
  /** Default: today. */
  to?: string;
  /** How many years one request covers. Default: 5. */
  yearsPerRequest?: number;
  nowMs?: number;
}

/** The rates of a period of any length, oldest first, read a few years at a time. */
export async function* ratesOf(read: ReadPeriod, options: PeriodOptions): AsyncGenerator<Observation> {
  for (const [from, to] of periodsOf(options)) yield* await read(from, to);
}

/** The period in parts. The last one of a period without an end has none either: it is the server that knows today. */
export function periodsOf(options: PeriodOptions): [from: string, to: string | undefined][] {
  const { from, to, yearsPerRequest = 5, nowMs = Date.now() } = options;
  const end = to ?? new Date(nowMs).toISOString().slice(0, 10);
  const parts: [string, string | undefined][] = [];
  for (let start = from; start <= end || parts.length === 0; ) {
    const next = yearsAfter(start, yearsPerRequest);
    if (next > end) return [...parts, [start, to]];
    parts.push([start, dayBefore(next)]);
    start = next;
  }
  return parts;
}

function yearsAfter(date: string, years: number): string {
  // 29 February has its anniversary on the 28th.
  const text = `${String(Number(date.slice(0, 4)) + years).padStart(4, "0")}${date.slice(4)}`;
  return Number.isNaN(Date.parse(text)) || !new Date(text).toISOString().startsWith(text)
    ? text.replace(/-29$/, "-28")
    : text;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}
