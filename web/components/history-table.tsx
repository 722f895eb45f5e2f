import { useState } from "preact/hooks";
import type { History } from "../lib/api.ts";
import { revised } from "../lib/exploration.ts";
import { changeOf, showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";
import { Scroll } from "./fields.tsx";

const STEP = 250;

/** All dates and rates of a period, the newest first, in steps. */
export function HistoryTable({ data: { observations } }: { data: History }) {
  const text = words("explore");
  const [count, setCount] = useState(STEP);
  const rows = observations.slice(-count - 1);
  const left = observations.length - count;
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
                    <td class="number">
                      {revised.value.has(date) && <span class="badge">{text.corrected}</span>}
                      {revised.value.has(date) && " "}
                      {rate}
                    </td>
                    <td class="number">{before && `${changeOf(rate, before.rate).percent} %`}</td>
                  </tr>
                );
              })
              .slice(-count)
              .reverse()}
          </tbody>
        </table>
      </Scroll>
      {left > 0 && (
        <button
          type="button"
          onClick={() => {
            setCount(count + STEP);
          }}
        >
          {fill(text.more, { count: Math.min(left, STEP) })}
        </button>
      )}
    </>
  );
}
