import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathOf, plain, type Question, type RawAnswer, readAnswer } from "#core/banxico.ts";
import { isPlainDate } from "#core/dates.ts";
import { isRateValue } from "#core/page.ts";
import { SERIES, type Series } from "#core/series.ts";

const NOW_MS = Date.parse("2026-03-13T20:00:00Z");
const TODAY = "2026-03-13";
const JSON_TYPE = "application/json;charset=UTF-8";
const WINDOW = { from: "2026-03-01", to: "2026-03-15" };
const question: Question = { series: SERIES, span: WINDOW };

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
const good = (): Entry[] => SERIES.map((series) => entry(series)).reverse();

function read(body: unknown, { status = 200, type = JSON_TYPE, asked = question, headers = {} } = {}) {
  const answer: RawAnswer = {
    status,
    headers: new Headers({ "Content-Type": type, ...headers }),
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
  return readAnswer(answer, asked, TODAY, NOW_MS);
}
const answerOf = (series: Entry[]) => read({ bmx: { series } });
const usd = { ...question, series: SERIES.slice(0, 1) };
const usdOf = (datos: unknown) => read({ bmx: { series: [entry(SERIES[0] as Series, datos)] } }, { asked: usd });
const kindOf = (answer: ReturnType<typeof read>) => (answer.ok ? "ok" : answer.error.kind);

describe("addresses", () => {
  test("for each span", () => {
    const ids = "SF43718,SF46410,SF46406,SF46407,SF60632";
    expect(pathOf(question)).toBe(`/series/${ids}/datos/2026-03-01/2026-03-15`);
    expect(pathOf({ ...question, span: "everything" })).toBe(`/series/${ids}/datos`);
    expect(pathOf({ ...question, span: "newest" })).toBe(`/series/${ids}/datos/oportuno`);
    expect(() => pathOf({ series: [], span: "newest" })).toThrow(RangeError);
  });

  test("a title's words are compared without accents, case and runs of spaces", () => {
    expect(plain("  Dólar   CANADIENSE ")).toBe("dolar canadiense");
  });
});

describe("a right answer", () => {
  test("is matched by id, in whatever order, digits untouched", () => {
    const answer = answerOf(good());
    expect(answer.ok && answer.readings.map(({ series }) => series).sort()).toEqual(SERIES.map(({ id }) => id).sort());
    expect(answer.ok && answer.readings[0]?.observations).toEqual([
      ["2026-03-12", "17.8300"],
      ["2026-03-13", "17.9218"],
    ]);
  });

  test.each([[undefined], [null], [[]]])("may hold a series without observations: %j", (datos) => {
    const answer = usdOf(datos === undefined ? undefined : datos);
    expect(kindOf(answer)).toBe("ok");
  });

  test("a series whose datos are missing altogether has none", () => {
    const answer = read({ bmx: { series: [{ idSerie: "SF43718", titulo: TITLES.SF43718 }] } }, { asked: usd });
    expect(answer).toEqual({ ok: true, readings: [{ series: "banxico.SF43718", observations: [] }] });
  });

  test("N/E is no observation, and thousands separators are no digits", () => {
    const answer = usdOf(rows(["10/03/2026", "193,045.50"], ["11/03/2026", "N/E"], ["12/03/2026", "1,234,567.0"]));
    expect(answer.ok && answer.readings[0]?.observations).toEqual([
      ["2026-03-10", "193045.50"],
      ["2026-03-12", "1234567.0"],
    ]);
  });
});

describe("a wrong answer is refused whole", () => {
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
    expect(kindOf(usdOf(datos))).toBe("invalid_answer");
    const others = good().map((one) => (one.idSerie === "SF43718" ? { ...one, datos } : one));
    expect(kindOf(answerOf(others))).toBe("invalid_answer");
  });

  test("a series that was not asked for, and one that comes twice", () => {
    const [first = {}, ...rest] = good();
    expect(kindOf(answerOf([...good(), { idSerie: "SF99999", titulo: "?", datos: [] }]))).toBe("invalid_answer");
    expect(kindOf(answerOf([{ ...first, idSerie: "SF99999" }, ...rest]))).toBe("invalid_answer");
    expect(kindOf(answerOf([first, first, ...rest.slice(1)]))).toBe("invalid_answer");
  });

  test("yen and pound swapped, and any title that lacks its words", () => {
    const swap: Record<string, string> = { SF46406: "SF46407", SF46407: "SF46406" };
    const swapped = good().map((one) => ({ ...one, titulo: TITLES[swap[String(one.idSerie)] ?? String(one.idSerie)] }));
    expect(kindOf(answerOf(swapped))).toBe("invalid_answer");
    for (const titulo of [undefined, null, 7, "", "dólar", "x".repeat(2_000)])
      expect(kindOf(answerOf(good().map((one) => ({ ...one, titulo }))))).toBe("invalid_answer");
  });

  test("a series that is missing is a fault of its own kind, and names it", () => {
    const answer = answerOf(good().filter(({ idSerie }) => idSerie !== "SF46406"));
    expect(answer).toEqual({ ok: false, error: { kind: "series_missing", series: ["banxico.SF46406"] } });
  });

  test.each([[{}], [{ bmx: {} }], [{ bmx: { series: {} } }], [[]], ["null"], ["7"]])("%j", (body) => {
    expect(kindOf(read(body))).toBe("invalid_answer");
  });
});

describe("each error of the API", () => {
  const token = `{"error":{"url":"https://www.banxico.org.mx/SieAPIRest/service/v1/token","mensaje":"Token inválido","detalle":"El token enviado no es válido, favor de verificar. Para obtener un token consultar la url adjunta."}}`;
  const limit = `{"error":{"mensaje":"Límite de consultas superado.","detalle":"El límite de consultas ha sido superado. Podrá volver a consultar el servicio a las 2022-12-27 17:06:27 America/Mexico_City","timeReset":1672182387,"secondsToReset":54}}`;
  const date = `{"error":{"mensaje":"Formato de fecha incorrecto.","detalle":"El formato de la fecha enviada es incorrecto. Debe ser yyyy-MM-dd."}}`;
  const series = `{"error":{"mensaje":"Formato de series incorrecto.","detalle":"Formato de series debe ser SX####[-SX####][,SX####[-SX####]]"}}`;
  const html = { type: "text/html;charset=UTF-8" };

  test("400: token, rate limit, our own mistakes", () => {
    expect(read(token, { status: 400 })).toEqual({ ok: false, error: { kind: "bad_token" } });
    expect(read(limit, { status: 400 })).toEqual({
      ok: false,
      error: { kind: "rate_limited", resetMs: NOW_MS + 54_000 },
    });
    expect(kindOf(read(date, { status: 400 }))).toBe("bad_request");
    expect(kindOf(read(series, { status: 400 }))).toBe("bad_request");
  });

  test("a rate limit known by its headers alone, by its reset alone, or as 429", () => {
    const reset = (headers: Record<string, string>, status = 400) => {
      const answer = read("", { status, headers });
      return !answer.ok && answer.error.kind === "rate_limited" ? answer.error.resetMs - NOW_MS : undefined;
    };
    expect(reset({ "Bmx-secondsToReset": "54" })).toBe(54_000);
    expect(reset({ "Bmx-timeReset": String(NOW_MS / 1_000 + 90) })).toBe(90_000);
    expect(reset({ "Bmx-timeReset": "1" })).toBe(1_000);
    expect(reset({ "Bmx-secondsToReset": "999999999" })).toBe(25 * 3_600_000);
    expect(reset({ "Retry-After": "7" }, 429)).toBe(7_000);
    expect(reset({}, 429)).toBe(300_000);
  });

  test("404 is a missing series; 5xx, HTML and broken JSON are transient", () => {
    expect(kindOf(read("<html>", { ...html, status: 404 }))).toBe("series_missing");
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
      const answer = read(body);
      if (!answer.ok) return;
      expect(answer.readings.map(({ series }) => series).sort()).toEqual(SERIES.map(({ id }) => id).sort());
      for (const { observations } of answer.readings) {
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
      const answer = read(body, { status });
      expect(answer.ok).toBe(false);
    }),
  );
});

/** Puts a value at the place in a JSON tree to which the path leads; `undefined` takes it away. */
function mutate(tree: unknown, path: readonly number[], value: unknown): void {
  let node = tree;
  for (const [depth, step] of path.entries()) {
    if (typeof node !== "object" || node === null) return;
    const keys = Object.keys(node);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) return;
    const fields = node as Record<string, unknown>;
    if (depth === path.length - 1) fields[key] = value;
    node = fields[key];
  }
}
