import { useSignal } from "@preact/signals";
import type { History } from "../lib/api.ts";
import { changeOf, showDate } from "../lib/format.ts";
import { language, words } from "../lib/reader.ts";
import { explore } from "../text/explore.ts";
import { Scroll } from "./fields.tsx";

const STEP = 250;

/** All dates and rates of a period, the newest first, in steps. */
export function HistoryTable({ data: { observations } }: { data: History }) {
  const text = words(explore);
  const count = useSignal(STEP);
  const rows = observations.slice(-count.value - 1);
  const left = observations.length - count.value;
  return (
    <>
      <Scroll name={text.asTable}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.date}</th>
              <th scope="col" class="number">
                {text.rate}
              </th>
              <th scope="col" class="number">
                {text.change}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .map(({ date, rate }, index) => {
                const before = rows[index - 1];
                return (
                  <tr key={date}>
                    <th scope="row">{showDate(date, language.value)}</th>
                    <td class="number">{rate}</td>
                    <td class="number">{before && `${changeOf(rate, before.rate).percent} %`}</td>
                  </tr>
                );
              })
              .slice(-count.value)
              .reverse()}
          </tbody>
        </table>
      </Scroll>
      {left > 0 && (
        <button
          type="button"
          onClick={() => {
            count.value += STEP;
          }}
        >
          {text.more(Math.min(left, STEP))}
        </button>
      )}
    </>
  );
}
