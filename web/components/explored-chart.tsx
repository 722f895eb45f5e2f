import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartOptions, type Drawn, secondsOf } from "../lib/chart-options.ts";
import { showDate } from "../lib/format.ts";
import { language, words } from "../lib/reader.ts";

/** So that a key that is held down is announced once it is let go. */
const ANNOUNCE_MS = 250;
const JUMP = 10;

interface ExploredChartProps {
  /** What the chart shows, in a sentence. */
  name: string;
  drawn: Drawn;
  /** What is read at a date, besides it: names and published values. */
  describe: (index: number) => readonly (readonly [name: string, value: string])[];
  /** The plot, once it is there: for what is made of its picture. */
  onPlot?: (plot: uPlot) => void;
}

/** A history as a line or as candles, with a cursor for the mouse and the arrow keys. */
export function ExploredChart({ name, drawn, describe, onPlot }: ExploredChartProps) {
  const text = words("common");
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const [announced, setAnnounced] = useState("");
  const [scheme, setScheme] = useState(0);
  const last = drawn.dates.length - 1;
  const at = Math.min(cursor ?? last, last);
  const read = describe(at);
  const date = showDate(drawn.dates[at] ?? "", language.value);
  const sentence = `${date}: ${read.map(([label, value], index) => (index === 0 ? value : `${label} ${value}`)).join(", ")}`;

  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => setScheme((count) => count + 1);
    media.addEventListener("change", redraw);
    return () => media.removeEventListener("change", redraw);
  }, []);

  useEffect(() => {
    const parent = frame.current;
    if (!parent) return;
    const onCursor = (index: number | null | undefined) => setCursor(index ?? undefined);
    const made = new uPlot(
      chartOptions(drawn, parent, language.value, onCursor),
      [secondsOf(drawn.dates), ...drawn.lines.map(({ values }) => values)] as uPlot.AlignedData,
      parent,
    );
    plot.current = made;
    onPlot?.(made);
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: made.height }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [drawn, language.value, scheme]);

  useEffect(() => {
    if (cursor === undefined) return;
    const timer = setTimeout(() => setAnnounced(sentence), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [sentence, cursor]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - JUMP, PageDown: at + JUMP, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined || !plot.current) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, next));
    const [xs, ys] = plot.current.data;
    plot.current.setCursor({
      left: plot.current.valToPos(xs[index] ?? 0, "x"),
      top: plot.current.valToPos(ys?.[index] ?? 0, "y"),
    });
    setCursor(index);
  };

  return (
    <figure class="chart" aria-label={name}>
      <p class="readout" aria-hidden="true">
        <time>{date}</time>{" "}
        {read.map(([label, value], index) => (
          <span key={label} class={drawn.areCandles ? "legend" : `legend line${index}`}>
            {index > 0 && label} <b>{value}</b>
          </span>
        ))}
      </p>
      <div
        ref={frame}
        class={drawn.areCandles ? "plot" : "plot explored"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move its cursor.
        tabIndex={0}
        role="application"
        aria-roledescription={text.chart}
        aria-label={`${name} ${text.chartHelp}`}
        onKeyDown={onKeyDown}
      />
      <p class="unseen" aria-live="polite">
        {announced}
      </p>
    </figure>
  );
}
