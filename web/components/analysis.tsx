import type { ComponentChildren } from "preact";
import { change, comparison, providers, statistics, volatility } from "../lib/exploration.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";
import { Digits } from "./digits.tsx";
import { Scroll } from "./fields.tsx";

/** What the API computes of a period, each number as it was returned. */
export function StatisticsCard() {
  const text = words("explore");
  const [facts, moved, spread] = [statistics.value?.data, change.value?.data, volatility.value?.data];
  const day = (date: string | undefined) => (date ? showDate(date, language.value) : "");
  return (
    <section class="card" aria-labelledby="statistics">
      <h2 id="statistics">{text.statistics}</h2>
      <dl class="figures long">
        <Figure name={text.first} value={moved?.start} note={day(moved?.start_date)} />
        <Figure name={text.last} value={moved?.end} note={day(moved?.end_date)} />
        <Figure
          name={text.change}
          value={moved && signed(moved.absolute)}
          note={moved && `${signed(moved.percent)} %`}
        />
        <Figure name={text.high} value={moved?.high} note={day(moved?.high_date)} />
        <Figure name={text.low} value={moved?.low} note={day(moved?.low_date)} />
        <Figure name={text.mean} value={facts?.mean} />
        <Figure name={text.median} value={facts?.median} />
        <Figure name={text.deviation} value={facts?.standard_deviation} />
        <Figure name={text.middle} value={facts && `${facts.percentiles.p5} – ${facts.percentiles.p95}`} />
        <Figure
          name={text.drawdown}
          value={facts?.max_drawdown && `−${facts.max_drawdown.percent} %`}
          note={
            facts?.max_drawdown &&
            fill(text.drawdownDates, {
              from: day(facts.max_drawdown.peak_date),
              to: day(facts.max_drawdown.trough_date),
            })
          }
        />
        <Figure
          name={text.volatility}
          value={spread?.annualised}
          note={spread && fill(text.returns, { n: spread.n })}
        />
        <Figure name={text.dailyVolatility} value={spread?.daily} />
        <Figure name={text.observations} value={facts && String(facts.observations)} />
      </dl>
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string | null | undefined;
  note?: ComponentChildren;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ? <Digits value={value} /> : words("explore").none}</dd>
      {note && <dd class="note">{note}</dd>}
    </div>
  );
}

/** The newest rate of the pair at every provider that has it. */
export function ComparisonCard() {
  const text = words("explore");
  const names = new Map(providers.data?.providers.map(({ id, name }) => [id, name[language.value]]));
  return (
    <section class="card" aria-labelledby="comparison">
      <h2 id="comparison">{text.comparison}</h2>
      <Scroll name={text.comparison}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.provider}</th>
              <th scope="col" class="number">
                {text.rate}
              </th>
              <th scope="col" class="number">
                {text.difference}
              </th>
              <th scope="col">{text.date}</th>
            </tr>
          </thead>
          <tbody>
            {comparison.value.data?.rates.map(({ provider, rate, difference_percent, date }, index) => (
              <tr key={provider}>
                <th scope="row">{names.get(provider) ?? provider}</th>
                <td class="number">{rate}</td>
                <td class="number">{index > 0 && `${signed(difference_percent)} %`}</td>
                <td>{showDate(date, language.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** With a plus where it is positive, and a true minus sign. */
function signed(value: string): string {
  return value.startsWith("-") ? `−${value.slice(1)}` : `+${value}`;
}
