import { ecb } from "#core/providers/ecb.ts";
import type { Observation } from "#core/rates/page.ts";
import type { Figures } from "./world.ts";

/** The ECB's published rates around the end of 2023, digit for digit; its other series have a constant. */

const DATES = ["2023-12-21", "2023-12-22", "2023-12-27", "2023-12-28", "2023-12-29"];
const PUBLISHED: Record<string, string> = {
  USD: "1.0983 1.1023 1.1065 1.1114 1.105",
  JPY: "156.79 156.66 157.81 156.57 156.33",
  MXN: "18.7425 18.6955 18.7422 18.7767 18.7231",
  IDR: "16989.27 17029.65 17060.29 17136.79 17079.71",
};

export const ECB_FIGURES: Figures = Object.fromEntries(
  ecb.series.map(({ id, quote, until = "9999-12-31" }) => {
    const values = PUBLISHED[quote]?.split(" ");
    const dates = until < "2023-12-21" ? [until] : DATES;
    return [id, dates.map((date, index): Observation => [date, values?.[index] ?? "7.5"])];
  }),
);

const MARCH = ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"];
const SIE: Record<string, string> = {
  USD: "17.7687 17.5037 17.6543 17.8368 17.9218",
  EUR: "20.5388 20.3717 20.4719 20.6131 20.5536",
  JPY: "0.1121 0.1109 0.1114 0.1124 0.1125",
  GBP: "23.7159 23.5328 23.7088 23.8960 23.7562",
  CAD: "13.1079 12.9266 12.9887 13.0839 13.0259",
};

/** A week of all of Banxico's series, from a recorded response. The Monday after it is a bank holiday. */
export const BANXICO_WEEK: Figures = Object.fromEntries(
  Object.entries(SIE).map(([code, values]) => [
    code,
    values.split(" ").map((value, index): Observation => [MARCH[index] ?? "", value]),
  ]),
);
