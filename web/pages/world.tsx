import { computed, effect, signal } from "@preact/signals-core";
import { addDays } from "#core/time/dates.ts";
import { Scroll, Select } from "../components/fields.tsx";
import { Frame, Sources, start } from "../components/frame.tsx";
import { Matrix } from "../components/matrix.tsx";
import { Sparkline } from "../components/sparkline.tsx";
import { apiPath, type Currencies, type LatestRates, type Providers, type Received, read } from "../lib/api.ts";
import { Feed } from "../lib/feed.ts";
import { keepCurrent, wakeAfterNews } from "../lib/feeds.ts";
import { changeOf, showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { listen } from "../lib/live.ts";
import { language, words } from "../lib/reader.ts";
import { countriesOf, searchable } from "../lib/regions.ts";
import { choice, isCode } from "../lib/url-state.ts";

const EIGHT = "USD,MXN,EUR,GBP,JPY,CAD,CNY,CHF";
const SORTS = ["code", "name", "change", "date"];

const base = choice("base", "USD", isCode);
const search = choice("q", "");
const sort = choice("sort", "code", (text) => SORTS.includes(text));
const matrix = choice("matrix", EIGHT, (text) => text.split(",").every(isCode) && text.split(",").length === 8);

const catalogue = new Feed<Currencies>(apiPath("/currencies"));
const providers = new Feed<Providers>(apiPath("/providers"));
const latest = signal(new Feed<LatestRates>(apiPath("/rates/latest", { base: base.value })));
/** The rates in force on the day before, which the day's changes are against. */
const before = signal<Received<LatestRates> | undefined>(undefined);

effect(() => {
  const chosen = new Feed<LatestRates>(apiPath("/rates/latest", { base: base.value }));
  latest.value = chosen;
  keepCurrent([chosen, catalogue, providers] as Feed<unknown>[], () => undefined);
});

const comparedWith = computed(() => latest.value.data && addDays(latest.value.data.date, -1));
let readPath: string | undefined;
// Runs whenever the newest rates were read: if it fails, it is tried again then.
effect(() => {
  const date = latest.value.data && comparedWith.peek();
  const path = date && apiPath("/rates/latest", { base: base.value, date });
  if (path === readPath) return;
  readPath = path;
  before.value = undefined;
  if (path === undefined) return;
  read<LatestRates>(path).then(
    (received) => {
      if (readPath === path) before.value = received;
    },
    () => {
      if (readPath === path) readPath = undefined;
    },
  );
});

const rows = computed(() => {
  const byCode = new Map(catalogue.data?.currencies.map((currency) => [currency.code, currency]));
  const wanted = searchable(search.value.trim());
  return Object.entries(latest.value.data?.rates ?? {}).flatMap(([code, rate]) => {
    const name = byCode.get(code)?.name[language.value] ?? code;
    const found = [code, name, ...countriesOf(code, language.value)].map(searchable);
    if (!found.some((text) => text.includes(wanted))) return [];
    const earlier = before.value?.data.rates[code];
    const change = earlier && earlier.provider === rate.provider ? changeOf(rate.rate, earlier.rate) : undefined;
    return [{ code, name, change, ...rate }];
  });
});

type Row = (typeof rows.value)[number];

/** The day's change in percent as it is shown: 0 where too little moved. */
const movement = ({ change }: Row) => Number(change?.percent.replace("−", "-") ?? 0);

const sorted = computed(() => {
  const orders: Record<string, (a: Row, b: Row) => number> = {
    code: (a, b) => a.code.localeCompare(b.code),
    name: (a, b) => a.name.localeCompare(b.name, language.value),
    change: (a, b) => Math.abs(movement(b)) - Math.abs(movement(a)),
    date: (a, b) => b.date.localeCompare(a.date),
  };
  return rows.value.toSorted(orders[sort.value]);
});

function World() {
  const text = words("world");
  const data = latest.value.data;
  const all = catalogue.data?.currencies.map(({ code }) => code) ?? [base.value];
  const total = Object.keys(data?.rates ?? {}).length;
  return (
    <Frame path="/world" title={text.title} footer={<Sources providers={providers.data} />}>
      <h1>{text.title}</h1>
      <form class="controls" onSubmit={(event) => event.preventDefault()}>
        <Select
          label={text.base}
          value={base.value}
          options={all.includes(base.value) ? all : [base.value, ...all]}
          onChoose={(code) => {
            base.value = code;
          }}
        />
        <label class="grow">
          {text.search}
          <input
            type="search"
            value={search.value}
            placeholder={text.searchHint}
            onInput={({ currentTarget }) => {
              search.value = currentTarget.value;
            }}
          />
        </label>
        <Select
          label={text.sort}
          value={sort.value}
          options={SORTS.map((name) => [name, text.sorts[name] ?? name] as const)}
          onChoose={(name) => {
            sort.value = name;
          }}
        />
      </form>
      <p class="note" role="status">
        {total > 0 &&
          (sorted.value.length === 0
            ? text.nothing
            : fill(text.count, { shown: sorted.value.length, all: total }))}{" "}
        <a href="#matrix">{text.toMatrix}</a>
      </p>
      <div class="card">
        <p class="note" id="caption">
          {data && fill(text.caption, { base: base.value, date: showDate(data.date, language.value) })}
        </p>
        <Scroll name={text.table}>
          <Table rows={sorted.value} />
        </Scroll>
        <p class="note">
          {comparedWith.value && fill(text.changeNote, { date: showDate(comparedWith.value, language.value) })}{" "}
          {text.derivedNote}
        </p>
      </div>
      <Matrix
        codes={matrix.value.split(",")}
        all={all}
        version={latest.value.received.value?.etag ?? ""}
        onChoose={(codes) => {
          matrix.value = codes.join();
        }}
      />
    </Frame>
  );
}

function Table({ rows }: { rows: readonly Row[] }) {
  const text = words("world");
  const names = new Map(providers.data?.providers.map(({ id, name }) => [id, name[language.value]]));
  return (
    <table class="currencies" aria-labelledby="caption">
      <thead>
        <tr>
          <th scope="col">{text.currency}</th>
          <th scope="col" class="number">
            {text.rate}
          </th>
          <th scope="col" class="number">
            {text.change}
          </th>
          <th scope="col">{text.trend}</th>
          <th scope="col">{text.date}</th>
          <th scope="col">{text.provider}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.code}>
            <th scope="row">
              <a href={`/explore?base=${base.value}&quote=${row.code}`}>{row.code}</a> <span>{row.name}</span>
            </th>
            <td class="number">{row.rate}</td>
            <td class={`number ${movement(row) === 0 ? "" : row.change?.direction}`}>
              {row.change && `${row.change.percent} %`}
            </td>
            <td>
              <Sparkline base={base.value} quote={row.code} version={`${row.date} ${row.rate}`} />
            </td>
            <td>{showDate(row.date, language.value)}</td>
            <td>
              {names.get(row.provider) ?? row.provider}
              {row.derived && <span class="badge">{text.derived}</span>}
              {row.parity && <span class="badge">{text.parity}</span>}
              {row.stale && <span class="badge warn">{text.stale}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

listen(undefined, wakeAfterNews);
start(World);
