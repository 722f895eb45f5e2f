import { describe, expect, it } from "vitest";
import { addDays } from "#core/time/dates.ts";
import { mexicanHolidays } from "#core/time/holidays.ts";
import { archiveOf, type Stored } from "../archive.ts";
import { FIX_FIGURES } from "./figures.ts";
import { madeUpFigures, world } from "./world.ts";

interface Step {
  date: string;
  en: string;
  es: string;
}
interface Invoice {
  requested_date: string;
  date: string | null;
  rate: string | null;
  determination_date: string;
  publication_date: string;
  steps: Step[];
  permalink: string;
  rates: Invoice[];
  missing: number;
}

const NOW = "2023-12-29T20:00:00Z";
const published = world({ now: NOW, figures: { USD: FIX_FIGURES } });
const ask = async (query: string) => (await published.json(`/api/v1/rates/cfdi?${query}`)) as unknown as Invoice;

describe("the rate of an invoice", () => {
  it.each([
    ["2023-12-28", "16.9727", "2023-12-27", "2023-12-26", "two bank days in a row"],
    ["2023-12-27", "16.9738", "2023-12-26", "2023-12-22", "the day before prints the FIX of before Christmas"],
    ["2023-12-26", "17.0590", "2023-12-22", "2023-12-21", "after Christmas on a Monday"],
    ["2023-12-24", "17.0590", "2023-12-22", "2023-12-21", "a Sunday"],
    ["2023-04-06", "18.1185", "2023-04-05", "2023-04-04", "Maundy Thursday"],
    ["2023-04-10", "18.1185", "2023-04-05", "2023-04-04", "the Monday after Easter"],
    ["2023-04-11", "18.3323", "2023-04-10", "2023-04-05", "a day later"],
    ["1991-11-16", "3.0718", "1991-11-15", "1991-11-14", "a Saturday of the first week"],
  ])("of %s is %s: printed on %s, determined on %s (%s)", async (date, rate, publication, determination) =>
    expect(await ask(`date=${date}`)).toMatchObject({
      base: "USD",
      quote: "MXN",
      requested_date: date,
      rate,
      publication_date: publication,
      determination_date: determination,
      applicable_date: addDays(publication, 1),
      legal_basis: "CFF, art. 20",
    }),
  );

  it("is reasoned day by day, in English and Spanish", async () => {
    const { steps } = await ask("date=2023-04-10");
    expect(steps.map(({ date }) => date)).toEqual([
      "2023-04-10",
      "2023-04-09",
      "2023-04-08",
      "2023-04-07",
      "2023-04-06",
      "2023-04-05",
      "2023-04-04",
    ]);
    expect(steps.map(({ en }) => en)).toMatchObject([
      expect.stringContaining("caused on Monday, 10 April 2023"),
      "The DOF published none on Sunday, 9 April 2023: a weekend.",
      "The DOF published none on Saturday, 8 April 2023: a weekend.",
      "The DOF published none on Friday, 7 April 2023: a bank holiday, Good Friday (Easter).",
      "The DOF published none on Thursday, 6 April 2023: a bank holiday, Maundy Thursday (Easter).",
      expect.stringContaining("On Wednesday, 5 April 2023 the DOF published 18.1185"),
      expect.stringContaining("determined it on Tuesday, 4 April 2023"),
    ]);
    expect(steps[3]?.es).toBe(
      "El DOF no publicó el viernes 7 de abril de 2023: día inhábil bancario, Viernes Santo (Semana Santa).",
    );
    expect(steps.at(-1)?.es).toContain("El TipoCambio de la factura es 18.1185.");
  });

  it("says too why days lie between the FIX and its publication", async () => {
    const { steps } = await ask("date=2023-12-27");
    expect(steps.map(({ en }) => en).slice(2, -1)).toEqual([
      "No FIX was determined on Monday, 25 December 2023: a bank holiday, Christmas Day.",
      "No FIX was determined on Sunday, 24 December 2023: a weekend.",
      "No FIX was determined on Saturday, 23 December 2023: a weekend.",
    ]);
  });

  it("names no holiday of a time whose calendar is not known", async () => {
    const { steps } = await ask("date=1991-11-21");
    expect(steps.map(({ en }) => en).join()).toContain("Wednesday, 20 November 1991: no bank day, as there was no FIX");
  });

  it("of today is the default, and that of a day to come is there once its FIX is", async () => {
    expect(await ask("")).toMatchObject({ requested_date: "2023-12-29", rate: "16.9220" });
    expect(await ask("date=2024-01-03")).toMatchObject({ rate: "16.9190", publication_date: "2024-01-02" });
    expect(await ask("date=2024-01-04")).toMatchObject({ status: 404, code: "no_data" });
  });

  it("is never that of the FIX before while its own is missing", async () => {
    const late = world({ now: "2024-01-04T20:00:00Z", figures: { USD: FIX_FIGURES } });
    expect(await late.json("/api/v1/rates/cfdi?date=2024-01-03")).toMatchObject({ rate: "16.9190" });
    expect(await late.json("/api/v1/rates/cfdi?date=2024-01-04")).toMatchObject({ code: "no_data" });
    expect(await late.json("/api/v1/rates/on/2024-01-04?view=settlement")).toMatchObject({
      rate: "16.9190",
      stale: true,
    });
  });

  it("of many invoices comes in their order, each as by itself, with nulls for what is not known", async () => {
    const dates = ["2023-12-28", "1991-11-16", "2024-01-04", "2023-12-28", "1991-11-13"];
    const { rates, missing } = await ask(`dates=${dates.join(",")}`);
    expect(missing).toBe(2);
    expect(rates.map(({ requested_date, rate }) => [requested_date, rate])).toEqual([
      ["2023-12-28", "16.9727"],
      ["1991-11-16", "3.0718"],
      ["2024-01-04", null],
      ["2023-12-28", "16.9727"],
      ["1991-11-13", null],
    ]);
    expect(rates[1]?.steps).toEqual((await ask("date=1991-11-16")).steps);
    const csv = await (await published.get(`/api/v1/rates/cfdi?dates=${dates.join(",")}&format=csv`)).text();
    expect(csv.split("\r\n")[0]).toBe(
      "date,rate,requested_date,determination_date,publication_date,applicable_date,permalink",
    );
  });

  it.each([
    ["date=2023-02-30", "date"],
    ["date=2023-12-01&dates=2023-12-01", "dates"],
    ["dates=", "dates"],
    ["base=EUR", "base"],
    ["view=fix", "view"],
  ])("%s is refused by name", async (query, parameter) =>
    expect(await ask(query)).toMatchObject({ status: 400, errors: [{ parameter }] }),
  );
});

describe("the permanent link", () => {
  const at = (date: string) => `${date}T18:01:00Z`;
  const first = (madeUpFigures("2023-12-29", "2023-06-01").USD ?? []).map(
    ([date, value]): Stored => ({ series: "banxico.SF43718", date, value, at: at(date) }),
  );
  const figures = (log: readonly Stored[]) => [...new Map(log.map(({ date, value }) => [date, value] as const))];
  const revision: Stored = { ...(first.at(-5) as Stored), value: "17.7777", at: "2023-12-29T19:00:00Z" };

  it("gives the same response, byte for byte, also after the rate was corrected", async () => {
    const before = world({ now: "2023-12-29T18:30:00Z", figures: { USD: figures(first) } });
    const log = [...first, revision];
    const after = world({ now: "2024-06-01T12:00:00Z", figures: { USD: figures(log) }, archive: archiveOf(log) });
    // Determined before Christmas, printed on the 26th.
    const date = addDays(revision.date, 5);
    const answer = await (await before.get(`/api/v1/rates/cfdi?date=${date}`)).text();
    const { permalink, determination_date } = JSON.parse(answer) as Invoice;
    expect(determination_date).toBe(revision.date);
    expect(await (await after.get(permalink)).text()).toBe(answer);
    expect(await after.json(`/api/v1/rates/cfdi?date=${date}`)).toMatchObject({ rate: "17.7777" });
  });
});

it("every Mexican bank holiday has a name in both languages", () => {
  for (const year of [2006, 2018, 2024, 2030])
    for (const { name } of mexicanHolidays(year))
      expect([name.en, name.es].every((text) => /^\S.+\S$/.test(text))).toBe(true);
});
