import { movePoint } from "./decimals.ts";

/** Bodies in each provider's format, written from the same table, to be read back. */

export interface Row {
  /** The code at the provider. */
  code: string;
  unit: number;
  date: string;
  /** As published, for `unit` units. */
  value: string;
}

type Serialise = (rows: readonly Row[]) => string;

const dayFirst = (date: string, separator: string) => date.split("-").reverse().join(separator);
const datesOf = (rows: readonly Row[]) => [...new Set(rows.map(({ date }) => date))].sort().reverse();
const codesOf = (rows: readonly Row[]) => [...new Set(rows.map(({ code }) => code))];
const on = (rows: readonly Row[], date: string) => rows.filter((row) => row.date === date);

export const ecbXml: Serialise = (rows) => {
  const days = datesOf(rows).map((date) => {
    const cubes = on(rows, date).map(({ code, value }) => `<Cube currency='${code}' rate='${value}'/>`);
    return `<Cube time='${date}'>\n${cubes.join("\n")}\n</Cube>`;
  });
  return `<?xml version="1.0"?>\n<gesmes:Envelope xmlns="x">\n<Cube>\n${days.join("\n")}\n</Cube>\n</gesmes:Envelope>`;
};

export const ecbCsv: Serialise = (rows) => {
  const codes = codesOf(rows);
  const cellOf = (date: string, code: string) => on(rows, date).find((row) => row.code === code)?.value ?? "N/A";
  const lines = datesOf(rows).map((date) => `${date},${codes.map((code) => `${cellOf(date, code)},`).join("")}\n`);
  return `Date,${codes.join(",")},\n${lines.join("")}`;
};

export const bdiCsv: Serialise = (rows) =>
  `Country,Currency,ISO Code,UIC Code,Rate,Rate convention,Reference date (CET)\n${rows
    .map(({ code, date, value }) => `X,Y,${code},1,${value},Foreign currency amount for 1 Euro.,${date}\n`)
    .join("")}\n\n# DISCLAIMER\n`;

export const nbpJson: Serialise = (rows) =>
  `[${datesOf(rows)
    .map((date) => {
      const rates = on(rows, date).map(({ code, value }) => `{"currency":"x","code":"${code}","mid":${value}}`);
      return `{"table":"A","no":"1/A","effectiveDate":"${date}","rates":[${rates.join(",")}]}`;
    })
    .join(",")}]`;

export const bocJson: Serialise = (rows) => {
  const details = codesOf(rows).map((code) => `"FX${code}CAD":{"label":"${code}/CAD"}`);
  const days = datesOf(rows).map((date) => {
    const cells = on(rows, date).map(({ code, value }) => `,"FX${code}CAD":{"v":"${value}"}`);
    return `{"d":"${date}"${cells.join("")}}`;
  });
  return `{"seriesDetail":{${details.join(",")}},"observations":[${days.join(",")}]}`;
};

export const bcbJson: Serialise = (rows) =>
  `{"value":[${rows
    .map(
      ({ date, value }) =>
        `{"cotacaoVenda":${value},"dataHoraCotacao":"${date} 13:09:26.433","tipoBoletim":"Fechamento"}`,
    )
    .join(",")}]}`;

export const banrepJson: Serialise = (rows) =>
  `[${rows
    .map(
      ({ date, value }) =>
        `{"valor":"${value}","unidad":"COP","vigenciadesde":"${date}T00:00:00.000","vigenciahasta":"${date}T00:00:00.000"}`,
    )
    .join("\n,")}]\n`;

export const bcchJson: Serialise = (rows) =>
  `{"Codigo":0,"Series":{"descripEsp":"dólar observado","seriesId":"F073.TCO.PRE.Z.D","Obs":[${rows
    .map(({ date, value }) => `{"indexDateString":"${dayFirst(date, "-")}","value":"${value}","statusCode":"OK"}`)
    .join(",")}]}}`;

export const bcraJson: Serialise = (rows) =>
  `{"status":200,"results":{"fecha":"${rows[0]?.date}","detalle":[${rows
    .map(
      ({ code, unit, value }) =>
        `{"codigoMoneda":"${code}","descripcion":"X${unit === 1 ? "" : " (C/1.000 UNIDADES)"}","tipoCotizacion":${value}}`,
    )
    .join(",")}]}}`;

export const norgesCsv: Serialise = (rows) =>
  `FREQ,BASE_CUR,QUOTE_CUR,TENOR,DECIMALS,CALCULATED,UNIT_MULT,COLLECTION,TIME_PERIOD,OBS_VALUE\n${rows
    .map(({ code, unit, date, value }) => `B,${code},NOK,SP,8,false,${Math.log10(unit)},C,${date},${value}\n`)
    .join("")}`;

export const riksbankJson: Serialise = (rows) =>
  `[${rows.map(({ code, date, value }) => `{"seriesId":"SEK${code}PMI","date":"${date}","value":${value}}`).join(",")}]`;

export const cbrXml: Serialise = (rows) =>
  `<?xml version="1.0"?><ValCurs Date="${dayFirst(rows[0]?.date ?? "", ".")}" name="x">${rows
    .map(({ code, unit, value }) => {
      const perUnit = movePoint(value, Math.log10(unit)).replace(".", ",");
      return `<Valute ID="R"><CharCode>${code}</CharCode><Nominal>${unit}</Nominal><Value>${value.replace(".", ",")}</Value><VunitRate>${perUnit}</VunitRate></Valute>`;
    })
    .join("")}</ValCurs>`;
