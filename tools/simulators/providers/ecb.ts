import { ecb } from "#core/providers/ecb.ts";
import type { DateRange } from "#core/providers/provider.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import type { Edition, Zeros } from "./edition.ts";
import type { Reply, SimulatedProvider } from "./simulated-provider.ts";
import { zipOf } from "./zip.ts";

const DECIMALS: Readonly<Record<string, number>> = {
  ...{ JPY: 2, HUF: 2, KRW: 2, ISK: 2, IDR: 2, CZK: 3, PHP: 3, THB: 3, SKK: 3, GBP: 5, CYP: 6 },
  ...{ TRL: 0, ROL: 0 },
};
const ALL: DateRange = { from: "", to: "9999-12-31" };
const RECENT_DAYS = 90;
const LIVE = ecb.series.filter(({ until }) => until === undefined);

/** The decimals of a currency against the euro; Banca d'Italia has the same for the ECB's currencies. */
export function decimalsPerEuro(code: string): number {
  return DECIMALS[code] ?? 4;
}

/** The ECB's files: zeros are kept in those of one day, and stripped in history. */
export const simulatedEcb: SimulatedProvider = {
  provider: ecb,
  decimals: ({ quote }) => decimalsPerEuro(quote),
  formatFaults: ["dead_code"],

  respond({ path }, edition) {
    const newest = edition.newest();
    const daily = newest === undefined ? [] : [newest];
    switch (path) {
      case "/eurofxref-daily.xml":
        return xml(edition, daily, "padded");
      case "/eurofxref-hist-90d.xml":
        return xml(edition, edition.moments({ ...ALL, from: addDays(edition.today, -RECENT_DAYS) }), "stripped");
      case "/eurofxref-hist.xml":
        return xml(edition, edition.moments(ALL), "stripped");
      case "/eurofxref.zip":
        return zip("eurofxref.csv", dailyCsv(edition, daily));
      case "/eurofxref-hist.zip":
        return zip("eurofxref-hist.csv", historyCsv(edition));
    }
    return undefined;
  },
};

function xml(edition: Edition, dates: readonly PlainDate[], zeros: Zeros): Reply {
  const days = dates.toReversed().map((date) => {
    const cubes = edition
      .cells(date, ecb.series, zeros)
      .map(({ id, text }) => (text === undefined ? "" : `\t\t\t<Cube currency='${id}' rate='${text}'/>\n`));
    return `\t\t<Cube time='${edition.printed(date)}'>\n${cubes.join("")}\t\t</Cube>\n`;
  });
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
${days.join("")}\t</Cube>
</gesmes:Envelope>`;
  return { type: "text/xml", body };
}

/** Newest first, "N/A" for what there was not, a comma at each line's end. */
function historyCsv(edition: Edition): string {
  const dates = edition.moments(ALL).reverse();
  const lines = dates.map((date) => {
    const cells = edition.cells(date, ecb.series, "stripped").map(({ text }) => `${text ?? "N/A"},`);
    return `${edition.printed(date)},${cells.join("")}\n`;
  });
  const codes = edition.cells(dates[0] ?? "", ecb.series, "stripped").map(({ id }) => `${id},`);
  return `Date,${codes.join("")}\n${lines.join("")}`;
}

/** Of one day: its date in words, and blanks after commas. */
function dailyCsv(edition: Edition, dates: readonly PlainDate[]): string {
  const cells = dates.flatMap((date) => edition.cells(date, LIVE, "padded"));
  const inWords = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  const lines = dates.map((date) => {
    const values = cells.map(({ text }) => `${text ?? "N/A"}, `).join("");
    return `${inWords.format(Date.parse(edition.printed(date)))}, ${values}\n`;
  });
  return `Date, ${cells.map(({ id }) => `${id}, `).join("")}\n${lines.join("")}`;
}

function zip(name: string, csv: string): Reply {
  return { type: "application/zip", body: zipOf(name, Buffer.from(csv)) };
}
