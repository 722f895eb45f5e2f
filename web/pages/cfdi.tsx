import { computed, effect, signal } from "@preact/signals-core";
import { Scroll } from "../components/fields.tsx";
import { Frame, SourceLine, start } from "../components/frame.tsx";
import { apiPath, type InvoiceRates } from "../lib/api.ts";
import { Feed } from "../lib/feed.ts";
import { keepCurrent } from "../lib/feeds.ts";
import { dateInMexico, showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { pastedDates } from "../lib/pasted-dates.ts";
import { language, words } from "../lib/reader.ts";
import { choice } from "../lib/url-state.ts";

/** As many as the API takes. */
const MAX_DATES = 366;
/** A reader who is still typing asks for nothing. */
const TYPING_MS = 300;

const given = choice("dates", dateInMexico(Date.now()));
const text = signal(given.value.replaceAll(",", "\n"));
const pasted = computed(() => pastedDates(text.value));
const asked = computed(() => pasted.value.dates.slice(0, MAX_DATES).join());
const found = signal<Feed<InvoiceRates> | undefined>(undefined);
const copied = signal("");

effect(() => {
  const dates = asked.value;
  if (dates === "") {
    found.value = undefined;
    return;
  }
  const timer = setTimeout(() => {
    given.value = dates;
    const feed = new Feed<InvoiceRates>(apiPath("/rates/cfdi", { dates }));
    found.value = feed;
    keepCurrent([feed] as Feed<unknown>[], () => undefined);
  }, TYPING_MS);
  return () => clearTimeout(timer);
});

function Cfdi() {
  const say = words("cfdi");
  const data = found.value?.data;
  const problem = found.value?.failure.value?.problem;
  const { dates, unread } = pasted.value;
  return (
    <Frame path="/cfdi" title={say.title} footer={data && <SourceLine sources={[data.source]} />}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <label class="paste">
        {say.dates}
        <textarea
          rows={4}
          spellcheck={false}
          value={text.value}
          aria-describedby="hint"
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
      </label>
      <p id="hint" class="note">
        {say.datesHint}
      </p>
      <p role="status">
        {dates.length === 0 && say.none}{" "}
        {unread.length > 0 && fill(say.unread, { list: unread.slice(0, 5).join(", ") })}{" "}
        {dates.length > MAX_DATES && fill(say.tooMany, { max: MAX_DATES })}
        {problem && `${say.failed} ${problem.detail}`}
      </p>
      {data && <Results data={data} />}
    </Frame>
  );
}

function Results({ data }: { data: InvoiceRates }) {
  const say = words("cfdi");
  const day = (date: string | null | undefined) => (date ? showDate(date, language.value) : "");
  const column = data.rates.map(({ rate }) => rate ?? "").join("\n");
  const csv = (locale: string) => apiPath("/rates/cfdi", { dates: asked.value, format: "csv", locale });
  const copy = async () => {
    await navigator.clipboard.writeText(column);
    copied.value = column;
  };
  return (
    <section class="card" aria-labelledby="results">
      <div class="actions">
        <h2 id="results">{say.results}</h2>
        <button type="button" onClick={copy}>
          {copied.value === column ? say.copied : say.copy}
        </button>
        <a class="button" href={csv("en")} download>
          {say.csv}
        </a>
        <a class="button" href={csv("es")} download>
          {say.csvEs}
        </a>
        <button type="button" onClick={() => print()}>
          {say.print}
        </button>
      </div>
      <Scroll name={say.results}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.date}</th>
              <th scope="col" class="number">
                {say.rate}
              </th>
              <th scope="col">{say.determined}</th>
              <th scope="col">{say.published}</th>
              <th scope="col">{say.applies}</th>
              <th scope="col">{say.permalink}</th>
            </tr>
          </thead>
          <tbody>
            {data.rates.map((one, index) => (
              <tr key={`${index}${one.requested_date}`}>
                <th scope="row">{day(one.requested_date)}</th>
                <td class="number">
                  <b>{one.rate ?? say.unknown}</b>
                </td>
                <td>{day(one.determination_date)}</td>
                <td>{day(one.publication_date)}</td>
                <td>{day(one.applicable_date)}</td>
                <td>
                  {one.permalink && (
                    <a href={one.permalink}>
                      {say.permalink} <span class="unseen">{day(one.requested_date)}</span>
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="note">{say.permalinkNote}</p>
      {data.rates.map(({ requested_date, steps, rate }, index) => (
        <details key={`${index}${requested_date}`} open={data.rates.length === 1}>
          <summary>{fill(say.why, { date: day(requested_date) })}</summary>
          <ol class="steps">
            {steps.map((step) => (
              <li key={step.date + step.es}>{step[language.value]}</li>
            ))}
            {rate === null && <li>{say.unknown}</li>}
          </ol>
        </details>
      ))}
    </section>
  );
}

start(Cfdi);
