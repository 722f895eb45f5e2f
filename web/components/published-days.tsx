import { useEffect, useState } from "preact/hooks";
import { apiPath, type BankCalendar, type History, type Providers, read } from "../lib/api.ts";
import { type BankDay, bankDays, watchedPair } from "../lib/bank-days.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";

const COUNT = 60;
const MAX_NAMED = 4;
/** Sixty bank days with their weekends and holidays. */
const SPAN_DAYS = 100;
const RETRY_MS = 30_000;

type Provider = Providers["providers"][number];

/** For each of a provider's last bank days, whether there is a rate. */
export function PublishedDays({ provider }: { provider: Provider }) {
  const text = words("status");
  const [days, setDays] = useState<BankDay[] | "unread" | undefined>(undefined);
  const { base, quote } = watchedPair(provider.pivot);
  const expected = provider.freshness?.expected ?? "";

  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const found = document.hidden
        ? undefined
        : await readDays(provider.id, base, quote, expected, ending.signal).catch(() => "unread" as const);
      if (ending.signal.aborted) return;
      if (found) setDays(found);
      if (!Array.isArray(found)) timer = setTimeout(look, RETRY_MS);
    };
    void look();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [provider.id, expected, provider.freshness?.latest]);

  if (!days) return null;
  if (days === "unread") return <p class="note">{fill(text.daysUnread, { name: provider.name[language.value] })}</p>;
  const missing = days.filter(({ isThere }) => !isThere).map(({ date }) => showDate(date, language.value));
  const sentence = missing.length === 0 ? text.allDays : missing.length > MAX_NAMED ? text.manyDays : text.someDays;
  const filled = fill(sentence, {
    name: provider.name[language.value],
    pair: `${base}/${quote}`,
    count: days.length,
    missing: missing.length > MAX_NAMED ? missing.length : missing.join(", "),
  });
  return (
    <div class="days">
      <p>{filled}</p>
      <div aria-hidden="true">
        {days.map(({ date, isThere }) => (
          <i key={date} class={isThere ? "" : "missing"} title={showDate(date, language.value)} />
        ))}
      </div>
    </div>
  );
}

async function readDays(provider: string, base: string, quote: string, expected: string, signal: AbortSignal) {
  const years = [...new Set([Number(expected.slice(0, 4)) - 1, Number(expected.slice(0, 4))])];
  const [history, ...calendars] = await Promise.all([
    read<History>(apiPath("/rates/historical", { base, quote, provider, days: SPAN_DAYS }), signal),
    ...years.map((year) => read<BankCalendar>(apiPath(`/calendar/${provider}/${year}`), signal)),
  ]);
  const closed = new Set(calendars.flatMap(({ data }) => data.closed));
  const observed = new Set(history.data.observations.map(({ date }) => date));
  // Of a provider that was added lately, what came before is not missing.
  const since = history.data.observations[0]?.date ?? "";
  return bankDays(expected, { closed, dated: calendars[0]?.data.dated }, observed, COUNT).filter(
    ({ date }) => date >= since,
  );
}
