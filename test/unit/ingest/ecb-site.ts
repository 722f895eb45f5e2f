import { addDays } from "#core/time/dates.ts";

/** The ECB's files over `fetch`: a table of dates and values, and an answer to give in place of them. */
export class TestEcb {
  readonly values = new Map<string, Record<string, string>>();
  readonly requests: string[] = [];
  instead: (() => Response | Error | Promise<Response>) | undefined;

  put(date: string, values: Record<string, string>): this {
    this.values.set(date, { ...this.values.get(date), ...values });
    return this;
  }

  readonly fetch: typeof fetch = async (input) => {
    const { pathname } = new URL(String(input));
    this.requests.push(pathname);
    const other = await this.instead?.();
    if (other instanceof Error) throw other;
    if (other) return other;
    const days = [...this.values].sort(([a], [b]) => (a < b ? 1 : -1));
    if (pathname.endsWith(".zip")) return new Response(csvOf(days));
    const newest = days[0]?.[0] ?? "";
    const first = pathname.endsWith("daily.xml") ? newest : addDays(newest, -90);
    return new Response(xmlOf(days.filter(([date]) => date >= first)));
  };
}

type Days = readonly (readonly [date: string, values: Record<string, string>])[];

function csvOf(days: Days): string {
  const codes = [...new Set(days.flatMap(([, values]) => Object.keys(values)))];
  const lines = days.map(([date, values]) => `${[date, ...codes.map((code) => values[code] ?? "N/A")].join(",")},`);
  return [`${["Date", ...codes].join(",")},`, ...lines, ""].join("\n");
}

function xmlOf(days: Days): string {
  const cubes = days.map(([date, values]) => {
    const rates = Object.entries(values).map(([code, rate]) => `<Cube currency="${code}" rate="${rate}"/>`);
    return `<Cube time="${date}">${rates.join("")}</Cube>`;
  });
  return `<?xml version="1.0"?><gesmes:Envelope><Cube>${cubes.join("")}</Cube></gesmes:Envelope>`;
}
