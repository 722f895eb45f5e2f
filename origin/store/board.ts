import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import { currentOf, inOrder, valuesBySeries } from "./rows.ts";
import type { Head, StoreTransaction } from "./transaction.ts";

/** Enough to find a date that was not withdrawn. */
const MAX_ROWS = 40;

interface Newest {
  seq: number;
  value: readonly [date: string, value: string] | undefined;
}

/** Boards, of which only the series with new rows are read again. */
export class BoardCache {
  readonly #newest = new Map<string, Newest>();

  async read(tx: StoreTransaction, { id, series }: Pick<Provider, "id" | "series">): Promise<Board> {
    const heads = await tx.heads(series.map((one) => one.id));
    const changed = [...heads].filter(([one, { seq }]) => this.#newest.get(one)?.seq !== seq);
    const read = await newestOf(tx, changed);
    let version = 0;
    const values: Record<string, readonly [string, string]> = {};
    for (const [one, { seq }] of heads) {
      version = Math.max(version, seq);
      const value = read.has(one) ? read.get(one) : this.#newest.get(one)?.value;
      if (read.has(one)) this.#newest.set(one, { seq, value });
      if (value !== undefined) values[one] = value;
    }
    return { provider: id, version, values };
  }
}

/** The newest value of each of these series. */
export async function newestOf(tx: StoreTransaction, series: readonly [string, Head][]) {
  const newest = new Map<string, Newest["value"]>();
  if (series.length === 0) return newest;
  const dates = new Set(series.map(([, { last }]) => last));
  const values = valuesBySeries(
    await tx.readDates(
      series.map(([id]) => id),
      [...dates],
    ),
  );
  for (const [id, { last }] of series) {
    const value = values.get(id)?.get(last);
    newest.set(id, value === undefined ? await beforeWithdrawn(tx, id, last) : [last, value]);
  }
  return newest;
}

async function beforeWithdrawn(tx: StoreTransaction, series: string, last: string): Promise<Newest["value"]> {
  const rows = inOrder(await tx.readAround({ series, from: last, to: last }, MAX_ROWS));
  const [date, current] = [...currentOf(rows)].findLast(([, { withdrawn }]) => !withdrawn) ?? [];
  return date === undefined || current === undefined ? undefined : [date, current.value];
}
