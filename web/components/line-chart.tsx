import { signal } from "@preact/signals-core";
import { showDate } from "../lib/format.ts";
import { type Dated, indexOfDate, lineOf, nearest } from "../lib/line.ts";
import { language, words } from "../lib/reader.ts";

const HEIGHT = 220;
const MARGINS = { left: 4, right: 60, top: 12, bottom: 42 };
/** So that a key that is held down is announced once it is let go. */
const ANNOUNCE_MS = 250;
const JUMP = 5;

interface LineChartProps {
  /** Ascending; at least two. */
  points: readonly Dated[];
  /** What the chart shows, in a sentence. */
  name: string;
}

// A page has one such chart.
const width = signal(640);
// A date, not its index: another one has that index once there is a new rate.
const cursor = signal<string | undefined>(undefined);
const announced = signal("");
language.subscribe(() => {
  announced.value = "";
});
let timer: ReturnType<typeof setTimeout> | undefined;
const observer = new ResizeObserver(([entry]) => {
  width.value = Math.max(200, entry?.contentRect.width ?? 0);
});

function observe(element: Element | null): void {
  observer.disconnect();
  if (element) observer.observe(element);
}

/** Rates as a line, with a cursor for the mouse, the finger and the arrow keys, and a table of the same. */
export function LineChart({ points, name }: LineChartProps) {
  const text = words("common");
  const dates = points.map(({ date }) => date);
  const last = dates.length - 1;
  const at = indexOfDate(dates, cursor.value);
  const { date, rate } = points[at] as Dated;
  const line = lineOf(points, { width: width.value, height: HEIGHT, ...MARGINS });
  const right = width.value - MARGINS.right;
  const day = (index: number) => showDate(dates[index] ?? "", language.value, "short");

  const moveTo = (event: PointerEvent) => {
    const { left } = (event.currentTarget as Element).getBoundingClientRect();
    cursor.value = dates[nearest(line.xs, event.clientX - left)];
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -JUMP, PageDown: JUMP, Home: -last, End: last };
    const step = steps[event.key as keyof typeof steps];
    if (!step) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, at + step));
    cursor.value = dates[next];
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { date, rate } = points[next] as Dated;
      announced.value = `${showDate(date, language.value)}: ${rate}`;
    }, ANNOUNCE_MS);
  };

  return (
    <figure class="chart" aria-label={name}>
      <p class="readout" aria-hidden="true">
        {showDate(date, language.value)} <b>{rate}</b>
      </p>
      <div
        ref={observe}
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
          {[line.high, line.low].map((index) => (
            <>
              <path class="grid" d={`M${MARGINS.left} ${line.ys[index]}H${right}`} />
              <text x={right + 8} y={(line.ys[index] ?? 0) + 4}>
                {points[index]?.rate}
              </text>
            </>
          ))}
          <path class="area" d={line.area} />
          <path class="line" d={line.path} />
          <path class="cursor" d={`M${line.xs[at]} ${MARGINS.top}V${HEIGHT - 22}`} />
          <circle cx={line.xs[at]} cy={line.ys[at]} r="4" />
          <text x={MARGINS.left} y={HEIGHT - 6}>
            {day(0)}
          </text>
          <text x={right} y={HEIGHT - 6} text-anchor="end">
            {day(last)}
          </text>
        </svg>
      </div>
      <p class="unseen" aria-live="polite">
        {announced.value}
      </p>
      <details>
        <summary>{text.showTable}</summary>
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
            {points.toReversed().map((point) => (
              <tr key={point.date}>
                <th scope="row">{showDate(point.date, language.value)}</th>
                <td class="number">{point.rate}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
