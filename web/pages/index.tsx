import { signal } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { Converter, keepConverted } from "../components/converter.tsx";
import { Frame, SourceLine, StaleNote, start } from "../components/frame.tsx";
import { LineChart } from "../components/line-chart.tsx";
import { apiPath, type CurrentRate, type CurrentRates, type History } from "../lib/api.ts";
import { Feed } from "../lib/feed.ts";
import { clockMs, keepCurrent, wakeAfterNews } from "../lib/feeds.ts";
import { changeOf, dateInMexico, showDate, showTime, showWait } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { type Dated, extremesOf, withRate } from "../lib/line.ts";
import { listen, type RateEvent } from "../lib/live.ts";
import { language, words } from "../lib/reader.ts";

const OTHERS = ["EUR", "GBP", "JPY", "CAD"];
const DAYS = 30;
const CODES = ["MXN", "USD", ...OTHERS];

/** A cache may have what was before some news. */
const isOlder = (next?: { date: string }, shown?: { date: string }) => (next?.date ?? "") < (shown?.date ?? "");

const current = new Feed<CurrentRate>(apiPath("/rates/current", { view: "fix" }), { first: written(), isOlder });
const dof = new Feed<CurrentRate>(apiPath("/rates/current", { view: "dof" }));
const settlement = new Feed<CurrentRate>(apiPath("/rates/current", { view: "settlement" }));
const month = new Feed<History>(apiPath("/rates/historical", { days: DAYS }), {
  isOlder: (next, shown) => isOlder(next.observations.at(-1), shown.observations.at(-1)),
});
const others = new Feed<CurrentRates>(apiPath("/rates/current", { bases: OTHERS.join(), quote: "MXN" }), {
  isOlder: (next, shown) => next.rates.some((rate, index) => isOlder(rate, shown.rates[index])),
});

/** What the server wrote into the page. */
function written(): CurrentRate | undefined {
  const text = document.getElementById("current")?.textContent;
  return text ? JSON.parse(text) : undefined;
}

function Today() {
  const text = words("today");
  const rate = current.data;
  const observations = month.data?.observations ?? [];
  return (
    <Frame
      path="/"
      title={rate ? fill(text.documentTitle, { rate: rate.rate }) : text.title}
      footer={rate && <SourceLine sources={[rate.source]} />}
    >
      <h1>{text.title}</h1>
      {rate?.stale && <StaleNote reason={current.received.value?.staleReason ?? null} />}
      <div class="grid today">
        <Fix />
        <ViewCard name="dof" rate={dof.data} />
        <ViewCard name="settlement" rate={settlement.data} />
        <section class="card wide" aria-labelledby="month">
          <h2 id="month">{text.month}</h2>
          {observations.length > 1 && <LineChart points={observations} name={chartName(observations)} />}
        </section>
        <Converter codes={CODES} />
        <Others />
      </div>
    </Frame>
  );
}

/** The rate of the day, how it differs from the one before, and when there will be another. */
function Fix() {
  const text = words("today");
  const rate = current.data;
  const before = month.data?.observations.findLast((one) => one.date < (rate?.date ?? ""));
  const change = rate && before && changeOf(rate.rate, before.rate);
  const dueMs = Date.parse(rate?.next_update ?? "");
  const leftMs = dueMs - clockMs.value;
  return (
    <ViewCard name="fix" rate={rate}>
      {change && before && (
        <p class={`change ${change.direction}`}>
          <span aria-hidden="true">{ARROWS[change.direction]}</span>
          <span class="unseen">{text[change.direction]}</span> <b>{change.absolute}</b> ({change.percent} %){" "}
          {fill(text.sinceBefore, { date: showDate(before.date, language.value, "short") })}
        </p>
      )}
      {rate && (
        <p class="due">
          {text.next}:{" "}
          {fill(text.nextAt, {
            date: showDate(dateInMexico(dueMs), language.value),
            time: showTime(dueMs, language.value),
          })}{" "}
          · <b>{leftMs > 0 ? fill(text.nextIn, { wait: showWait(leftMs) }) : text.overdue}</b>
        </p>
      )}
    </ViewCard>
  );
}

const ARROWS = { up: "▲", down: "▼", none: "＝" };

interface ViewCardProps {
  name: "fix" | "dof" | "settlement";
  rate: CurrentRate | undefined;
  children?: ComponentChildren;
}

/** A rate with its three dates. */
function ViewCard({ name, rate, children }: ViewCardProps) {
  const text = words("today");
  const dates = [
    [text.determined, rate?.determination_date],
    [text.published, rate?.publication_date],
    [text.applies, rate?.applicable_date],
  ];
  return (
    <section class={`card view ${name}`} aria-labelledby={name}>
      <h2 id={name}>{text.views[name]}</h2>
      <p class="figure">
        <b>{rate?.rate ?? "—"}</b> <span>{text.perDollar}</span>
        {rate && <CopyButton of={text.views[name]} value={rate.rate} />}
      </p>
      {children}
      <dl class="facts">
        {dates.map(([label, date]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{date && <time dateTime={date}>{showDate(date, language.value)}</time>}</dd>
          </div>
        ))}
      </dl>
      <p class="note">{text.viewNotes[name]}</p>
    </section>
  );
}

/** What was copied last. */
const copied = signal("");

function CopyButton({ of, value }: { of: string; value: string }) {
  const text = words("today");
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    copied.value = of + value;
  };
  return (
    <button type="button" class="copy" onClick={copy}>
      {copied.value === of + value ? text.copied : text.copy} <span class="unseen">{of}</span>
    </button>
  );
}

function Others() {
  const text = words("today");
  const common = words("common");
  return (
    <section class="card" aria-labelledby="others">
      <h2 id="others">{text.others}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.currency}</th>
            <th scope="col" class="number">
              {common.rate}
            </th>
            <th scope="col" class="number">
              {common.date}
            </th>
          </tr>
        </thead>
        <tbody>
          {others.data?.rates.map(({ base, rate, date }) => (
            <tr key={base}>
              <th scope="row">
                <a href={`/explore?base=${base}&quote=MXN`}>{base}</a>
              </th>
              <td class="number">{rate}</td>
              <td class="number">{showDate(date, language.value, "short")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">{text.othersNote}</p>
    </section>
  );
}

function chartName(observations: History["observations"]): string {
  const [first, last] = [observations[0], observations.at(-1)] as [Dated, Dated];
  const { low, high } = extremesOf(observations.map(({ rate }) => rate));
  const day = ({ date }: Dated) => showDate(date, language.value);
  return fill(words("today").chartName, { from: day(first), to: day(last), low, high, last: last.rate });
}

/** Shows a rate as soon as it is published, or taken back: caches may have the one before for a minute. */
function onRate({ base, quote, date, rate }: RateEvent): void {
  if (quote !== "MXN") return;
  if (base === "USD") {
    month.replace((shown) => ({ ...shown, observations: withRate(shown.observations, { date, rate }) }));
    const before = month.data?.observations.findLast((one) => one.date < date);
    current.replace((shown) => {
      const isNews = date > shown.date || (date === shown.date && rate !== shown.rate);
      const newest = rate ? isNews && { date, rate } : date === shown.date && before;
      // Its other dates come with the next response.
      const { publication_date: _, applicable_date: __, ...rest } = shown;
      return newest ? { ...rest, ...newest, determination_date: newest.date, stale: !rate && rest.stale } : shown;
    });
  }
  others.replace((shown) => ({
    ...shown,
    rates: shown.rates.map((one) => (rate && one.base === base && date >= one.date ? { ...one, date, rate } : one)),
  }));
  wakeAfterNews();
}

keepConverted(() => current.data?.date);
keepCurrent([current, dof, settlement, month, others] as Feed<unknown>[], () => {
  const next = current.received.peek()?.data.next_update;
  return next ? Date.parse(next) : undefined;
});
listen(["USD", ...OTHERS].map((code) => `${code}/MXN`).join(), onRate);
start(Today);
