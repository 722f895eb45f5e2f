import { useEffect, useRef, useState } from "preact/hooks";
import { apiPath, type History, read } from "../lib/api.ts";
import { fill } from "../lib/language.ts";
import { lineOf } from "../lib/line.ts";
import { words } from "../lib/reader.ts";

const DAYS = 30;
const BOX = { width: 88, height: 24, left: 2, right: 2, top: 3, bottom: 3 };
/** Read shortly before it is seen. */
const MARGIN = "150px";

interface SparklineProps {
  base: string;
  quote: string;
  /** Read again when it changes. */
  version: string;
}

/** A pair's last month as a small line, read once it is in sight: a table may have a hundred and sixty. */
export function Sparkline({ base, quote, version }: SparklineProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [rates, setRates] = useState<History["observations"]>([]);
  useEffect(() => {
    const ending = new AbortController();
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watcher.disconnect();
        read<History>(apiPath("/rates/historical", { base, quote, days: DAYS }), ending.signal).then(
          ({ data }) => setRates(data.observations),
          () => undefined,
        );
      },
      { rootMargin: MARGIN },
    );
    if (place.current) watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      ending.abort();
    };
  }, [base, quote, version]);

  const [first, last] = [rates[0]?.rate, rates.at(-1)?.rate];
  return (
    <span class="spark" ref={place}>
      {first !== undefined && last !== undefined && rates.length > 1 && (
        <svg
          viewBox={`0 0 ${BOX.width} ${BOX.height}`}
          role="img"
          aria-label={fill(words("world").spark, { days: DAYS, first, last })}
        >
          <path d={lineOf(rates, BOX).path} />
        </svg>
      )}
    </span>
  );
}
