import { describe, expect, it } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { at, errorOf, faults, lines, parse, parsed, requested } from "./helpers.ts";

const span = { from: "2026-03-01", to: "2026-03-15" };
const JSON_TYPE = { "Content-Type": "application/json;charset=UTF-8" };
const options = { now: "2026-03-13T20:00:00Z", span, series: "SF43718 SF46406", headers: JSON_TYPE };

const FIX = `{"idSerie":"SF43718","titulo":"Tipo de cambio                         Pesos por dólar E.U.A. Fecha de determinación (FIX)","datos":[{"fecha":"12/03/2026","dato":"17.8300"},{"fecha":"13/03/2026","dato":"17.9218"}]}`;
const YEN = `{"idSerie":"SF46406","titulo":"Cotización de las divisas Respecto al peso mexicano Yen japonés","datos":[{"fecha":"12/03/2026","dato":"N/E"},{"fecha":"13/03/2026","dato":"0.1125"}]}`;
const NEWEST_FIX = FIX.replace('{"fecha":"12/03/2026","dato":"17.8300"},', "");
const bodyOf = (...series: string[]) => `{"bmx":{"series":[${series.join(",")}]}}`;
const BODY = bodyOf(YEN, FIX);

const read = (body: string, more: Partial<Parameters<typeof parse>[2]> = {}) =>
  parse(banxico, body, { ...options, ...more });
const refused = (error: string, status = 400, headers: Record<string, string> = {}) =>
  errorOf(read(`{"error":${error}}`, { status, headers: { ...JSON_TYPE, ...headers } }));

describe("Banxico", () => {
  it("is asked for series in one request, dates with the settlement rates, newest and history counted apart", () => {
    expect(requested(banxico, options)).toEqual(["/series/SF43718,SF46406,SF60653/datos/2026-03-01/2026-03-15"]);
    expect(requested(banxico, { ...options, span: "newest" })).toEqual(["/series/SF43718,SF46406/datos/oportuno"]);
    expect(requested(banxico, { ...options, span: "all" })).toEqual(["/series/SF43718,SF46406,SF60653/datos"]);
    const classes = (["newest", "all"] as const).map(
      (span) => banxico.requests({ series: banxico.series, span }, { nowMs: 0, hasSecret: true })[0]?.limitClass,
    );
    expect(classes).toEqual(["oportuna", "historica"]);
    expect(banxico.secret?.place("t")).toEqual({ headers: { "Bmx-Token": "t" } });
  });

  it("sends series in any order, digits untouched", () => {
    expect(lines(read(BODY))).toEqual([
      "banxico.SF43718 2026-03-12 17.8300",
      "banxico.SF43718 2026-03-13 17.9218",
      "banxico.SF46406 2026-03-13 0.1125",
    ]);
    expect(parsed(read(BODY)).series.map(({ complete }) => complete)).toEqual([
      { from: "2026-03-01", to: "2026-03-13" },
      { from: "2026-03-01", to: "2026-03-13" },
    ]);
  });

  it("vouches for no other date with its newest value, however old", () => {
    const old = bodyOf(NEWEST_FIX.replaceAll("2026", "2025"), YEN);
    const [fix] = parsed(read(old, { span: "newest" })).series;
    expect(fix?.complete).toEqual({ from: "2025-03-13", to: "2025-03-13" });
  });

  it("has no history where the newest value was requested: it may be another series'", () => {
    const newest = read(bodyOf(NEWEST_FIX, YEN), { span: "newest" });
    expect(lines(newest)).toEqual(["banxico.SF43718 2026-03-13 17.9218"]);
    expect(faults(newest)).toEqual(["banxico.SF46406: too many observations"]);
  });

  it("may write thousands with commas, and no list for nothing", () => {
    expect(lines(read(bodyOf(FIX.replace("17.8300", "1,017.8300"), YEN)))[0]).toBe(
      "banxico.SF43718 2026-03-12 1017.8300",
    );
    const none = bodyOf(FIX.replace(/"datos":.*]/, '"datos":null'), YEN.replace(/,"datos":.*]/, ""));
    expect(parsed(read(none)).series.map(({ complete }) => complete)).toEqual([null, null]);
    expect(faults(read(none))).toEqual([]);
  });

  it.each([
    ["a missing one", bodyOf(YEN), "not in the response"],
    ["one twice", bodyOf(FIX, YEN, FIX), "twice in the response"],
    ["another title", BODY.replace("(FIX)", "(interbancario)"), "another title"],
    ["no title", BODY.replace(/"titulo":"Tipo[^"]*"/, '"titulo":1'), "another title"],
    [
      "another order",
      bodyOf(YEN, FIX.replace("12/03", "XX").replace("13/03", "12/03").replace("XX", "13/03")),
      "dates out of order",
    ],
    ["a date to come", BODY.replace('12/03/2026","dato":"17', '14/03/2026","dato":"17'), "a date outside the range"],
    [
      "a date before those wanted",
      BODY.replace('12/03/2026","dato":"17', '28/02/2026","dato":"17'),
      "a date outside the range",
    ],
    ["a date twice", BODY.replace('12/03/2026","dato":"17', '13/03/2026","dato":"17'), "dates out of order"],
    ["no such date", BODY.replace('12/03/2026","dato":"17', '31/02/2026","dato":"17'), "a date that does not exist"],
    ["a number", BODY.replace('"17.8300"', "17.8300"), "no rate on 2026-03-12"],
    ["no rate", BODY.replace("17.8300", "17,83"), "no rate on 2026-03-12"],
    ["nothing", BODY.replace('"17.8300"', "null"), "no rate on 2026-03-12"],
    [
      "a list of numbers",
      BODY.replace(/\[\{"fecha":"12\/03\/2026","dato":"17.*?\]/, "[1]"),
      "an observation that is no object",
    ],
    ["no list", BODY.replace(/\[\{"fecha":"12\/03\/2026","dato":"17.*?\]/, "{}"), "no list of observations"],
  ])("with %s is refused for that series only", (_, body, reason) => {
    const result = read(body);
    expect(faults(result)).toEqual([`banxico.SF43718: ${reason}`]);
    expect(lines(result)).toContain("banxico.SF46406 2026-03-13 0.1125");
  });

  it("with a series that nobody requested passes it over; without a list of series it is refused", () => {
    expect(lines(read(BODY, { series: "SF43718" }))).toHaveLength(2);
    expect(faults(read('{"bmx":{"series":[1,null,{}]}}'))).toEqual([
      "banxico.SF43718: not in the response",
      "banxico.SF46406: not in the response",
    ]);
    for (const body of ["{}", '{"bmx":{}}', '{"bmx":{"series":{}}}', "[]", "null", "7"])
      expect(errorOf(read(body))).toMatchObject({ kind: "invalid_response" });
    expect(errorOf(read("{}", { status: 404 }))).toEqual({
      kind: "series_missing",
      series: ["banxico.SF43718", "banxico.SF46406"],
    });
  });

  it("may be out of order for a while", () => {
    expect(errorOf(read(BODY, { headers: { "Content-Type": "text/html" } }))).toMatchObject({ kind: "transient" });
    expect(errorOf(read(BODY.slice(0, -1)))).toMatchObject({ kind: "transient" });
    expect(errorOf(read("", { status: 503 }))).toMatchObject({ kind: "transient" });
  });
});

describe("Banxico's refusals", () => {
  const nowMs = at(options.now);

  it("come with status 400: the token, a wrong request", () => {
    expect(
      refused('{"url":"https://www.banxico.org.mx/SieAPIRest/service/v1/token","mensaje":"Token inválido"}'),
    ).toMatchObject({
      kind: "unauthorized",
    });
    expect(refused('{"mensaje":"Formato de fecha incorrecto."}')).toEqual({
      kind: "bad_request",
      reason: "formato de fecha incorrecto.",
    });
  });

  it("may be limits, told in fields, headers or words", () => {
    const until = (ms: number) => ({ kind: "rate_limited", resetMs: ms });
    expect(refused('{"mensaje":"x","secondsToReset":54}')).toEqual(until(nowMs + 54_000));
    expect(refused('{"mensaje":"x"}', 400, { "Bmx-secondsToReset": "7" })).toEqual(until(nowMs + 7_000));
    expect(refused(`{"timeReset":${nowMs / 1_000 + 60}}`)).toEqual(until(nowMs + 60_000));
    expect(refused('{"mensaje":"Límite de consultas superado."}')).toEqual(until(nowMs + 300_000));
    expect(
      refused('{"detalle":"Podrá volver a consultar el servicio a las 2026-03-13 15:06:27 America/Mexico_City"}'),
    ).toEqual(until(at("2026-03-13T21:06:27Z")));
    expect(refused('{"secondsToReset":0}')).toEqual(until(nowMs + 1_000));
    expect(refused('{"secondsToReset":999999999}')).toEqual(until(nowMs + 25 * 3_600_000));
    expect(errorOf(read("", { status: 429 }))).toEqual(until(nowMs + 300_000));
  });
});
