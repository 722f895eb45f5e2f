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

export interface Tick {
  y: number;
  label: string;
}

export interface Line {
  /** Of each rate. */
  xs: number[];
  ys: number[];
  path: string;
  area: string;
  ticks: Tick[];
  low: number;
  high: number;
}

const TICK_STEPS = [1, 2, 2.5, 5, 10];
const WANTED_TICKS = 4;
const DAY_MS = 86_400_000;

/** A line in a box, dates to scale. `points` are ascending and at least two. */
export function lineOf(points: readonly Dated[], box: Box): Line {
  const values = points.map(({ rate }) => Number(rate));
  const days = points.map(({ date }) => Date.parse(date) / DAY_MS);
  const [low, high] = [indexOfMin(values), indexOfMin(values.map((value) => -value))];
  const { step, from, to, decimals } = scaleOf(values[low] ?? 0, values[high] ?? 0);
  const innerWidth = box.width - box.left - box.right;
  const innerHeight = box.height - box.top - box.bottom;
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const x = (day: number) => round(box.left + ((day - first) / (last - first || 1)) * innerWidth);
  const y = (value: number) => round(box.top + (1 - (value - from) / (to - from)) * innerHeight);
  const xs = days.map(x);
  const ys = values.map(y);
  const path = `M${xs.map((each, index) => `${each} ${ys[index]}`).join("L")}`;
  const floor = box.height - box.bottom;
  const ticks: Tick[] = [];
  for (let value = from; value <= to + step / 2; value += step)
    ticks.push({ y: y(value), label: value.toFixed(decimals) });
  return { xs, ys, path, area: `${path}L${xs.at(-1)} ${floor}L${xs[0]} ${floor}Z`, ticks, low, high };
}

/** Round limits around two values, and the step between them. */
export function scaleOf(low: number, high: number) {
  const spread = high - low || Math.abs(high) / 100 || 1;
  const rough = spread / WANTED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (TICK_STEPS.find((each) => each * power >= rough) ?? 10) * power;
  const from = Math.floor(low / step) * step;
  const to = Math.max(Math.ceil(high / step) * step, from + step);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) + (/^2\.5/.test(String(step / power)) ? 1 : 0)));
  return { step, from, to, decimals };
}

/** The index of the date nearest to a place on the x axis. */
export function nearest(xs: readonly number[], x: number): number {
  return indexOfMin(xs.map((each) => Math.abs(each - x)));
}

function indexOfMin(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value < (values[best] ?? 0) ? index : best), 0);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
