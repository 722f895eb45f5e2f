import fc from "fast-check";
import { hostileHeaders, hostileText } from "./hostile.ts";
import type { Exchange, FuzzRequest } from "./request.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Requests to the paths of other services' APIs, and what responses to them must satisfy. */

const FACADES = /^\/(?:frankfurter|SieAPIRest|v6)(?:[/?]|$)|^\/api\/(?:latest|currencies|historical)(?:\.json|\/)/;
const STATUSES = new Set([200, 304, 400, 404, 405, 406, 422]);
const NAMES = [
  "base",
  "from",
  "to",
  "symbols",
  "quotes",
  "amount",
  "providers",
  "date",
  "group",
  "expand",
  "scope",
].concat(["locale", "decimales", "incremento", "mediaType", "token", "app_id", "foo"]);

/** Whether a target is one of a facade's. */
export function isOfFacade(target: string): boolean {
  return FACADES.test(target);
}

/** Mostly sensible paths with parameters of which some are wrong. */
export function facadeRequest({ currencies, providers }: Vocabulary): fc.Arbitrary<FuzzRequest> {
  const day = fc
    .date({ min: new Date("1985-01-01"), max: new Date("2031-12-31"), noInvalidDate: true })
    .map((instant) => instant.toISOString().slice(0, 10));
  const date = fc.oneof({ weight: 9, arbitrary: day }, { weight: 1, arbitrary: fc.constant("2023-02-30") });
  const code = fc.constantFrom(...currencies, "usd", "QQQ", "XXX", "AFN");
  const codes = fc.array(code, { minLength: 1, maxLength: 3 }).map((some) => some.join(","));
  const id = fc.constantFrom("SF43718", "SF60653", "SF46410", "SF46406-SF46407", "SF1", "sf60632", "x");
  const ids = fc.array(id, { minLength: 1, maxLength: 22 }).map((some) => some.join(","));
  const series = ids.map((some) => `/SieAPIRest/service/v1/series/${some}`);
  const path = fc.oneof(
    fc.constantFrom("", "/latest", "/current", "/currencies", "/openapi.json").map((rest) => `/frankfurter/v1${rest}`),
    fc.constantFrom("", "/latest", "/currencies", "/x").map((rest) => `/frankfurter${rest}`),
    fc.tuple(fc.constantFrom("", "/v1"), date).map(([version, one]) => `/frankfurter${version}/${one}`),
    fc.tuple(date, fc.oneof(date, fc.constant(""))).map(([from, to]) => `/frankfurter/v1/${from}..${to}`),
    fc
      .constantFrom("", "/rates", "/rates.csv", "/currencies", "/providers", "/providers.csv", "/openapi.json")
      .map((rest) => `/frankfurter/v2${rest}`),
    fc.tuple(code, code).map(([base, quote]) => `/frankfurter/v2/rate/${base}/${quote}`),
    code.map((one) => `/frankfurter/v2/currency/${one}`),
    fc.tuple(series, fc.constantFrom("", "/", "/datos", "/datos/oportuno", "/nada")).map((parts) => parts.join("")),
    fc.tuple(series, date, date).map(([start, from, to]) => `${start}/datos/${from}/${to}`),
    fc.constantFrom("/api/latest.json", "/api/currencies.json", "/v6/latest"),
    date.map((one) => `/api/historical/${one}.json`),
    code.map((one) => `/v6/latest/${one}`),
  );
  const word = fc.constantFrom("week", "month", "providers", "all", "en", "sinCeros", "PorcAnual", "xml", "10", "1e3");
  const value = fc.oneof(codes, date, word, fc.constantFrom(...providers), hostileText());
  const query = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 });
  return fc.record({
    kind: fc.constant("facade" as const),
    method: fc.constantFrom("GET", "GET", "GET", "HEAD"),
    target: fc.tuple(path, query).map(([start, pairs]) => {
      const text = pairs.map(([name, given]) => `${name}=${encodeURIComponent(given.toWellFormed())}`).join("&");
      return text === "" ? start : `${start}?${text}`;
    }),
    headers: hostileHeaders(),
  });
}

/** What is wrong with a response to one; empty if it is right. */
export function complaintsAboutFacade({ method }: FuzzRequest, { status, headers, body }: Exchange): string[] {
  if (!STATUSES.has(status)) return [`status ${status}`];
  const type = String(headers["content-type"]);
  if (method === "HEAD" || status === 304 || !type.startsWith("application/json")) return [];
  try {
    const content: unknown = JSON.parse(body);
    return typeof content === "object" && content !== null ? [] : ["no object"];
  } catch {
    return [`no JSON: ${body.slice(0, 100)}`];
  }
}

/** The same of an error, whose form is the other service's. */
export function complaintsAboutFacadeError(method: string, { headers, body }: Exchange): string[] {
  if (headers["content-type"] !== "application/json; charset=utf-8")
    return [`an error of type ${headers["content-type"]}`];
  const isInForm = /"(?:message|mensaje|error-type)":"/.test(body) && !body.includes('"instance"');
  return method === "HEAD" || isInForm ? [] : [`an error in another form: ${body.slice(0, 100)}`];
}
