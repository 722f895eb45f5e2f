import { useMemo } from "preact/hooks";
import type { Bars } from "../lib/api.ts";
import type { Drawn } from "../lib/chart-options.ts";
import { bars, INTERVALS, interval } from "../lib/exploration.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";
import { ExploredChart } from "./explored-chart.tsx";
import { Scroll, Select } from "./fields.tsx";

type Bar = Bars["bars"][number];

/** Open, high, low and close by week, month, quarter or year: as candles, and as a table. */
export function BarsCard() {
  const text = words("explore");
  const found = bars.value?.data;
  const all = found?.bars ?? [];
  const drawn = useMemo(() => candlesOf(all), [found]);
  const short = (date: string) => showDate(date, language.value);
  return (
    <section class="card" aria-labelledby="bars">
      <h2 id="bars">{text.bars}</h2>
      <div class="controls">
        <Select
          label={text.interval}
          value={interval.value}
          options={INTERVALS.map((name) => [name, text.intervals[name] ?? name] as const)}
          onChoose={(name) => {
            interval.value = name;
          }}
        />
      </div>
      {found && all.length > 1 && (
        <>
          <ExploredChart
            name={fill(text.barsName, {
              pair: `${found.base}/${found.quote}`,
              from: short(found.from),
              to: short(found.to),
              count: all.length,
            })}
            drawn={drawn}
            describe={(index) => describe(all[index])}
          />
          <p class="note">{text.barsNote}</p>
        </>
      )}
      <Scroll name={text.bars}>
        <table>
          <thead>
            <tr>
              {[text.interval, text.open, text.high, text.low, text.close, text.observations].map((name, index) => (
                <th key={name} scope="col" class={index > 0 ? "number" : ""}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.toReversed().map((bar) => (
              <tr key={bar.from}>
                <th scope="row">
                  {short(bar.from)} – {short(bar.to)}
                </th>
                {[bar.open, bar.high, bar.low, bar.close, bar.observations].map((value, index) => (
                  <td key={`${index}`} class="number">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** Each bar at the date of its close. Numbers here are pixels to be: what is read is the published text. */
function candlesOf(all: readonly Bar[]): Drawn {
  const line = (name: "open" | "high" | "low" | "close") => ({
    style: "none" as const,
    values: all.map((bar) => Number(bar[name])),
  });
  return {
    dates: all.map(({ close_date }) => close_date),
    closed: new Set(),
    lines: [line("open"), line("high"), line("low"), line("close")],
    areCandles: true,
  };
}

function describe(bar: Bar | undefined) {
  const text = words("explore");
  if (!bar) return [];
  return [
    ["", bar.close],
    [text.open, bar.open],
    [text.high, bar.high],
    [text.low, bar.low],
  ] as const;
}
