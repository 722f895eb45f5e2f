/** The geometry of a line through rates. Numbers here are pixels: what is read is the published text. */

export interface Dated {
  date: string;
  rate: string;
}

export interface Box {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Line {
  /** Of each rate. */
  xs: number[];
  ys: number[];
  path: string;
  area: string;
  /** The indexes of the lowest and the highest rate, the first of equal ones. */
  low: number;
  high: number;
}

/** The lowest rate does not lie on the ground. */
const BELOW = 20;

/** A line that fills a box, dates to scale. `points` are ascending and at least two. */
export function lineOf(points: readonly Dated[], { width, height, left, right, top, bottom }: Box): Line {
  const values = points.map(({ rate }) => Number(rate));
  const days = points.map(({ date }) => Date.parse(date));
  const [low, high] = [indexOfMin(values), indexOfMin(values.map((value) => -value))];
  const [lowest = 0, highest = 0] = [values[low], values[high]];
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const floor = height - bottom;
  const xs = days.map((day) => round(left + ((day - first) / (last - first || 1)) * (width - left - right)));
  const ys = values.map((value) => round(floor - ((value - lowest) / (highest - lowest || 1)) * (floor - top)));
  const path = `M${xs.map((x, index) => `${x} ${ys[index]}`).join("L")}`;
  return { xs, ys, path, area: `${path}V${floor + BELOW}H${xs[0]}Z`, low, high };
}

/** The index of the date nearest to a place on the x axis. */
export function nearest(xs: readonly number[], x: number): number {
  return indexOfMin(xs.map((each) => Math.abs(each - x)));
}

/** Where a date is among ascending ones, or the next one if it is gone; the last without a date. */
export function indexOfDate(dates: readonly string[], date = "9999"): number {
  const found = dates.findIndex((each) => each >= date);
  return found < 0 ? dates.length - 1 : found;
}

/** The lowest and the highest of some rates, as they were published. */
export function extremesOf(rates: readonly string[]): { low: string; high: string } {
  const values = rates.map(Number);
  return { low: rates[indexOfMin(values)] ?? "", high: rates[indexOfMin(values.map((value) => -value))] ?? "" };
}

function indexOfMin(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value < (values[best] ?? 0) ? index : best), 0);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** Ascending rates with one more, in place of that of its date if there is one; null: without that of its date. */
export function withRate(rates: readonly Dated[], { date, rate }: { date: string; rate: string | null }): Dated[] {
  const others = rates.filter((one) => one.date !== date);
  return rate ? [...others, { date, rate }].sort((a, b) => (a.date < b.date ? -1 : 1)) : others;
}
