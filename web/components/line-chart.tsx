import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { showDate } from "../lib/format.ts";
import { type Dated, lineOf, nearest } from "../lib/line.ts";
import { language, words } from "../lib/reader.ts";
import { common } from "../text/common.ts";

const HEIGHT = 220;
const MARGINS = { left: 4, right: 52, top: 12, bottom: 26 };
const STARTING_WIDTH = 640;
/** So that a key that is held down is announced once it is let go. */
const ANNOUNCE_MS = 250;
const JUMP = 5;

interface LineChartProps {
  /** Ascending; at least two. */
  points: readonly Dated[];
  /** What the chart shows, in a sentence. */
  name: string;
}

/** Rates as a line, with a cursor for the mouse, the finger and the arrow keys, and a table of the same. */
export function LineChart({ points, name }: LineChartProps) {
  const text = words(common);
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(STARTING_WIDTH);
  const cursor = useSignal<number | undefined>(undefined);
  const announced = useSignal("");

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.max(200, entry?.contentRect.width ?? STARTING_WIDTH);
    });
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  const last = points.length - 1;
  const at = Math.min(cursor.value ?? last, last);
  const shown = points[at] as Dated;
  const label = `${showDate(shown.date, language.value)}: ${shown.rate}`;
  useEffect(() => {
    if (cursor.value === undefined) return;
    const timer = setTimeout(() => {
      announced.value = label;
    }, ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [label]);

  const line = lineOf(points, { width: width.value, height: HEIGHT, ...MARGINS });
  const moveTo = (event: PointerEvent) => {
    const { left } = (event.currentTarget as Element).getBoundingClientRect();
    cursor.value = nearest(line.xs, event.clientX - left);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - JUMP,
      PageDown: at + JUMP,
      Home: 0,
      End: last,
    };
    const next = target[event.key as keyof typeof target];
    if (next === undefined) return;
    event.preventDefault();
    cursor.value = Math.max(0, Math.min(last, next));
  };

  return (
    <figure class="chart" aria-label={name}>
      <p class="readout" aria-hidden="true">
        <time>{showDate(shown.date, language.value)}</time> <b>{shown.rate}</b>
      </p>
      <div
        ref={frame}
        class="plot"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move its cursor.
        tabIndex={0}
        role="application"
        aria-roledescription={text.chart}
        aria-label={`${name} ${text.chartHelp}`}
        onKeyDown={onKeyDown}
        onPointerMove={moveTo}
        onPointerDown={moveTo}
        onPointerLeave={() => {
          cursor.value = undefined;
        }}
      >
        <svg viewBox={`0 0 ${width.value} ${HEIGHT}`} height={HEIGHT} aria-hidden="true">
          {line.ticks.map(({ y, label }) => (
            <g key={label}>
              <path class="grid" d={`M${MARGINS.left} ${y}H${width.value - MARGINS.right}`} />
              <text x={width.value - MARGINS.right + 8} y={y + 4}>
                {label}
              </text>
            </g>
          ))}
          <path class="area" d={line.area} />
          <path class="line" d={line.path} />
          <path class="cursor" d={`M${line.xs[at]} ${MARGINS.top}V${HEIGHT - MARGINS.bottom}`} />
          <circle cx={line.xs[at]} cy={line.ys[at]} r={4} />
          <text x={MARGINS.left} y={HEIGHT - 6}>
            {showDate(points[0]?.date ?? "", language.value, "short")}
          </text>
          <text x={width.value - MARGINS.right} y={HEIGHT - 6} text-anchor="end">
            {showDate(points[last]?.date ?? "", language.value, "short")}
          </text>
        </svg>
      </div>
      <p class="unseen" aria-live="polite">
        {announced}
      </p>
      <details>
        <summary>{text.showTable}</summary>
        <RateTable points={points} />
      </details>
    </figure>
  );
}

/** Dates and rates, the newest first. */
export function RateTable({ points }: { points: readonly Dated[] }) {
  const text = words(common);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.date}</th>
          <th scope="col" class="number">
            {text.rate}
          </th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map(({ date, rate }) => (
          <tr key={date}>
            <th scope="row">{showDate(date, language.value)}</th>
            <td class="number">{rate}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
