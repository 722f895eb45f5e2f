import { effect, type Signal, signal } from "@preact/signals-core";
import { apiPath, type Conversion, RequestFailure, read } from "../lib/api.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";
import { Digits } from "./digits.tsx";

const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** A reader who is still typing asks for nothing. */
const TYPING_MS = 200;

// A page has one converter.
const amount = signal("100");
const from = signal("USD");
const to = signal("MXN");
const result = signal<Conversion | undefined>(undefined);
const problem = signal("");

/** Converts by the API, which computes exactly: again when the reader changes something, or `version` says that rates did. */
export function keepConverted(version: () => unknown): void {
  effect(() => {
    version();
    const plain = amount.value.trim().replaceAll(/[\s,](?=\d{3}(\D|$))/g, "");
    const path = apiPath("/convert", { from: from.value, to: to.value, amount: plain });
    const ending = new AbortController();
    const convert = async () => {
      const conversion = PLAIN.test(plain)
        ? await read<Conversion>(path, ending.signal).catch((error) => error)
        : plain;
      if (ending.signal.aborted) return;
      result.value = conversion.data;
      problem.value = conversion instanceof RequestFailure ? (conversion.problem?.detail ?? "") : "";
      if (conversion === plain && plain !== "") problem.value = words("today").badAmount;
    };
    const timer = setTimeout(convert, TYPING_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  });
}

export function Converter({ codes }: { codes: readonly string[] }) {
  const text = words("today");
  const conversion = result.value;
  const swap = () => {
    [from.value, to.value] = [to.value, from.value];
  };
  const choiceOf = (label: string, chosen: Signal<string>) => (
    <label>
      {label}
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value;
        }}
      >
        {codes.map((code) => (
          <option key={code}>{code}</option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="card converter" aria-labelledby="converter">
      <h2 id="converter">{text.converter}</h2>
      <div class="inputs">
        <label>
          {text.amount}
          <input
            inputMode="decimal"
            autoComplete="off"
            value={amount.value}
            aria-invalid={problem.value !== ""}
            aria-describedby="conversion"
            onInput={({ currentTarget }) => {
              amount.value = currentTarget.value;
            }}
          />
        </label>
        {choiceOf(text.from, from)}
        <button type="button" class="swap" aria-label={text.swap} title={text.swap} onClick={swap}>
          ⇄
        </button>
        {choiceOf(text.to, to)}
      </div>
      <output id="conversion" class="result" aria-label={text.result}>
        {problem.value}
        {conversion && (
          <>
            <b>
              <Digits value={conversion.result} /> <small>{conversion.to}</small>
            </b>
            <span>{fill(text.conversionRate, { ...conversion, date: showDate(conversion.date, language.value) })}</span>
          </>
        )}
      </output>
      <p class="note">{text.exact}</p>
    </section>
  );
}
