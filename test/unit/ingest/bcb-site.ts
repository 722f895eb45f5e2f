import { businessDaysIn, WEEKDAYS } from "#core/time/calendars.ts";

/** Banco Central do Brasil over `fetch`: the same bulletins for every currency, and what to respond in place of them. */
export class TestBcb {
  readonly days = new Map<string, string>();
  readonly requested: string[] = [];
  instead: (code: string) => Response | undefined = () => undefined;

  put(from: string, to: string, rate: string): this {
    for (const date of businessDaysIn(WEEKDAYS, from, to)) this.days.set(date, rate);
    return this;
  }

  readonly fetch: typeof fetch = async (input) => {
    const query = new URL(String(input)).searchParams;
    const code = query.get("@moeda")?.slice(1, -1) ?? "";
    this.requested.push(code);
    const [from, to] = [isoOf(query.get("@dataInicial")), isoOf(query.get("@dataFinalCotacao"))];
    const dates = [...this.days.keys()].filter((date) => date >= from && date <= to);
    const value = dates.map((date) => ({
      cotacaoCompra: Number(this.days.get(date)) - 0.0006,
      cotacaoVenda: Number(this.days.get(date)),
      dataHoraCotacao: `${date} 13:09:26.433`,
      tipoBoletim: "Fechamento",
    }));
    return this.instead(code) ?? Response.json({ value });
  };
}

/** "'02-28-2024'" → "2024-02-28" */
function isoOf(text: string | null): string {
  const [month, day, year] = (text ?? "").replaceAll("'", "").split("-");
  return `${year}-${month}-${day}`;
}
