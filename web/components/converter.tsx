import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { apiPath, type Conversion, RequestFailure, read } from "../lib/api.ts";
import { showDate } from "../lib/format.ts";
import { language, words } from "../lib/reader.ts";
import { today } from "../text/today.ts";
import { Digits } from "./digits.tsx";

const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** A reader who is still typing asks for nothing. */
const TYPING_MS = 200;

interface ConverterProps {
  codes: readonly string[];
  /** Changes when there are newer rates. */
  version: string;
}

/** Converts an amount by the API, which computes exactly. */
export function Converter({ codes, version }: ConverterProps) {
  const text = words(today);
  const amount = useSignal("100");
  const from = useSignal("USD");
  const to = useSignal("MXN");
  const result = useSignal<Conversion | undefined>(undefined);
  const problem = useSignal("");
  const plain = amount.value.trim().replaceAll(/[\s,](?=\d{3}(\D|$))/g, "");

  useEffect(() => {
    if (!PLAIN.test(plain)) {
      problem.value = plain === "" ? "" : text.badAmount;
      result.value = undefined;
      return;
    }
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const path = apiPath("/convert", { from: from.value, to: to.value, amount: plain });
        result.value = (await read<Conversion>(path, ending.signal)).data;
        problem.value = "";
      } catch (error) {
        if (ending.signal.aborted) return;
        result.value = undefined;
        problem.value = error instanceof RequestFailure ? (error.problem?.detail ?? "") : "";
      }
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [plain, from.value, to.value, version]);

  const swap = () => {
    [from.value, to.value] = [to.value, from.value];
  };
  const conversion = result.value;
  return (
    <section class="card converter" aria-labelledby="converter">
      <h2 id="converter">{text.converter}</h2>
      <form onSubmit={(event) => event.preventDefault()}>
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
        <CurrencyChoice label={text.from} codes={codes} chosen={from} />
        <button type="button" class="swap" aria-label={text.swap} title={text.swap} onClick={swap}>
          <span aria-hidden="true">⇄</span>
        </button>
        <CurrencyChoice label={text.to} codes={codes} chosen={to} />
      </form>
      <output id="conversion" class="result" aria-label={text.result}>
        {problem.value}
        {conversion && (
          <>
            <b>
              <Digits value={conversion.result} /> <small>{conversion.to}</small>
            </b>
            <span>
              {text.conversionRate(
                conversion.from,
                conversion.rate,
                conversion.to,
                showDate(conversion.date, language.value),
              )}
            </span>
          </>
        )}
      </output>
      <p class="note">{text.exact}</p>
    </section>
  );
}

interface CurrencyChoiceProps {
  label: string;
  codes: readonly string[];
  chosen: { value: string };
}

function CurrencyChoice({ label, codes, chosen }: CurrencyChoiceProps) {
  return (
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
}
