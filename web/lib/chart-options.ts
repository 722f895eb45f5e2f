import uPlot from "uplot";
import type { Language } from "./language.ts";

/** How uPlot draws a history. Dates are calendar dates: they are drawn in UTC, so that no reader's zone moves them. */

export interface Drawn {
  dates: readonly string[];
  /** The rates, then what is drawn with them. Numbers here are pixels to be: what is read is the published text. */
  lines: readonly { values: readonly (number | null)[]; style: "rate" | "average" | "other" }[];
  /** Weekdays without a publication. */
  closed: ReadonlySet<string>;
}

const HEIGHT = 380;
const DAY_SECONDS = 86_400;
const MAX_DECIMALS = 10;

/** Midnight UTC of dates, as uPlot counts. */
export function secondsOf(dates: readonly string[]): number[] {
  return dates.map((date) => Date.parse(date) / 1_000);
}

/** The options for a chart within an element, in the colours of its style sheet. */
export function chartOptions(
  { lines, closed }: Drawn,
  parent: HTMLElement,
  language: Language,
  onCursor: (index: number | null | undefined) => void,
): uPlot.Options {
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
  };
  return {
    width: Math.max(200, parent.clientWidth),
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC"),
    fmtDate: (template) => uPlot.fmtDate(template, namesIn(language)),
    legend: { show: false },
    cursor: { y: false, points: { size: 8 } },
    scales: { x: { time: true } },
    axes: [
      { ...axis, values: dateLabels(language) },
      {
        ...axis,
        side: 1,
        size: 68,
        values: (_, splits, _axis, _space, step) => splits.map((value) => value.toFixed(decimalsOf(step))),
      },
    ],
    series: [{}, ...lines.map(({ style: kind }) => ({ ...looks[kind], points: { show: false }, spanGaps: true }))],
    hooks: {
      setCursor: [(plot) => onCursor(plot.cursor.idx)],
      drawClear: [(plot) => drawClosed(plot, closed, colour("sunken"))],
    },
  } as uPlot.Options;
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
