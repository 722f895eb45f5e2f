import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import type { ProviderResponse, Want } from "#core/providers/provider.ts";
import { twinsIn } from "#core/providers/twins.ts";
import { isRateValue } from "#core/rates/page.ts";
import type { Series } from "#core/rates/series.ts";
import { isPlainDate } from "#core/time/dates.ts";
import { mutate } from "../../mutate.ts";

const SERIES = banxico.series;
const NOW_MS = Date.parse("2026-03-13T20:00:00Z");
const TODAY = "2026-03-13";
const JSON_TYPE = "application/json;charset=UTF-8";
const WINDOW = { from: "2026-03-01", to: "2026-03-15" };
const request: Want = { series: SERIES, span: WINDOW };

/** Titles as Banxico writes them. */
const TITLES: Record<string, string> = {
  SF43718: `Tipo de cambio${" ".repeat(42)}Pesos por dólar E.U.A. Tipo de cambio para solventar obligaciones denominadas en moneda extranjera Fecha de determinación (FIX)`,
  SF46410: "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano Euro",
  SF46406: "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano Yen japonés",
  SF46407: "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano Libra esterlina",
  SF60632: "Cotización de la divisa Respecto al peso mexicano Dólar Canadiense",
};

interface Entry {
  idSerie?: unknown;
  titulo?: unknown;
  datos?: unknown;
}

const rows = (...pairs: [string, unknown][]) => pairs.map(([fecha, dato]) => ({ fecha, dato }));
const entry = (
  { providerId }: Series,
  datos: unknown = rows(["12/03/2026", "17.8300"], ["13/03/2026", "17.9218"]),
): Entry => ({
  idSerie: providerId,
  titulo: TITLES[providerId],
  datos,
});
const good = (): Entry[] =>
  SERIES.map((series, index) =>
    entry(series, rows(["12/03/2026", `${17 + index}.8300`], ["13/03/2026", `${17 + index}.9218`])),
  ).reverse();

function read(body: unknown, { status = 200, type = JSON_TYPE, asked = request as Want, headers = {} } = {}) {
  const response: ProviderResponse = {
    status,
    headers: new Headers({ "Content-Type": type, ...headers }),
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
  return banxico.parse(response, asked, NOW_MS);
}
const resultOf = (series: Entry[]) => read({ bmx: { series } });
const usd = { ...request, series: SERIES.slice(0, 1) };
const usdOf = (datos: unknown) => read({ bmx: { series: [entry(SERIES[0] as Series, datos)] } }, { asked: usd });
const kindOf = (result: ReturnType<typeof read>) => (result.ok ? "ok" : result.error.kind);
/** The series that were read, and what is wrong with the others. */
const split = (result: ReturnType<typeof read>) =>
  result.ok
    ? {
        read: result.series.map(({ series }) => series.slice(8)),
        faults: result.faults.map(({ series, kind }) => `${series.slice(8)} ${kind}`),
      }
    : { read: [], faults: [result.error.kind] };
const OTHERS = ["SF46410", "SF46406", "SF46407", "SF60632"];

test("a title's words are compared without accents, case and runs of spaces", () => {
  const titulo = "  PESOS por   DÓLAR  (fix) ";
  expect(split(read({ bmx: { series: [{ idSerie: "SF43718", titulo, datos: [] }] } }, { asked: usd })).faults).toEqual(
    [],
  );
});

describe("a right response", () => {
  test("is matched by id, in whatever order, digits untouched", () => {
    const result = resultOf(good());
    expect(result.ok && result.series.map(({ series }) => series).sort()).toEqual(SERIES.map(({ id }) => id).sort());
    expect(result.ok && result.series[0]?.observations).toEqual([
      ["2026-03-12", "17.8300"],
      ["2026-03-13", "17.9218"],
    ]);
  });

  test.each([[undefined], [null], [[]]])("may hold a series without observations: %j", (datos) => {
    const result = usdOf(datos === undefined ? undefined : datos);
    expect(kindOf(result)).toBe("ok");
  });

  test("a series whose datos are missing altogether has none", () => {
    const result = read({ bmx: { series: [{ idSerie: "SF43718", titulo: TITLES.SF43718 }] } }, { asked: usd });
    const series = [{ series: "banxico.SF43718", observations: [], complete: null }];
    expect(result).toEqual({ ok: true, series, faults: [] });
  });

  test("N/E is no observation, and thousands separators are no digits", () => {
    const result = usdOf(rows(["10/03/2026", "193,045.50"], ["11/03/2026", "N/E"], ["12/03/2026", "1,234,567.0"]));
    expect(result.ok && result.series[0]?.observations).toEqual([
      ["2026-03-10", "193045.50"],
      ["2026-03-12", "1234567.0"],
    ]);
  });
});

describe("what is wrong with a series is its own matter", () => {
  const bad: [string, unknown][] = [
    ["a date twice", rows(["12/03/2026", "1"], ["12/03/2026", "1"])],
    ["dates out of order", rows(["13/03/2026", "1"], ["12/03/2026", "1"])],
    ["a date that does not exist", rows(["30/02/2026", "1"])],
    ["an ISO date", rows(["2026-03-12", "1"])],
    ["an American date", rows(["03/13/2026", "1"])],
    ["a date before the range", rows(["28/02/2026", "1"])],
    ["a date in the future", rows(["14/03/2026", "1"])],
    ["zero", rows(["12/03/2026", "0.0000"])],
    ["a negative value", rows(["12/03/2026", "-17.3"])],
    ["a number that is no string", rows(["12/03/2026", 17.3])],
    ["an exponent", rows(["12/03/2026", "1e5"])],
    ["infinity", rows(["12/03/2026", "Infinity"])],
    ["misplaced separators", rows(["12/03/2026", "19,30.45"])],
    ["nothing for a value", rows(["12/03/2026", ""])],
    ["a value with blanks", rows(["12/03/2026", " 17.3"])],
    ["a value of a hundred digits", rows(["12/03/2026", "1".repeat(100)])],
    ["no list", { fecha: "12/03/2026", dato: "1" }],
    ["a list of nothing", [null]],
    ["too many rows", Array.from({ length: 20_001 }, () => ({ fecha: "12/03/2026", dato: "N/E" }))],
  ];
  test.each(bad)("%s", (_, datos) => {
    expect(split(usdOf(datos))).toEqual({ read: [], faults: ["SF43718 invalid"] });
    const spoilt = good().map((one) => (one.idSerie === "SF43718" ? { ...one, datos } : one));
    expect(split(resultOf(spoilt))).toEqual({ read: OTHERS, faults: ["SF43718 invalid"] });
  });

  test("a series that was not requested is passed over, and one that comes twice is not believed", () => {
    const ids = SERIES.map(({ providerId }) => providerId);
    expect(split(resultOf([...good(), { idSerie: "SF99999", titulo: "?", datos: [] }]))).toEqual({
      read: ids,
      faults: [],
    });
    const [first = {}, ...rest] = good();
    expect(split(resultOf([{ ...first, idSerie: "SF99999" }, ...rest])).faults).toEqual(["SF60632 missing"]);
    expect(split(resultOf([first, first, ...rest])).faults).toEqual(["SF60632 invalid"]);
    expect(split(resultOf([...good(), null, 7, {}] as Entry[])).read).toEqual(ids);
  });

  test("yen and pound swapped, and any title that lacks its words", () => {
    const swap: Record<string, string> = { SF46406: "SF46407", SF46407: "SF46406" };
    const swapped = good().map((one) => ({ ...one, titulo: TITLES[swap[String(one.idSerie)] ?? String(one.idSerie)] }));
    expect(split(resultOf(swapped)).faults).toEqual(["SF46406 invalid", "SF46407 invalid"]);
    for (const titulo of [undefined, null, 7, "", "dólar", "x".repeat(2_000)])
      expect(split(resultOf(good().map((one) => ({ ...one, titulo })))).read).toEqual([]);
  });

  test("a series that is missing is named, and the others are read", () => {
    const result = resultOf(good().filter(({ idSerie }) => idSerie !== "SF46406"));
    expect(split(result)).toEqual({ read: ["SF43718", "SF46410", "SF46407", "SF60632"], faults: ["SF46406 missing"] });
  });

  test("two series with the same values on five dates or more cannot be told apart while one of them is new", () => {
    const days = ["09", "10", "11", "12", "13"];
    const values = (own: string, count = 5) =>
      rows(...days.slice(0, count).map((day, index): [string, string] => [`${day}/03/2026`, `${own}.${index}00`]));
    const [usd, eur, jpy] = SERIES as [Series, Series, Series];
    const twins = (count: number, last = values("18", count), hasData = (id: string) => id === usd.id) => {
      const result = read(
        { bmx: { series: [entry(usd, values("17", count)), entry(eur, values("18", count)), entry(jpy, last)] } },
        { asked: { ...request, series: [usd, eur, jpy] } },
      );
      return twinsIn(result.ok ? result.series : [], hasData).map(({ series }) => series);
    };
    expect(twins(5)).toEqual([eur.id, jpy.id]);
    expect(twins(4)).toEqual([]);
    const padded = values("18").map(({ fecha, dato }) => ({ fecha, dato: `${dato}0` }));
    expect(twins(5, padded)).toHaveLength(2);
    const other = [...values("18").slice(0, 4), ...rows(["13/03/2026", "18.5"])];
    expect(twins(5, other)).toEqual([]);
    expect(twins(5, values("18"), (id) => id !== jpy.id)).toHaveLength(2);
    expect(twins(5, values("18"), () => true)).toEqual([]);
  });

  test("what lies before a series' first date is passed over", () => {
    const datos = rows(["01/06/1990", "2.5"], ["12/03/2026", "17.83"]);
    const asked = { series: SERIES.slice(0, 1), span: "all" } as const;
    const result = read({ bmx: { series: [entry(SERIES[0] as Series, datos)] } }, { asked });
    expect(result.ok && result.series[0]?.observations).toEqual([["2026-03-12", "17.83"]]);
  });

  test.each([[{}], [{ bmx: {} }], [{ bmx: { series: {} } }], [[]], ["null"], ["7"]])("%j", (body) => {
    expect(kindOf(read(body))).toBe("invalid_response");
  });
});

describe("each error of the API", () => {
  const token = `{"error":{"url":"https://www.banxico.org.mx/SieAPIRest/service/v1/token","mensaje":"Token inválido","detalle":"El token enviado no es válido, favor de verificar. Para obtener un token consultar la url adjunta."}}`;
  const limit = `{"error":{"mensaje":"Límite de consultas superado.","detalle":"El límite de consultas ha sido superado. Podrá volver a consultar el servicio a las 2022-12-27 17:06:27 America/Mexico_City","timeReset":1672182387,"secondsToReset":54}}`;
  const date = `{"error":{"mensaje":"Formato de fecha incorrecto.","detalle":"El formato de la fecha enviada es incorrecto. Debe ser yyyy-MM-dd."}}`;
  const series = `{"error":{"mensaje":"Formato de series incorrecto.","detalle":"Formato de series debe ser SX####[-SX####][,SX####[-SX####]]"}}`;
  const html = { type: "text/html;charset=UTF-8" };

  test("400: token, rate limit, our own mistakes", () => {
    expect(kindOf(read(token, { status: 400 }))).toBe("unauthorized");
    expect(read(limit, { status: 400 })).toEqual({
      ok: false,
      error: { kind: "rate_limited", resetMs: NOW_MS + 54_000 },
    });
    expect(kindOf(read(date, { status: 400 }))).toBe("bad_request");
    expect(kindOf(read(series, { status: 400 }))).toBe("bad_request");
  });

  test("404 is a missing series; 5xx, HTML and broken JSON are transient", () => {
    expect(read("<html>", { ...html, status: 404 })).toEqual({
      ok: false,
      error: { kind: "series_missing", series: SERIES.map(({ id }) => id) },
    });
    expect(kindOf(read("<html>", html))).toBe("transient");
    expect(kindOf(read("<html>", { ...html, status: 400 }))).toBe("transient");
    expect(kindOf(read("", { status: 503 }))).toBe("transient");
    expect(kindOf(read(token, { status: 500 }))).toBe("transient");
    expect(kindOf(read("", { ...html, status: 302 }))).toBe("transient");
    expect(kindOf(read('{"bmx":{"ser'))).toBe("transient");
    expect(kindOf(read({ bmx: { series: good() } }, { type: "text/plain" }))).toBe("transient");
  });
});

test("whatever is done to an answer, nothing invalid passes", () => {
  const mutation = fc.record({
    path: fc.array(fc.nat(30), { maxLength: 6 }),
    value: fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("N/E", "0", "-1", "1e3", "13/03/2026", "31/12/2026", "SF43718", "SF46406", "17.0000"),
      fc.constant(undefined),
    ),
  });
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
      const body = { bmx: { series: good() } };
      for (const { path, value } of mutations) mutate(body, path, value);
      const result = read(body);
      if (!result.ok) return;
      const named = [...result.series, ...result.faults].map(({ series }) => series);
      expect([...new Set(named)].sort()).toEqual(SERIES.map(({ id }) => id).sort());
      for (const { observations } of result.series) {
        let before = "";
        for (const [date, value] of observations) {
          expect(isPlainDate(date) && date > before && date >= WINDOW.from && date <= TODAY).toBe(true);
          expect(isRateValue(value)).toBe(true);
          before = date;
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

test("any text at all is read without an exception", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 100, max: 599 }), (body, status) => {
      const result = read(body, { status });
      expect(result.ok && result.series.length > 0).toBe(false);
    }),
  );
});
