import { describe, expect, it } from "vitest";
import { banrep } from "#core/providers/banrep.ts";
import { bcb } from "#core/providers/bcb.ts";
import { bcch } from "#core/providers/bcch.ts";
import { bcra } from "#core/providers/bcra.ts";
import { boc } from "#core/providers/boc.ts";
import { BANREP, BCB, BCCH, BCRA, BOC } from "./fixtures/home-banks.ts";
import { errorOf, faults, lines, parse, parsed, requested } from "./helpers.ts";

const March = { from: "2026-03-01", to: "2026-03-31" };
const INVALID = { kind: "invalid_response" };

describe("the Bank of Canada", () => {
  const options = { now: "2026-03-13T23:00:00Z", series: "USD KRW", span: March };

  it("is asked for a range", () => {
    expect(requested(boc, options)).toEqual([
      "/observations/group/FX_RATES_DAILY/json?start_date=2026-03-01&end_date=2026-03-13",
    ]);
  });

  it("publishes strings, and an empty one for no value", () => {
    const expected = ["boc.KRW 2026-03-12 0.000915", "boc.USD 2026-03-12 1.3617", "boc.USD 2026-03-13 1.3700"];
    expect(lines(parse(boc, BOC, options)).sort()).toEqual(expected);
    expect(faults(parse(boc, BOC, options))).toEqual([]);
  });

  it("is not believed about a series with another label, or none", () => {
    expect(faults(parse(boc, BOC.replace('"USD/CAD"', '"CAD/USD"'), options))).toEqual(["boc.USD: another pair"]);
    expect(faults(parse(boc, BOC.replace('"FXUSDCAD"', '"FX"'), options))).toEqual(["boc.USD: another pair"]);
  });

  it("misses a series that does not occur", () => {
    expect(faults(parse(boc, BOC, { ...options, series: "USD KRW JPY" }))).toEqual(["boc.JPY: not in the response"]);
    expect(errorOf(parse(boc, BOC.replace('"observations"', '"x"'), options))).toMatchObject(INVALID);
  });
});

describe("Banco Central do Brasil", () => {
  const options = { now: "2026-03-03T23:00:00Z", series: "AUD.sell AUD.buy", span: March };

  it("is asked once a currency, with the month first", () => {
    const [first, ...more] = requested(bcb, { ...options, series: "USD.sell USD.buy AUD.sell" });
    expect(first).toBe(
      "/CotacaoMoedaPeriodo(moeda=@moeda,dataInicial=@dataInicial,dataFinalCotacao=@dataFinalCotacao)?@moeda='USD'&@dataInicial='03-01-2026'&@dataFinalCotacao='03-03-2026'&$filter=tipoBoletim%20eq%20'Fechamento'&$format=json",
    );
    expect(more).toHaveLength(1);
  });

  it("publishes two sides and no middle", () => {
    expect(lines(parse(bcb, BCB, options))).toEqual([
      "bcb.AUD.sell 2026-03-02 3.67020",
      "bcb.AUD.sell 2026-03-03 3.69980",
      "bcb.AUD.buy 2026-03-02 3.66930",
      "bcb.AUD.buy 2026-03-03 3.69780",
    ]);
  });

  it("has bulletins before the closing one, which are passed over", () => {
    const opening = BCB.replace("Fechamento", "Abertura");
    expect(lines(parse(bcb, opening, { ...options, series: "AUD.sell" }))).toEqual(["bcb.AUD.sell 2026-03-03 3.69980"]);
  });

  it("may issue a bulletin twice: with other values its date has none, and nothing is vouched for", () => {
    const again = (value: string, date: string) =>
      BCB.replace(
        "]}",
        `,{"cotacaoCompra":3.6,"cotacaoVenda":${value},"dataHoraCotacao":"${date} 13:25:01.1","tipoBoletim":"Fechamento"}]}`,
      );
    const sell = { ...options, series: "AUD.sell" };
    const corrected = parse(bcb, again("3.7", "2026-03-02"), sell);
    expect(lines(corrected)).toEqual(["bcb.AUD.sell 2026-03-03 3.69980"]);
    expect(faults(corrected)).toEqual(["bcb.AUD.sell: two values on 2026-03-02"]);
    expect(parsed(corrected).series[0]?.complete).toBeNull();
    expect(faults(parse(bcb, again("3.67020", "2026-03-02"), sell))).toEqual([]);
  });

  it("does not say which currency a response is of, so two are refused", () => {
    expect(errorOf(parse(bcb, BCB, { ...options, series: "AUD.sell USD.sell" }))).toMatchObject(INVALID);
  });
});

describe("Banco de la República", () => {
  const options = { now: "2026-03-20T23:59:00Z", span: March };

  it("is asked for the days to come as well", () => {
    expect(requested(banrep, options)[0]).toContain("'2026-03-01T00:00:00.000'%20and%20'2026-03-25T00:00:00.000'");
  });

  it("publishes tomorrow's rate, once for a whole weekend", () => {
    const expected = ["banrep.USD 2026-03-20 3692.48", "banrep.USD 2026-03-21 3704.87"];
    expect(lines(parse(banrep, BANREP, options))).toEqual(expected);
  });

  it.each([
    ['"unidad":"COP"', '"unidad":"USD"', "not in pesos"],
    ["vigenciahasta", "hasta", "ends before it begins"],
    ["2026-03-24T", "2026-03-02T", "ends before it begins"],
    ["2026-03-21T00:00:00.000", "2026-03-21", "a date that does not exist"],
    ["2026-03-21T", "2026-03-31T", "ends before it begins"],
  ])("is refused with %s turned into %s", (from, to, reason) => {
    expect(errorOf(parse(banrep, BANREP.replace(from, to), options))).toEqual({
      ...INVALID,
      reason: `banrep.USD: ${reason}`,
    });
  });

  it("has no rate on a date with a value in another notation, and its others", () => {
    const result = parse(banrep, BANREP.replace("3704.87", "3.704,87"), options);
    expect([lines(result), faults(result)]).toEqual([
      ["banrep.USD 2026-03-20 3692.48"],
      ["banrep.USD: no rate on 2026-03-21"],
    ]);
    expect(parsed(result).series[0]?.complete).toBeNull();
  });

  it("does not date a rate beyond its horizon", () => {
    const late = BANREP.replace("2026-03-21T", "2026-03-30T").replace("2026-03-24T", "2026-03-31T");
    expect(errorOf(parse(banrep, late, options))).toMatchObject(INVALID);
  });
});

describe("Banco Central de Chile", () => {
  const options = { now: "2026-03-06T23:00:00Z", series: "USD", span: March };

  it("is asked for each series, the unidad de fomento a month ahead", () => {
    const path = "/SieteRestWS.ashx?function=GetSeries&timeseries=";
    expect(requested(bcch, { ...options, series: "USD CLF", span: { ...March, to: "2026-12-31" } })).toEqual([
      `${path}F073.TCO.PRE.Z.D&firstdate=2026-03-01&lastdate=2026-03-11`,
      `${path}F073.UFF.PRE.Z.D&firstdate=2026-03-01&lastdate=2026-04-06`,
    ]);
  });

  it("is given its user and password apart from the request", () => {
    expect(bcch.secret?.place("me@example.com:p:w")).toEqual({ query: { user: "me@example.com", pass: "p:w" } });
  });

  it("publishes days first, NaN for weekends, perhaps thousands", () => {
    expect(lines(parse(bcch, BCCH, options))).toEqual(["bcch.USD 2026-03-06 907.66", "bcch.USD 2026-03-09 1921.70"]);
  });

  it("is not believed about another series", () => {
    expect(errorOf(parse(bcch, BCCH.replace("PRE.Z.D", "PRE.Z.M"), options))).toMatchObject(INVALID);
    expect(errorOf(parse(bcch, BCCH.replace("dólar observado", "euro"), options))).toEqual({
      ...INVALID,
      reason: "bcch.USD: another description",
    });
    expect(errorOf(parse(bcch, BCCH.replace("06-03-2026", "2026-03-06"), options))).toMatchObject(INVALID);
  });

  it("says with status 200 what it refuses", () => {
    const refusal = (words: string) => errorOf(parse(bcch, `{"Codigo":-5,"Descripcion":"${words}"}`, options));
    expect(refusal("Invalid username or password")).toMatchObject({ kind: "unauthorized" });
    expect(refusal("Invalid frequency")).toEqual({ kind: "bad_request", reason: "invalid frequency" });
  });
});

describe("Banco Central de la República Argentina", () => {
  const options = {
    now: "2026-03-19T23:00:00Z",
    series: "USD MXN VND",
    span: { from: "2026-03-19", to: "2026-03-19" },
  };

  it("is asked day by day", () => {
    expect(requested(bcra, { ...options, span: { from: "2026-03-13", to: "2026-03-31" } })).toEqual(
      ["19", "18", "17", "16", "13"].map((day) => `/Cotizaciones?fecha=2026-03-${day}`),
    );
    expect(requested(bcra, { now: options.now })).toHaveLength(2);
  });

  it("publishes padded numbers, some per 1,000, under codes of its own", () => {
    expect(lines(parse(bcra, BCRA, options))).toEqual([
      "bcra.USD 2026-03-19 1394.50000000",
      "bcra.VND 2026-03-19 0.05304096500",
      "bcra.MXN 2026-03-19 78.43832100",
    ]);
  });

  it("is refused where the unit changes", () => {
    expect(faults(parse(bcra, BCRA.replace("C/1.000", "C/10.000"), options))).toEqual([
      "bcra.VND: per 10000 instead of 1000",
    ]);
    expect(faults(parse(bcra, BCRA.replace(" (C/1.000 UNIDADES)", ""), options))).toEqual([
      "bcra.VND: per 1 instead of 1000",
    ]);
    expect(faults(parse(bcra, BCRA.replace("DOLAR E.E.U.U.", "DOLAR C/100 UN."), options))).toEqual([
      "bcra.USD: per 100 instead of 1",
    ]);
  });

  it("has zero for what is not quoted, and no rows on holidays", () => {
    const zero = parsed(parse(bcra, BCRA.replace("1394.50000000", "0.00000000"), options));
    expect(zero.faults).toEqual([]);
    const complete = { from: "2026-03-19", to: "2026-03-19" };
    expect(zero.series[0]).toEqual({ series: "bcra.USD", observations: [], complete });
    expect(lines(parse(bcra, '{"status":200,"results":{"fecha":null,"detalle":[]}}', options))).toEqual([]);
    expect(errorOf(parse(bcra, '{"status":200}', options))).toMatchObject(INVALID);
  });
});
