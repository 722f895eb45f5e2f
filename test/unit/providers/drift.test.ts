import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDecimal } from "#core/money/decimal.ts";
import { banrep } from "#core/providers/banrep.ts";
import { bcb } from "#core/providers/bcb.ts";
import { bcch } from "#core/providers/bcch.ts";
import { bcra } from "#core/providers/bcra.ts";
import { bdi } from "#core/providers/bdi.ts";
import { boc } from "#core/providers/boc.ts";
import { cbr } from "#core/providers/cbr.ts";
import { ecb } from "#core/providers/ecb.ts";
import { nbp } from "#core/providers/nbp.ts";
import { norges } from "#core/providers/norges.ts";
import type { ParseResult, Provider } from "#core/providers/provider.ts";
import { riksbank } from "#core/providers/riksbank.ts";
import type { Series } from "#core/rates/series.ts";
import { movePoint } from "./decimals.ts";
import { at, lines, seriesOf } from "./helpers.ts";
import * as serialise from "./serialise.ts";

/** A body that was damaged on its way gives no wrong rate: what is read is what was published, or less. */

interface Case {
  name: string;
  provider: Provider;
  write: (rows: readonly serialise.Row[]) => string;
  series: string;
  /** A response is of one day. */
  oneDay?: boolean;
}

const CASES: Case[] = [
  { name: "ECB's XML", provider: ecb, write: serialise.ecbXml, series: "USD JPY HUF" },
  { name: "ECB's CSV", provider: ecb, write: serialise.ecbCsv, series: "USD JPY HUF" },
  { name: "Banca d'Italia's CSV", provider: bdi, write: serialise.bdiCsv, series: "USD XOF ALL", oneDay: true },
  { name: "NBP's JSON", provider: nbp, write: serialise.nbpJson, series: "USD JPY HUF" },
  { name: "the Bank of Canada's JSON", provider: boc, write: serialise.bocJson, series: "USD KRW" },
  { name: "BCB's JSON", provider: bcb, write: serialise.bcbJson, series: "USD.sell" },
  { name: "the TRM's JSON", provider: banrep, write: serialise.banrepJson, series: "USD" },
  { name: "Chile's JSON", provider: bcch, write: serialise.bcchJson, series: "USD" },
  { name: "BCRA's JSON", provider: bcra, write: serialise.bcraJson, series: "USD VND", oneDay: true },
  { name: "Norges Bank's CSV", provider: norges, write: serialise.norgesCsv, series: "USD DKK HUF" },
  { name: "the Riksbank's JSON", provider: riksbank, write: serialise.riksbankJson, series: "USD IDR" },
  { name: "the Bank of Russia's XML", provider: cbr, write: serialise.cbrXml, series: "USD DZD IRR", oneDay: true },
];

const DAYS = ["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19"];
const NOW_MS = at("2026-03-19T23:00:00Z");

/** The code that stands in the body, as opposed to the series' id at the provider. */
const codeOf = ({ providerId, base, quote }: Series, pivot: string) =>
  providerId === "MXP" ? providerId : base === pivot ? quote : base;

const values = fc
  .record({ units: fc.bigInt({ min: 1n, max: 10n ** 9n }), scale: fc.nat(6) })
  .map((value) => formatDecimal(value));

function tables({ provider, series, oneDay }: Case): fc.Arbitrary<serialise.Row[]> {
  const all = seriesOf(provider, series);
  const days = oneDay ? DAYS.slice(0, 1) : DAYS;
  const keys = all.flatMap((one) => days.map((date) => ({ one, date })));
  return fc
    .tuple(fc.subarray(keys, { minLength: 1 }), fc.array(values, { minLength: keys.length, maxLength: keys.length }))
    .map(([some, drawn]) =>
      some.map(({ one, date }, index) => {
        return { code: codeOf(one, provider.pivot), unit: one.unit, date, value: drawn[index] as string };
      }),
    );
}

function read({ provider, series }: Case, body: string): ParseResult {
  const want = { series: seriesOf(provider, series), span: { from: "2026-03-16", to: "2026-03-19" } };
  const headers = new Headers({ "Content-Type": "application/json" });
  return provider.parse({ status: 200, headers, body }, want, NOW_MS);
}

function published({ provider, series }: Case, rows: readonly serialise.Row[]): string[] {
  return seriesOf(provider, series).flatMap((one) =>
    rows
      .filter(({ code }) => code === codeOf(one, provider.pivot))
      .map(({ date, value, unit }) => `${one.id} ${date} ${movePoint(value, Math.log10(unit))}`),
  );
}

const readLines = (one: Case, body: string) => {
  const result = read(one, body);
  return result.ok ? lines(result) : [];
};

describe.each(CASES)("$name", (one) => {
  it("is read back exactly", () => {
    fc.assert(
      fc.property(tables(one), (rows) => {
        expect(lines(read(one, one.write(rows))).sort()).toEqual(published(one, rows).sort());
      }),
      { numRuns: 100 },
    );
  });

  it("gives no wrong rate when it was cut", () => {
    fc.assert(
      fc.property(tables(one), fc.nat(), (rows, position) => {
        const body = one.write(rows);
        const right = published(one, rows);
        for (const line of readLines(one, body.slice(0, position % body.length))) expect(right).toContain(line);
      }),
      { numRuns: 300 },
    );
  });

  it("gives no wrong rate when characters that are no digits were lost or added", () => {
    const changes = fc.record({
      at: fc.nat(),
      added: fc.constantFrom("", "<", ">", "{", "}", "[", "]", '"', ",", ";", "\n", " ", "x", "/", "'"),
    });
    fc.assert(
      fc.property(tables(one), changes, (rows, { at: position, added }) => {
        const body = one.write(rows);
        const right = published(one, rows);
        const index = position % body.length;
        const isLost = added === "" && !/[\d.]/.test(body[index] as string);
        const changed = body.slice(0, index) + added + body.slice(isLost ? index + 1 : index);
        for (const line of readLines(one, changed)) expect(right).toContain(line);
      }),
      { numRuns: 1_000 },
    );
  });
});
