import { signal } from "@preact/signals-core";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { ComparisonCard, StatisticsCard } from "../components/analysis.tsx";
import { BarsCard } from "../components/bars.tsx";
import { ExploredChart } from "../components/explored-chart.tsx";
import { Select } from "../components/fields.tsx";
import { Frame, SourceLine, StaleNote, start } from "../components/frame.tsx";
import { HistoryTable } from "../components/history-table.tsx";
import { apiPath, type History } from "../lib/api.ts";
import * as at from "../lib/exploration.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { listen } from "../lib/live.ts";
import { meanAt, movingAverages } from "../lib/moving-average.ts";
import { savePng } from "../lib/picture.ts";
import { language, words } from "../lib/reader.ts";

const plot = signal<uPlot | undefined>(undefined);

function Explore() {
  const text = words("explore");
  const feed = at.history.value;
  const { data } = feed;
  const pair = `${at.base.value}/${at.quote.value}`;
  const problem = feed.failure.value?.problem;
  return (
    <Frame path="/explore" title={`${pair} · ${text.title}`} footer={data && <SourceLine sources={[data.source]} />}>
      <h1>
        {text.title}: {pair}
      </h1>
      <Controls />
      {data?.stale && <StaleNote reason={feed.received.value?.staleReason ?? null} />}
      {problem && (
        <p role="alert" class="banner">
          {text.failed} {problem.detail}
        </p>
      )}
      {data && data.observations.length > 1 && (
        <div class="grid">
          <section class="card" aria-label={pair}>
            <Actions data={data} />
            {at.view.value === "table" ? <HistoryTable data={data} /> : <Chart data={data} />}
          </section>
          <StatisticsCard />
          <ComparisonCard />
          <BarsCard />
        </div>
      )}
    </Frame>
  );
}

function Controls() {
  const text = words("explore");
  const known = at.currencies.data?.currencies.map(({ code }) => code) ?? [];
  const codes = (chosen: string) => (known.includes(chosen) ? known : [chosen, ...known]);
  const served = at.comparison.value.data?.rates.map(({ provider }) => provider) ?? [];
  const providers = (chosen: string) =>
    [...new Set([...(chosen ? [chosen] : []), ...served])].map((id) => [id, nameOf(id)] as const);
  const setter = (choice: { value: string }) => (value: string) => {
    choice.value = value;
  };
  const swap = () => {
    const { base, quote } = at;
    [base.value, quote.value] = [quote.value, base.value];
  };
  return (
    <div class="controls">
      <Select label={text.base} value={at.base.value} options={codes(at.base.value)} onChoose={setter(at.base)} />
      <button type="button" class="swap" aria-label={text.swap} title={text.swap} onClick={swap}>
        <span aria-hidden="true">⇄</span>
      </button>
      <Select label={text.quote} value={at.quote.value} options={codes(at.quote.value)} onChoose={setter(at.quote)} />
      <Select
        label={text.range}
        value={at.range.value}
        options={Object.keys(at.RANGES).map((name) => [name, text.ranges[name] ?? name] as const)}
        onChoose={setter(at.range)}
      />
      <Select
        label={text.provider}
        value={at.provider.value}
        options={[["", text.byDefault] as const, ...providers(at.provider.value)]}
        onChoose={setter(at.provider)}
      />
      <Select
        label={text.average}
        value={at.average.value}
        options={at.AVERAGES.map((n) => [n, n === "0" ? text.noAverage : fill(text.averages, { n })] as const)}
        onChoose={setter(at.average)}
      />
      <Select
        label={text.other}
        value={at.other.value}
        options={[["", text.nobody] as const, ...providers(at.other.value)]}
        onChoose={setter(at.other)}
      />
    </div>
  );
}

function Actions({ data }: { data: History }) {
  const text = words("explore");
  const pair = `${data.base}/${data.quote}`;
  const csv = apiPath("/rates/historical", { ...at.historyParameters.value, format: "csv" });
  const save = () => {
    if (!plot.value) return;
    const style = getComputedStyle(document.documentElement);
    const period = `${showDate(data.from, language.value)} – ${showDate(data.to, language.value)}`;
    void savePng(plot.value.ctx.canvas, `${data.base}-${data.quote}-${data.from}-${data.to}.png`, {
      title: `${pair}, ${period}`,
      source: `${data.source.attribution} · Paridad`,
      ink: style.getPropertyValue("--ink"),
      paper: style.getPropertyValue("--raised"),
    });
  };
  const isTable = at.view.value === "table";
  return (
    <div class="actions">
      <fieldset aria-label={text.view}>
        {(["chart", "table"] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={at.view.value === view}
            onClick={() => {
              at.view.value = view;
            }}
          >
            {view === "chart" ? text.asChart : text.asTable}
          </button>
        ))}
      </fieldset>
      {!isTable && (
        <button type="button" onClick={save}>
          {text.png}
        </button>
      )}
      <a class="button" href={csv} download>
        {text.csv}
      </a>
    </div>
  );
}

function Chart({ data }: { data: History }) {
  const text = words("explore");
  const second = at.otherHistory.value?.data;
  const window = Number(at.average.value);
  const closed = at.closedDays.value;
  const revised = at.revised.value;
  const rates = useMemo(() => data.observations.map(({ rate }) => rate), [data]);
  const others = useMemo(() => new Map(second?.observations.map(({ date, rate }) => [date, rate])), [second]);
  const drawn = useMemo(() => {
    const dates = data.observations.map(({ date }) => date);
    return {
      dates,
      closed,
      marked: new Set(revised.keys()),
      lines: [
        { style: "rate" as const, values: rates.map(Number) },
        ...(window > 0 ? [{ style: "average" as const, values: movingAverages(rates, window) }] : []),
        ...(second ? [{ style: "other" as const, values: dates.map((date) => numberOf(others.get(date))) }] : []),
      ],
    };
  }, [data, second, window, closed, revised]);
  const correction = (date = "") => {
    const previous = revised.get(date);
    return previous ? fill(text.correctedFrom, { previous }) : text.correctedPart;
  };
  const describe = (index: number) => [
    ["", rates[index] ?? ""] as const,
    ...(window > 0 ? [[fill(text.averages, { n: window }), meanAt(rates, index, window) ?? text.none] as const] : []),
    ...(second ? [[nameOf(at.other.value), others.get(drawn.dates[index] ?? "") ?? text.none] as const] : []),
    ...(revised.has(drawn.dates[index] ?? "") ? [[text.corrected, correction(drawn.dates[index])] as const] : []),
  ];
  const isRevised = drawn.dates.some((date) => revised.has(date));
  const [low, high] = [at.change.value?.data?.low ?? "", at.change.value?.data?.high ?? ""];
  const [from, to] = [data.from, data.to].map((date) => showDate(date, language.value)) as [string, string];
  const name = fill(text.chartName, {
    pair: `${data.base}/${data.quote}`,
    from,
    to,
    low,
    high,
    last: rates.at(-1) ?? "",
  });
  return (
    <>
      <ExploredChart
        name={name}
        drawn={drawn}
        describe={describe}
        onPlot={(made) => {
          plot.value = made;
        }}
      />
      <p class="note">
        {text.zoom} {closed.size > 0 && text.closedDays} {isRevised && text.revisedDays}
      </p>
    </>
  );
}

function nameOf(provider: string): string {
  return at.providers.data?.providers.find(({ id }) => id === provider)?.name[language.value] ?? provider;
}

function numberOf(rate: string | undefined): number | null {
  return rate === undefined ? null : Number(rate);
}

at.follow();
listen(undefined, at.onRate);
start(Explore);
