import { banxico, TITLE_WORDS } from "#core/providers/banxico.ts";
import type { IngestQueue, QueueMessage, Watch } from "../../../worker/ingest/ports.ts";

export class TestMessage implements QueueMessage {
  readonly id: string;
  readonly body: unknown;
  attempts = 1;
  state: "waiting" | "acked" | "retried" = "waiting";
  delaySeconds: number | undefined;

  constructor(id: string, body: unknown) {
    this.id = id;
    this.body = body;
  }
  ack(): void {
    this.state = "acked";
  }
  retry(options?: { delaySeconds?: number }): void {
    this.state = "retried";
    this.delaySeconds = options?.delaySeconds;
  }
}

export class TestQueue implements IngestQueue {
  isAway = false;
  waiting: TestMessage[] = [];
  readonly sends: number[] = [];
  #ids = 0;

  async sendBatch(messages: Iterable<{ body: unknown }>): Promise<void> {
    if (this.isAway) throw new Error("the queue is away");
    const bodies = Array.from(messages, ({ body }) => structuredClone(body));
    this.sends.push(new TextEncoder().encode(JSON.stringify(bodies)).byteLength);
    for (const body of bodies) this.waiting.push(new TestMessage(`message-${this.#ids++}`, body));
  }
}

/** Banxico over `fetch`: a table of values, and an answer to give in place of it. */
export class TestBanxico {
  readonly values = new Map<string, Map<string, string>>();
  /** Left out of every response. */
  readonly lacks = new Set<string>();
  /** Refused for a token that made too many requests of a class. */
  readonly limits: { token: string; isNewest: boolean; resetMs: number }[] = [];
  spoil: (entry: { idSerie: string; datos?: unknown }) => object = (entry) => entry;
  instead: ((url: URL) => Response | Error | undefined) | undefined;
  readonly requests: string[] = [];
  readonly tokens: (string | null)[] = [];

  put(series: string, ...rows: [date: string, value: string][]): this {
    const own = this.values.get(series) ?? new Map();
    this.values.set(series, own);
    for (const [date, value] of rows) own.set(date, value);
    return this;
  }

  /** One value per date for every series, each moved by a peso, since no two series have the same values. */
  putAll(...rows: [date: string, value: string][]): this {
    for (const [index, { id }] of banxico.series.entries())
      this.put(id, ...rows.map(([date, value]): [string, string] => [date, moved(value, index)]));
    return this;
  }

  take(series: string, date: string): void {
    this.values.get(series)?.delete(date);
  }

  /** All rows of a series, as Banxico prints them. */
  datosOf(series: string): { fecha: string; dato: string }[] {
    const rows = [...(this.values.get(series) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([date, dato]) => ({ fecha: date.split("-").reverse().join("/"), dato }));
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const token = new Headers(init?.headers).get("Bmx-Token");
    this.requests.push(url.pathname);
    this.tokens.push(token);
    const isNewest = url.pathname.endsWith("/oportuno");
    const limit = this.limits.find((one) => one.token === token && one.isNewest === isNewest);
    if (limit)
      return Response.json(
        { error: { mensaje: "Límite de consultas superado.", timeReset: Math.ceil(limit.resetMs / 1_000) } },
        { status: 400 },
      );
    const other = this.instead?.(url);
    if (other instanceof Error) throw other;
    if (other) return other;
    const [ids = "", from = "", to = ""] = url.pathname.replace(/^\/series\//, "").split(/\/datos\/?|\//);
    const asked = ids.split(",").filter((providerId) => !this.lacks.has(`banxico.${providerId}`));
    const series = asked.map((providerId) => {
      const rows = [...(this.values.get(`banxico.${providerId}`) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const kept =
        from === "oportuno" ? rows.slice(-1) : rows.filter(([date]) => !from || (date >= from && date <= to));
      const datos = kept.map(([date, dato]) => ({ fecha: date.split("-").reverse().join("/"), dato }));
      const titulo = TITLE_WORDS[providerId]?.join("  ");
      return this.spoil({ idSerie: providerId, titulo, ...(datos.length > 0 && { datos }) } as { idSerie: string });
    });
    return Response.json({ bmx: { series: series.reverse() } });
  };
}

/** What `putAll` gives the series with this index. */
export function moved(value: string, index: number): string {
  return (Number(value) + index).toFixed(4);
}

export class TestWatch implements Watch {
  readonly exceptions: string[] = [];
  readonly notices: string[] = [];
  readonly events: string[] = [];

  exception(error: unknown, where: string): void {
    this.exceptions.push(`${where}: ${error instanceof Error ? error.message : error}`);
  }
  notice(message: string): void {
    this.notices.push(message);
  }
  event(event: string, name: string, detail: string): void {
    this.events.push(`${event} ${name} ${detail}`);
  }
}
