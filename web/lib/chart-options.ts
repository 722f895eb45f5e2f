import uPlot from "uplot";
import { DAY_MS } from "#core/time/dates.ts";
import type { Language } from "./language.ts";

/** How uPlot draws a history. Dates are calendar dates: they are drawn in UTC, so that no reader's zone moves them. */

export interface Drawn {
  dates: readonly string[];
  /** The rates, then what is drawn with them. Numbers here are pixels to be: what is read is the published text. */
  lines: readonly { values: readonly (number | null)[]; style: "rate" | "average" | "other" | "none" }[];
  /** Weekdays without a publication. */
  closed: ReadonlySet<string>;
  /** Dates that are marked on the first line. */
  marked?: ReadonlySet<string>;
  /** Whether the lines are open, high, low and close, drawn as candles. */
  areCandles?: boolean;
}

const HEIGHT = 380;
const CANDLES_HEIGHT = 260;
const MIN_LABEL_WIDTH = 70;
const MARK_RADIUS = 5;
const MAX_CANDLE_WIDTH = 14;
const DAY_SECONDS = DAY_MS / 1_000;
const MAX_DECIMALS = 10;

/** Midnight UTC of dates, as uPlot counts. */
export function secondsOf(dates: readonly string[]): number[] {
  return dates.map((date) => Date.parse(date) / 1_000);
}

/** A part of a period, in seconds: what the reader has enlarged. */
export interface Zoom {
  min: number;
  max: number;
}

interface ChartSettings {
  language: Language;
  /** The whole period without it. */
  zoom: Zoom | undefined;
  /** The plot is drawn, and its cursor can be placed. */
  onReady: (plot: uPlot) => void;
  /** The reader points at a date, or at none any more. */
  onPoint: (index: number | null | undefined) => void;
}

/** The options for a chart within an element, in the colours of its style sheet. */
export function chartOptions(
  drawn: Drawn,
  parent: HTMLElement,
  { language, zoom, onReady, onPoint }: ChartSettings,
): uPlot.Options {
  const { lines, closed, areCandles = false } = drawn;
  const style = getComputedStyle(parent);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("soft"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const looks = {
    rate: { stroke: colour("accent"), width: 1.75, fill: lines.length === 1 ? colour("wash") : undefined },
    average: { stroke: colour("down"), width: 1.5, dash: [6, 4] },
    other: { stroke: colour("soft"), width: 1.5, dash: [2, 3] },
    none: {},
  };
  return {
    width: Math.max(200, parent.clientWidth),
    height: areCandles ? CANDLES_HEIGHT : HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC"),
    fmtDate: (template) => uPlot.fmtDate(template, namesIn(language)),
    legend: { show: false },
    cursor: { y: false, points: { size: 8 } },
    scales: {
      x: {
        time: true,
        ...zoom,
        ...(areCandles && { range: candleRange }),
      },
    },
    axes: [
      { ...axis, space: MIN_LABEL_WIDTH, values: dateLabels(language) },
      {
        ...axis,
        side: 1,
        size: 68,
        values: (_, splits, _axis, _space, step) => splits.map((value) => value.toFixed(decimalsOf(step))),
      },
    ],
    series: [{}, ...lines.map(({ style: kind }) => ({ ...looks[kind], points: { show: false }, spanGaps: true }))],
    hooks: {
      ready: [onReady],
      // Without an event it is placed by the page itself, or for the first time.
      setCursor: [(plot) => plot.cursor.event && onPoint(plot.cursor.idx)],
      drawClear: [(plot) => drawClosed(plot, closed, colour("sunken"))],
      draw: [
        (plot) => {
          if (areCandles) drawCandles(plot, colour("up"), colour("down"));
          else drawMarks(plot, drawn, colour("down"), colour("raised"));
        },
      ],
    },
  } as uPlot.Options;
}

/** What the reader has enlarged, if it is less than the whole period. */
export function zoomOf({ scales, data: [xs] }: uPlot): Zoom | undefined {
  const { min = 0, max = 0 } = scales.x ?? {};
  return min > (xs[0] ?? 0) || max < (xs.at(-1) ?? 0) ? { min, max } : undefined;
}

/** Puts the cursor on a date; an enlarged part moves as far as it must for the date to be seen. */
export function placeCursor(plot: uPlot, index: number): void {
  const [x = 0, y = 0] = [plot.data[0][index], plot.data[1]?.[index] ?? 0];
  const { min = x, max = x } = plot.scales.x ?? {};
  const beyond = Math.max(0, x - max) || Math.min(0, x - min);
  if (beyond !== 0) plot.batch(() => plot.setScale("x", { min: min + beyond, max: max + beyond }));
  plot.setCursor({ left: plot.valToPos(x, "x"), top: plot.valToPos(y, "y") }, false);
}

/** Half a candle stands beyond the first date and the last. */
function candleRange({ data: [xs] }: uPlot, min: number, max: number): [number, number] {
  const [first = min, last = max] = [xs[0], xs.at(-1)];
  const half = (last - first) / (2 * xs.length);
  return [min <= first ? first - half : min, max >= last ? last + half : max];
}

/** Years, months and days as this language writes them. */
function dateLabels(language: Language): uPlot.Axis.Values {
  const locale = language === "es" ? "es-MX" : "en-GB";
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const [year, month, day] = [
    format({ year: "numeric" }),
    format({ month: "short", year: "2-digit" }),
    format({ day: "numeric", month: "short" }),
  ];
  return (_plot, splits, _axis, _space, step) => {
    const chosen = step >= 360 * DAY_SECONDS ? year : step >= 27 * DAY_SECONDS ? month : day;
    return splits.map((seconds) => chosen.format(seconds * 1_000));
  };
}

function namesIn(language: Language): uPlot.DateNames {
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => new Date(Date.UTC(2023, 0, 1 + day)));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2023, month, 1)));
  const named = (dates: Date[], options: Intl.DateTimeFormatOptions) =>
    dates.map((date) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(date));
  return {
    MMMM: named(months, { month: "long" }),
    MMM: named(months, { month: "short" }),
    WWWW: named(days, { weekday: "long" }),
    WWW: named(days, { weekday: "short" }),
  };
}

function decimalsOf(step: number): number {
  return Math.min(MAX_DECIMALS, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function drawClosed({ ctx, bbox, valToPos }: uPlot, closed: ReadonlySet<string>, fill: string): void {
  ctx.save();
  ctx.fillStyle = fill;
  for (const date of closed) {
    const seconds = Date.parse(date) / 1_000;
    const [left, right] = [seconds - DAY_SECONDS / 2, seconds + DAY_SECONDS / 2].map((each) =>
      valToPos(each, "x", true),
    );
    const start = Math.max(bbox.left, left ?? 0);
    const end = Math.min(bbox.left + bbox.width, right ?? 0);
    if (end > start) ctx.fillRect(start, bbox.top, end - start, bbox.height);
  }
  ctx.restore();
}

/** A diamond on each marked date. */
function drawMarks({ ctx, data, valToPos }: uPlot, { dates, marked }: Drawn, fill: string, edge: string): void {
  if (!marked || marked.size === 0) return;
  const radius = MARK_RADIUS * devicePixelRatio;
  ctx.save();
  [ctx.fillStyle, ctx.strokeStyle, ctx.lineWidth] = [fill, edge, devicePixelRatio];
  for (const [index, date] of dates.entries()) {
    if (!marked.has(date)) continue;
    const [x, y] = [valToPos(data[0][index] ?? 0, "x", true), valToPos(data[1]?.[index] ?? 0, "y", true)];
    ctx.beginPath();
    ctx.moveTo(x, y - radius);
    ctx.lineTo(x + radius, y);
    ctx.lineTo(x, y + radius);
    ctx.lineTo(x - radius, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** From low to high a thin line, from open to close a body: hollow where the rate rose, as colour alone says nothing to some. */
function drawCandles({ ctx, data, bbox, valToPos }: uPlot, up: string, down: string): void {
  const [xs, opens = [], highs = [], lows = [], closes = []] = data;
  const room = bbox.width / Math.max(1, xs.length);
  const width = Math.max(1, Math.min(MAX_CANDLE_WIDTH * devicePixelRatio, room * 0.7));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - width, bbox.top, bbox.width + 2 * width, bbox.height);
  ctx.clip();
  ctx.lineWidth = devicePixelRatio;
  for (const [index, seconds] of xs.entries()) {
    const x = valToPos(seconds, "x", true);
    const [open, high, low, close] = [opens, highs, lows, closes].map((all) =>
      valToPos(all[index] ?? 0, "y", true),
    ) as [number, number, number, number];
    const [top, bottom] = [Math.min(open, close), Math.max(open, close)];
    const hasRisen = close < open;
    ctx.fillStyle = ctx.strokeStyle = hasRisen ? up : down;
    ctx.beginPath();
    ctx.moveTo(x, high);
    ctx.lineTo(x, hasRisen ? top : low);
    if (hasRisen) ctx.moveTo(x, bottom);
    ctx.lineTo(x, low);
    ctx.stroke();
    const body = [x - width / 2, top, width, Math.max(bottom - top, devicePixelRatio)] as const;
    if (hasRisen) ctx.strokeRect(...body);
    else ctx.fillRect(...body);
  }
  ctx.restore();
}
