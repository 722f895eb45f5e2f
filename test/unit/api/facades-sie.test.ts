import { describe, expect, it } from "vitest";
import { canonicalTarget } from "#core/api/target.ts";
import { banxico } from "#core/providers/banxico.ts";
import { addDays } from "#core/time/dates.ts";
import { Dataset } from "../../../tools/simulators/banxico/data.ts";
import { FIX_FIGURES } from "./figures.ts";
import { BANXICO_WEEK } from "./recorded-figures.ts";
import { madeUpFigures, world } from "./world.ts";

const ROOT = "/SieAPIRest/service/v1/series";
const friday = world({ now: "2026-03-13T20:00:00Z", figures: BANXICO_WEEK });
const past = world({ now: "2023-12-29T20:00:00Z", figures: { USD: FIX_FIGURES } });

interface Series {
  idSerie: string;
  titulo: string;
  datos?: { fecha: string; dato: string }[];
}
const seriesOf = async (path: string, of = friday) =>
  ((await of.json(`${ROOT}/${path}`)) as unknown as { bmx: { series: Series[] } }).bmx.series;
const rowsOf = async (path: string, of = friday) => {
  const [series] = await seriesOf(path, of);
  return series?.datos?.map(({ fecha, dato }) => `${fecha} ${dato}`);
};

describe("/SieAPIRest/service/v1", () => {
  it("gives published digits as text, oldest first, with the real title", async () => {
    const [series] = await seriesOf("SF43718/datos/2026-03-11/2026-03-15");
    expect(series?.titulo).toMatch(/^Tipo de cambio {30,}Pesos por dólar E\.U\.A\. .*\(FIX\)$/);
    expect(series?.datos).toEqual([
      { fecha: "11/03/2026", dato: "17.6543" },
      { fecha: "12/03/2026", dato: "17.8368" },
      { fecha: "13/03/2026", dato: "17.9218" },
    ]);
  });

  it("takes lists and ranges of ids, trailing slashes, and passes over unknown series", async () => {
    const ids = async (path: string) => (await seriesOf(path)).map(({ idSerie }) => idSerie);
    expect(await ids("SF46410,SF1,SF43718/datos/oportuno/")).toEqual(["SF46410", "SF43718"]);
    expect(await ids("SF46400-SF46407,SF43718-SF43719/datos/2026-03-13/2026-03-13/?locale=en")).toEqual([
      "SF46406",
      "SF46407",
      "SF43718",
    ]);
  });

  it("needs no token, and hides one from all who read targets", async () => {
    const response = await friday.get(`${ROOT}/SF43718/datos/oportuno?token=abc`, { headers: { "Bmx-Token": "x" } });
    expect(response.status).toBe(200);
    expect(canonicalTarget(`${ROOT}/SF43718/datos/?token=abc&locale=en`)).toBe(`${ROOT}/SF43718/datos?locale=en`);
    expect(canonicalTarget("/api/latest.json?app_id=abc&base=USD")).toBe("/api/latest.json?base=USD");
    expect(canonicalTarget("/api/v1/rates/current?token=abc")).toContain("token=abc");
  });

  it("leaves out the rows of a series that has none", async () => {
    expect(await seriesOf("SF43718/datos/2026-03-14/2026-03-15")).toEqual([
      { idSerie: "SF43718", titulo: expect.any(String) },
    ]);
    expect(await rowsOf("SF43718/datos/2026-03-15/2026-03-01")).toBeUndefined();
  });

  it("serves all of history", async () => {
    expect((await rowsOf("SF43718/datos", past))?.slice(0, 2)).toEqual(["12/11/1991 3.0735", "13/11/1991 3.0712"]);
    expect((await rowsOf("SF43718/datos?decimales=sinCeros", past))?.at(-1)).toBe("29/12/2023 16.919");
  });

  it("describes series, with English dates if asked in English", async () => {
    expect((await friday.json(`${ROOT}/SF46410`)).bmx).toEqual({
      series: [
        {
          idSerie: "SF46410",
          titulo: "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano Euro",
          fechaInicio: "04/01/1999",
          fechaFin: "13/03/2026",
          periodicidad: "Diaria",
          cifra: "Tipo de Cambio",
          unidad: "Pesos por Euro",
          versionada: false,
        },
      ],
    });
    expect((await seriesOf("SF60653?locale=en"))[0]).toMatchObject({
      fechaInicio: "11/14/1991",
      fechaFin: "03/18/2026",
    });
  });

  it("serves XML and changes in percent", async () => {
    const response = await friday.get(`${ROOT}/SF43718/datos/oportuno?mediaType=xml`);
    expect(response.headers.get("Content-Type")).toMatch(/^application\/xml/);
    expect(await response.text()).toMatch(
      /^<\?xml .*\?><series><serie idSerie="SF43718" titulo="Tipo .*"><Obs><dato>17\.9218<\/dato><fecha>13\/03\/2026<\/fecha><\/Obs><\/serie><\/series>$/,
    );
    expect(await rowsOf("SF43718/datos/oportuno?incremento=PorcObsAnt", past)).toEqual(["29/12/2023 0.15"]);
    expect(await rowsOf("SF43718/datos/2023-12-29/2023-12-29?incremento=PorcObsAnt", past)).toEqual([
      "29/12/2023 0.15",
    ]);
    expect(await rowsOf("SF43718/datos/1991-11-12/1991-11-12?incremento=PorcAnual", past)).toEqual(["12/11/1991 N/E"]);
  });

  it.each([
    ["SF43718/datos/2026-02-30/2026-03-01", 400, "Formato de fecha incorrecto."],
    ["SF43718/datos/01-03-2026/02-03-2026", 400, "Formato de fecha incorrecto."],
    ["FIX/datos/oportuno", 400, "Formato de series incorrecto."],
    ["SF1-SG2", 400, "Formato de series incorrecto."],
    [`${Array(21).fill("SF43718").join(",")}`, 400, "Número de series incorrecto."],
    ["SF43718/datos/oportuno?incremento=Mensual", 400, "Incremento incorrecto."],
    ["SF1/datos/oportuno", 404, "Serie no encontrada."],
    ["SF43718/nada", 404, "not found"],
  ])("refuses %s with %i", async (path, status, mensaje) => {
    const response = await friday.get(`${ROOT}/${path}`);
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: { mensaje, detalle: expect.any(String) } },
    ]);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(friday.faults).toEqual([]);
  });
});

describe("SF60653, the FIX by settlement date", () => {
  it("has a row for each calendar day, the last one ahead", async () => {
    expect(await rowsOf("SF60653/datos/2026-03-13/9999-12-31")).toEqual(
      await rowsOf("SF60653/datos/2026-03-13/2026-12-31"),
    );
    expect(await rowsOf("SF60653/datos/2026-03-13/2026-12-31")).toEqual([
      "13/03/2026 17.6543",
      "14/03/2026 17.8368",
      "15/03/2026 17.8368",
      "16/03/2026 17.8368",
      "17/03/2026 17.8368",
      "18/03/2026 17.9218",
    ]);
    expect(await rowsOf("SF60653/datos/oportuno")).toEqual(["18/03/2026 17.9218"]);
  });

  it.each([
    ["1991-11-14", "3.0735"],
    ["1991-11-15", "3.0712"],
    ["1991-11-16", "3.0718"],
    ["2023-04-11", "18.3323"],
    ["2023-12-27", "16.9738"],
  ])("on %s is %s", async (date, value) => {
    const [year, month, day] = date.split("-");
    expect(await rowsOf(`SF60653/datos/${date}/${date}`, past)).toEqual([`${day}/${month}/${year} ${value}`]);
  });

  it("is what the simulator derives by another rule, in any period", async () => {
    const figures = madeUpFigures("2023-12-29", "2015-01-01");
    const made = world({ now: "2023-12-29T20:00:00Z", figures });
    const expected = new Dataset(figures.USD ?? [])
      .rows("SF60653", "2023-12-29")
      .map(([date, value]) => ({ fecha: date.split("-").reverse().join("/"), dato: value, date }));
    for (let from = "2016-01-01"; from < "2023-12-29"; from = addDays(from, 97)) {
      const to = addDays(from, from.charCodeAt(9) % 9);
      const [series] = await seriesOf(`SF60653/datos/${from}/${to}`, made);
      const own = expected.filter(({ date }) => date >= from && date <= to).map(({ date: _, ...row }) => row);
      expect(series?.datos).toEqual(own);
    }
  });
});

it("serves every currency of Banxico's", async () => {
  const ids = banxico.series.map(({ providerId }) => providerId);
  const found = await seriesOf(`${[...ids, "SF60653"].join(",")}/datos/2026-03-13/2026-03-13`);
  expect(found.map(({ idSerie }) => idSerie).sort()).toEqual([...ids, "SF60653"].sort());
});
