import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartOptions, type Drawn, placeCursor, secondsOf, type Zoom, zoomOf } from "../lib/chart-options.ts";
import { showDate } from "../lib/format.ts";
import { indexOfDate } from "../lib/line.ts";
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
  const zoom = useRef<Zoom | undefined>(undefined);
  // A date, not its index: another one has that index once there is a new rate.
  const [cursor, setCursor] = useState<string | undefined>(undefined);
  const [announced, setAnnounced] = useState("");
  const announcedIn = useRef(language.value);
  const [scheme, setScheme] = useState(0);
  const { dates } = drawn;
  const last = dates.length - 1;
  const at = indexOfDate(dates, cursor);
  const read = describe(at);
  const date = showDate(dates[at] ?? "", language.value);
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
    const made = new uPlot(
      chartOptions(drawn, parent, {
        language: language.value,
        zoom: zoom.current,
        onReady: (ready) => cursor !== undefined && placeCursor(ready, at),
        onPoint: (index) => setCursor(dates[index ?? -1]),
      }),
      [secondsOf(dates), ...drawn.lines.map(({ values }) => values)] as uPlot.AlignedData,
      parent,
    );
    plot.current = made;
    onPlot?.(made);
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: made.height }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      zoom.current = zoomOf(made);
      made.destroy();
    };
  }, [drawn, language.value, scheme]);

  useEffect(() => {
    // A cursor that did not move is not announced again in another language.
    if (cursor === undefined || announcedIn.current !== language.value) {
      announcedIn.current = language.value;
      setAnnounced("");
      return;
    }
    const timer = setTimeout(() => setAnnounced(sentence), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [sentence, cursor]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - JUMP, PageDown: at + JUMP, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, next));
    if (plot.current) placeCursor(plot.current, index);
    setCursor(dates[index]);
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
