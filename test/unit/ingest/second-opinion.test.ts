import { describe, expect, it } from "vitest";
import { crossesElsewhere, isConfirmed } from "#core/ingest/second-opinion.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import type { Series } from "#core/rates/series.ts";

const seriesOf = (id: string) => findSeries(id) as Series;
/** What other providers have on the date. */
const judge = (id: string, value: string, known: Record<string, string[]>) =>
  isConfirmed(seriesOf(id), value, crossesElsewhere(seriesOf(id)), (series) => known[series] ?? []);

describe("a second opinion", () => {
  it.each([
    ["23.9", true],
    ["24.4", true],
    ["23.5", false],
    ["24.5", false],
    ["2.4", false],
    ["0.0417", false],
  ])("of the same pair confirms %s within two percent: %s", (value, expected) =>
    expect(judge("ecb.TRY", value, { "bdi.TRY": ["24"] })).toBe(expected),
  );

  it("may be a cross, in whatever direction its legs are published", () => {
    // 17 pesos a dollar, 18.7 a euro: the ECB's euro in dollars is 1.1, and in pesos 18.7.
    const banxico = { "banxico.SF43718": ["17.0"], "banxico.SF46410": ["18.7"] };
    expect(judge("ecb.USD", "1.1", banxico)).toBe(true);
    expect(judge("ecb.USD", "0.909", banxico)).toBe(false);
    expect(judge("ecb.MXN", "18.6", banxico)).toBe(true);
    expect(judge("banxico.SF43718", "17.05", { "ecb.USD": ["1.1"], "ecb.MXN": ["18.7"] })).toBe(true);
    expect(judge("banxico.SF43718", "17.05", { "ecb.USD": ["1.1"] })).toBe(false);
  });

  it("is another provider's, and one of its values suffices", () => {
    expect(judge("ecb.TRY", "24", { "ecb.TRY": ["24"] })).toBe(false);
    expect(judge("ecb.TRY", "24", {})).toBe(false);
    expect(judge("ecb.TRY", "24", { "bdi.TRY": ["19", "24.1"] })).toBe(true);
  });
});
