import { useEffect, useState } from "preact/hooks";
import { apiPath, type LatestRates, read } from "../lib/api.ts";
import { fill } from "../lib/language.ts";
import { words } from "../lib/reader.ts";
import { Scroll, Select } from "./fields.tsx";

interface MatrixProps {
  /** The chosen currencies. */
  codes: readonly string[];
  all: readonly string[];
  onChoose: (codes: string[]) => void;
  /** Changes when there are newer rates. */
  version: string;
}

/** Every cross of a few currencies, each as the API computes it. */
export function Matrix({ codes, all, onChoose, version }: MatrixProps) {
  const text = words("world");
  const [rows, setRows] = useState<Record<string, LatestRates["rates"]>>({});
  const list = codes.join();

  useEffect(() => {
    const ending = new AbortController();
    for (const base of new Set(codes)) {
      const quotes = [...new Set(codes)].filter((code) => code !== base).join();
      read<LatestRates>(apiPath("/rates/latest", { base, quotes }), ending.signal).then(
        ({ data }) => {
          setRows((known) => ({ ...known, [base]: data.rates }));
        },
        () => undefined,
      );
    }
    return () => ending.abort();
  }, [list, version]);

  const replace = (index: number) => (code: string) => onChoose(codes.map((old, at) => (at === index ? code : old)));
  return (
    <section class="card" aria-labelledby="matrix">
      <h2 id="matrix">{text.matrix}</h2>
      <p class="note">{text.matrixNote}</p>
      <Scroll name={text.matrix}>
        <table class="matrix">
          <thead>
            <tr>
              <td />
              {codes.map((code, index) => (
                <th key={index} scope="col" class="number">
                  <Select
                    label={fill(text.place, { index: index + 1 })}
                    isLabelHidden
                    value={code}
                    options={all.filter((each) => each === code || !codes.includes(each))}
                    onChoose={replace(index)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {codes.map((base, row) => (
              <tr key={row}>
                <th scope="row">{base}</th>
                {codes.map((quote, column) => (
                  <td key={column} class="number">
                    {base === quote ? "·" : rows[base]?.[quote]?.rate}
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
