import { useSignal, useSignalEffect } from "@preact/signals";
import { Converter } from "../components/converter.tsx";
import { Frame, SourceLine, StaleNote, start } from "../components/frame.tsx";
import { LineChart } from "../components/line-chart.tsx";
import { apiPath, type CurrentRate, type CurrentRates, type History } from "../lib/api.ts";
import { clockMs, Feed, keepCurrent } from "../lib/feeds.ts";
import { changeOf, dateInMexico, showDate, showTime, showWait } from "../lib/format.ts";
import { language, words } from "../lib/reader.ts";
import { common } from "../text/common.ts";
import { today } from "../text/today.ts";

const OTHERS = ["EUR", "GBP", "JPY", "CAD"];
const DAYS = 30;
const CODES = ["MXN", "USD", ...OTHERS];

const isOlder = (next: { date: string }, shown: { date: string }) => next.date < shown.date;

const current = new Feed<CurrentRate>(apiPath("/rates/current"), { first: written(), isOlder });
const month = new Feed<History>(apiPath("/rates/historical", { days: DAYS }), {
  isOlder: (next, shown) => (next.observations.at(-1)?.date ?? "") < (shown.observations.at(-1)?.date ?? ""),
});
const others = new Feed<CurrentRates>(apiPath("/rates/current", { bases: OTHERS.join(), quote: "MXN" }));

/** What the server wrote into the page. */
function written(): CurrentRate | undefined {
  const text = document.getElementById("current")?.textContent;
  return text ? JSON.parse(text) : undefined;
}

function Today() {
  const text = words(today);
  useSignalEffect(() => {
    document.title = current.data ? words(today).documentTitle(current.data.rate) : words(today).title;
  });
  const rate = current.data;
  const observations = month.data?.observations ?? [];
  return (
    <Frame path="/" footer={rate && <SourceLine source={rate.source} />}>
      <h1>{text.title}</h1>
      {rate?.stale && <StaleNote reason={current.received.value?.staleReason ?? null} />}
      <div class="grid">
        <Fix />
        <Next />
        <section class="card wide" aria-labelledby="month">
          <h2 id="month">{text.month}</h2>
          {observations.length > 1 && <LineChart points={observations} name={chartName(observations)} />}
        </section>
        <Converter codes={CODES} version={rate?.date ?? ""} />
        <Others />
      </div>
    </Frame>
  );
}

/** The rate of the day, and how it differs from the one before. */
function Fix() {
  const text = words(today);
  const rate = current.data;
  const before = month.data?.observations.findLast(({ date }) => date < (rate?.date ?? ""));
  const change = rate && before && changeOf(rate.rate, before.rate);
  return (
    <section class="card hero" aria-labelledby="fix">
      <h2 id="fix">
        {text.fix} <span>USD/MXN</span>
      </h2>
      <p class="figure">
        <b>{rate?.rate ?? "—"}</b> <span>{text.perDollar}</span>
      </p>
      {change && before && (
        <p class={`change ${change.direction}`}>
          <span aria-hidden="true">{change.direction === "up" ? "▲" : change.direction === "down" ? "▼" : "＝"}</span>
          <span class="unseen">{text[change.direction]}</span> <b>{change.absolute}</b> ({change.percent} %){" "}
          {text.sinceBefore(showDate(before.date, language.value, "short"))}
        </p>
      )}
      {rate && (
        <dl class="facts">
          <div>
            <dt>{text.determined}</dt>
            <dd>
              <time dateTime={rate.date}>{showDate(rate.date, language.value, "long")}</time>
            </dd>
          </div>
        </dl>
      )}
      {rate && <CopyButton text={rate.rate} />}
    </section>
  );
}

function CopyButton({ text: copied }: { text: string }) {
  const text = words(today);
  const last = useSignal("");
  const copy = async () => {
    await navigator.clipboard.writeText(copied);
    last.value = copied;
  };
  return (
    <button type="button" class="small" onClick={copy}>
      {last.value === copied ? text.copied : text.copy}
    </button>
  );
}

/** When there will be news. */
function Next() {
  const text = words(today);
  const rate = current.data;
  if (!rate) return <section class="card" aria-labelledby="next" />;
  const dueMs = Date.parse(rate.next_update);
  const leftMs = dueMs - clockMs.value;
  return (
    <section class="card next" aria-labelledby="next">
      <h2 id="next">{text.next}</h2>
      <p class="figure small">
        <b>{leftMs > 0 ? text.nextIn(showWait(leftMs)) : text.overdue}</b>
      </p>
      <p class="note">
        {text.nextAt(showDate(dateInMexico(dueMs), language.value, "long"), showTime(dueMs, language.value))}
      </p>
      <p class="note">
        {current.received.value && words(common).updated(showTime(current.received.value.atMs, language.value, true))}
      </p>
    </section>
  );
}

function Others() {
  const text = words(today);
  const rows = others.data?.rates ?? [];
  return (
    <section class="card" aria-labelledby="others">
      <h2 id="others">{text.others}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.currency}</th>
            <th scope="col" class="number">
              {words(common).rate}
            </th>
            <th scope="col">{words(common).date}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ base, rate, date }) => (
            <tr key={base}>
              <th scope="row">{base}</th>
              <td class="number">{rate}</td>
              <td>{showDate(date, language.value, "short")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">{text.othersNote}</p>
    </section>
  );
}

function chartName(observations: History["observations"]): string {
  const at = (index: number) => observations.at(index);
  const dates = [at(0), at(-1)].map((one) => showDate(one?.date ?? "", language.value));
  const sorted = observations.map(({ rate }) => rate).toSorted((a, b) => Number(a) - Number(b));
  const [from = "", to = ""] = dates;
  return words(today).chartName(from, to, sorted[0] ?? "", sorted.at(-1) ?? "", at(-1)?.rate ?? "");
}

keepCurrent([current, month, others] as Feed<unknown>[], () => {
  const next = current.received.peek()?.data.next_update;
  return next === undefined ? undefined : Date.parse(next);
});
await start(<Today />);
