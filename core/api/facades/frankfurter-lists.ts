import { parityOf } from "../../providers/parities.ts";
import type { Provider } from "../../providers/provider.ts";
import { freshnessOf, outlookAt } from "../../rates/freshness.ts";
import { addDays, earlier, later, type PlainDate } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import { type ListedSeries, listResult, readSeriesDates, type SeriesDates } from "../series-dates.ts";
import { FacadeFailure, type FacadeRequest, type FacadeResponse, objectOf, utcToday } from "./facade.ts";
import { numberOf } from "./figures.ts";
import { frankfurterName } from "./frankfurter-names.ts";
import { listOf } from "./frankfurter-query.ts";
import { isoNumberOf, symbolOf } from "./iso-currencies.ts";

/** The currencies and providers of Frankfurter's v2. */

/** A currency without a rate for longer is listed only with `scope=all`. */
const ACTIVE_DAYS = 30;

interface CurrencyDates {
  code: string;
  since: PlainDate;
  latest: PlainDate;
  providers: readonly string[];
}

export async function currencies(reader: RateReader, { query }: FacadeRequest): Promise<FacadeResponse> {
  const scope = query("scope");
  if (scope !== undefined && scope !== "all") throw new FacadeFailure(422, "invalid scope");
  const wanted = listOf(query("providers")?.toLowerCase());
  const listed = await readSeriesDates(reader);
  const oldest = addDays(utcToday(reader), -ACTIVE_DAYS);
  const isListed = ({ providers, latest }: CurrencyDates) =>
    wanted ? wanted.some((id) => providers.includes(id)) : scope === "all" || latest >= oldest;
  const bodies = datesIn(reader, listed)
    .filter(isListed)
    .map((one) => objectOf(membersOf(one)));
  return responseOf(`[${bodies.join(",")}]`, listed);
}

export async function currency(reader: RateReader, { param }: FacadeRequest): Promise<FacadeResponse> {
  const code = param("code").toUpperCase();
  const listed = await readSeriesDates(reader);
  const found = datesIn(reader, listed).find((one) => one.code === code);
  if (found === undefined) throw new FacadeFailure(404, "not found");
  const keys = found.providers.map((id) => id.toUpperCase()).sort();
  const members = [...membersOf(found), ["providers", JSON.stringify(keys)] as const];
  const parity = parityOf(code);
  if (parity && reader.host.catalogue.parityCodes.includes(code)) {
    const { anchor, perAnchor, authority } = parity;
    const peg = [
      ["base", JSON.stringify(anchor)],
      ["rate", numberOf(perAnchor)],
      ["authority", JSON.stringify(authority)],
    ] as const;
    members.push(["peg", objectOf(peg)]);
  }
  return responseOf(objectOf(members), listed);
}

export async function providers(reader: RateReader): Promise<FacadeResponse> {
  const listed = await readSeriesDates(reader);
  const byProvider = Map.groupBy(listed.series, ({ provider }) => provider);
  const content = Array.from(byProvider, ([provider, series]) => providerOf(reader, provider, series));
  const known = content.filter(({ end_date }) => end_date !== "").sort((a, b) => (a.key < b.key ? -1 : 1));
  return responseOf(JSON.stringify(known), listed);
}

function providerOf(reader: RateReader, provider: Provider, series: readonly SeriesDates[]) {
  const { id, name, country, rateType, pivot, url, licence, firstDate, publication } = provider;
  const latest = series.reduce((newest, one) => later(newest, one.latest ?? ""), "");
  const outlook = outlookAt(publication, reader.host.nowMs);
  return {
    key: id.toUpperCase(),
    name: name.en,
    country_code: country ?? null,
    rate_type: rateType ?? null,
    pivot_currency: pivot,
    data_url: url,
    terms_url: licence.url,
    start_date: firstDate,
    end_date: latest,
    publish_cadence: publication.weekday === undefined ? "daily" : "weekly",
    publishes_missed: latest === "" ? 0 : freshnessOf(latest, outlook).publicationsMissed,
    currencies: [...new Set(series.flatMap(({ series: { base, quote } }) => [base, quote]))].sort(),
  };
}

/** The dates of every currency that has a rate, by code; those of one with a parity are its anchor's. */
function datesIn(reader: RateReader, { series }: ListedSeries): CurrencyDates[] {
  const byCode = new Map<string, CurrencyDates>();
  const today = utcToday(reader);
  for (const { series: one, latest: newest } of series) {
    // A board may have no value of a series that has ended.
    const last = newest ?? one.until;
    if (last === undefined) continue;
    const latest = earlier(last, today);
    for (const code of [one.base, one.quote]) {
      const known = byCode.get(code) ?? { code, since: one.since, latest, providers: [] };
      const providers = [...new Set([...known.providers, one.provider])];
      byCode.set(code, {
        code,
        since: earlier(known.since, one.since),
        latest: later(known.latest, latest),
        providers,
      });
    }
  }
  return reader.host.catalogue.currencies.flatMap((code) => {
    const parity = byCode.has(code) ? undefined : parityOf(code);
    const dates = byCode.get(parity?.anchor ?? code);
    return dates
      ? { ...dates, code, since: later(dates.since, parity?.since ?? ""), ...(parity && { providers: [] }) }
      : [];
  });
}

function membersOf({ code, since, latest }: CurrencyDates): (readonly [name: string, json: string])[] {
  return Object.entries({
    iso_code: code,
    iso_numeric: isoNumberOf(code) ?? null,
    name: frankfurterName(code),
    symbol: symbolOf(code) ?? null,
    start_date: since,
    end_date: latest,
  }).map(([name, value]) => [name, JSON.stringify(value)]);
}

function responseOf(body: string, listed: ListedSeries): FacadeResponse {
  const { kind, latest, isIncomplete = false } = listResult(undefined, listed);
  return { body, kind, latest, isIncomplete };
}
