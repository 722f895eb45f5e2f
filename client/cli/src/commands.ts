import { type Pair, ProblemError } from "../../src/index.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import type { Command, Context } from "./run.ts";

/** Commands that read once. */

/** The FIX: the latest, or that of a date. */
export const fix: Command = async (context) => {
  const [date, ...more] = context.args;
  noMore(context, more);
  const pair = { ...pairOf(context), provider: context.values.provider ?? "banxico" };
  if (date !== undefined) return rateOn(context, isoDate(context, date), pair);
  const { rate, date: day, stale, next_update } = show(context, await context.paridad.current(pair));
  if (!context.values.json) context.out(`${rate}\t${day}`);
  if (stale) context.err(context.texts.stale);
  else context.err(context.texts.next(next_update));
  return stale ? EXIT.stale : EXIT.ok;
};

async function rateOn(context: Context, date: string, pair: Pair): Promise<ExitCode> {
  const { paridad, texts, values } = context;
  const found = await paridad.on(date, pair).catch((error: unknown) => {
    // Of days to come the API has no rate.
    if (error instanceof ProblemError && error.code === "no_data" && date > today(context)) return undefined;
    throw error;
  });
  if (found === undefined || isStillToCome(found.date, date, found.next_update)) {
    context.err(texts.notPublished(date));
    return EXIT.notPublished;
  }
  show(context, found);
  if (!values.json) context.out(`${found.rate}\t${found.date}`);
  if (found.date !== date) context.err(texts.carried(found.date));
  return EXIT.ok;
}

/** Whether a rate of the date, or of a day before it that has none yet, is announced. */
function isStillToCome(found: string, date: string, nextUpdate: string | null): boolean {
  if (found === date || nextUpdate === null) return false;
  return MEXICAN_DAY.format(new Date(nextUpdate)) <= date;
}

const MEXICAN_DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Mexico_City", dateStyle: "short" });

/** Today where the FIX is determined. */
function today({ nowMs }: Context): string {
  return MEXICAN_DAY.format(nowMs());
}

/** The rates for invoices: what the DOF published on the last bank day before each date. */
export const cfdi: Command = async (context) => {
  const { args, paridad, texts, values } = context;
  if (args.length === 0) throw new UsageError(texts.missing("DATE"));
  let code: ExitCode = EXIT.ok;
  for (const date of args.map((text) => isoDate(context, text))) {
    const [, expected] = await lastBankDays(paridad, date);
    const isToCome = expected > today(context);
    const found = isToCome ? undefined : await paridad.on(date, { base: values.base ?? "USD", view: "settlement" });
    if (found === undefined || (found.determination_date ?? "") < expected) {
      context.err(texts.notPublished(date));
      code = EXIT.notPublished;
      continue;
    }
    const { rate, determination_date: determined = "", publication_date: published = "" } = found;
    show(context, found);
    if (!values.json) context.out(`${date}\t${rate}`);
    context.err(texts.cfdi(date, determined, published));
  }
  return code;
};

/** The last two bank days before a date: that of the publication, and that of the determination. */
async function lastBankDays(paridad: Context["paridad"], date: string): Promise<[string, string]> {
  const days: string[] = [];
  let closed: readonly string[] = [];
  for (let day = dayBefore(date), year = ""; days.length < 2; day = dayBefore(day)) {
    if (!day.startsWith(year) || year === "") {
      year = day.slice(0, 4);
      ({ closed } = await paridad.calendar("banxico", Number(year)));
    }
    const isWeekday = new Date(day).getUTCDay() % 6 !== 0;
    if (isWeekday && !closed.includes(day)) days.push(day);
  }
  return days as [string, string];
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}

export const convert: Command = async (context) => {
  const [amount, from, to, ...more] = context.args;
  if (!amount || !from || !to) throw new UsageError(context.texts.missing("AMOUNT FROM TO"));
  noMore(context, more);
  const { date } = context.values;
  const day = date === undefined ? undefined : isoDate(context, date);
  const found = show(context, await context.paridad.convert(amount, from, to, day));
  if (!context.values.json) context.out(`${found.result}\t${found.to}\t${found.rate}\t${found.date}`);
  if (found.stale) context.err(context.texts.stale);
  return found.stale ? EXIT.stale : EXIT.ok;
};

export const history: Command = async (context) => {
  const { from, to, csv, json, provider } = context.values;
  noMore(context, context.args);
  if (from === undefined) throw new UsageError(context.texts.missing("--from"));
  const period = { from: isoDate(context, from), ...(to && { to: isoDate(context, to) }), nowMs: context.nowMs() };
  if (csv) context.out("date,rate");
  for await (const observation of context.paridad.history({
    ...pairOf(context),
    ...(provider && { provider }),
    ...period,
  }))
    context.out(json ? JSON.stringify(observation) : `${observation.date}${csv ? "," : "\t"}${observation.rate}`);
  return EXIT.ok;
};

export const latest: Command = async (context) => {
  const { base = "USD", quotes } = context.values;
  noMore(context, context.args);
  const found = show(context, await context.paridad.latest(base, quotes?.split(",")));
  if (!context.values.json)
    for (const [code, { rate, date, provider, stale }] of Object.entries(found.rates))
      context.out([code, rate, date, provider, stale ? context.texts.stale : ""].join("\t").trimEnd());
  return found.stale ? EXIT.stale : EXIT.ok;
};

/** Prints what the API returned, if that is what is wanted. */
export function show<Content>({ values, out }: Context, content: Content): Content {
  if (values.json) out(JSON.stringify(content));
  return content;
}

function pairOf({ values: { base, quote } }: Context): Pair {
  return { ...(base && { base }), ...(quote && { quote }) };
}

function isoDate({ texts }: Context, text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text);
  if (!isDate) throw new UsageError(texts.date(text));
  return text;
}

export function noMore({ texts }: Context, [first]: readonly string[]): void {
  if (first !== undefined) throw new UsageError(texts.tooMany(first));
}
