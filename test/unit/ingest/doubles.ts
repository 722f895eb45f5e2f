import type { Batch, Commit, Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/internal.ts";
import { type Observation, type Page, pageDigest } from "#core/page.ts";
import { SERIES } from "#core/series.ts";
import type { IngestOrigin, IngestQueue, QueueMessage, Watch } from "../../../worker/ingest/ports.ts";
import { OriginFailure } from "../../../worker/origin.ts";

/** The origin in memory: commits as the real one does, with a sequence number for each value. */
export class TestOrigin implements IngestOrigin {
  chaos: "none" | "away" | "answer_lost" = "none";
  refuses: (batch: Batch) => number | undefined = () => undefined;
  quarantines: (value: string) => boolean = () => false;
  readonly runs: Run[] = [];
  readonly commits: string[] = [];
  readonly #rows = new Map<string, Map<string, { value: string; seq: number }>>();
  #seq = 0;

  async commit(batch: Batch): Promise<Commit> {
    if (this.chaos === "away") throw new OriginFailure("unreachable", "observations");
    const status = this.refuses(batch);
    if (status !== undefined) throw new OriginFailure("status", "observations", status);
    this.commits.push(batch.batch_id);
    const counts = { accepted: 0, unchanged: 0, revised: 0, quarantined: 0 };
    const touched = new Map<string, [string, number]>();
    for (const { series, date, value } of batch.observations) {
      const rows = this.#rows.get(series) ?? new Map();
      this.#rows.set(series, rows);
      touched.set(`${series}:${date.slice(0, 4)}`, [series, Number(date.slice(0, 4))]);
      const known = rows.get(date);
      if (this.quarantines(value)) counts.quarantined++;
      else if (known?.value === value) counts.unchanged++;
      else {
        counts[known ? "revised" : "accepted"]++;
        rows.set(date, { value, seq: ++this.#seq });
      }
    }
    if (this.chaos === "answer_lost") throw new OriginFailure("timeout", "observations");
    return { ...counts, pages: Array.from(touched.values(), ([series, year]) => this.page(series, year)) };
  }

  async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    if (this.chaos !== "none") throw new OriginFailure("unreachable", "pages");
    return Array.from({ length: toYear - fromYear + 1 }, (_, index) => this.page(series, fromYear + index));
  }

  async versions(): Promise<Versions> {
    if (this.chaos !== "none") throw new OriginFailure("unreachable", "versions");
    const versions: Versions = {};
    for (const [series, rows] of this.#rows) {
      for (const date of rows.keys()) {
        const year = Number(date.slice(0, 4));
        versions[series] = { ...versions[series], [year]: this.page(series, year).version };
      }
    }
    return versions;
  }

  async digests(): Promise<Digests> {
    const pages: Digests["pages"] = {};
    for (const [series, years] of Object.entries(await this.versions()))
      pages[series] = Object.fromEntries(
        Object.entries(years).map(([year, version]) => [
          year,
          { version, digest: pageDigest(this.page(series, Number(year))) },
        ]),
      );
    return { lineage: "first", max_seq: this.#seq, pages };
  }

  async commitReading({ series, observations, ...reading }: SeriesReading): Promise<ReadingCommit> {
    const { batch_id, fetched_at } = reading;
    const values = observations.map(([date, value]) => ({ series, date, value }));
    const commit = await this.commit({ batch_id, provider: "banxico", fetched_at, observations: values });
    return { ...commit, withdrawn: 0, overtaken: 0 };
  }

  async recordRun(run: Run): Promise<void> {
    if (this.chaos !== "none") throw new OriginFailure("unreachable", "runs");
    this.runs.push(run);
  }

  page(series: string, year: number): Page {
    const rows = [...(this.#rows.get(series) ?? [])].filter(([date]) => date.startsWith(`${year}-`)).sort();
    const version = Math.max(0, ...rows.map(([, { seq }]) => seq));
    const observations = rows.map(([date, { value }]): Observation => [date, value]);
    return { series, year, version, updated_at: version > 0 ? "2023-12-29T18:00:00Z" : null, observations };
  }

  forget(series: string): void {
    this.#rows.delete(series);
  }
}

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
  instead: ((url: URL) => Response | Error | undefined) | undefined;
  readonly requests: string[] = [];
  readonly tokens: (string | null)[] = [];

  put(series: string, ...rows: [date: string, value: string][]): this {
    const own = this.values.get(series) ?? new Map();
    this.values.set(series, own);
    for (const [date, value] of rows) own.set(date, value);
    return this;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    this.requests.push(url.pathname);
    this.tokens.push(new Headers(init?.headers).get("Bmx-Token"));
    const other = this.instead?.(url);
    if (other instanceof Error) throw other;
    if (other) return other;
    const [ids = "", from = "", to = ""] = url.pathname.replace(/^\/series\//, "").split(/\/datos\/?|\//);
    const series = ids.split(",").map((providerId) => {
      const known = SERIES.find((one) => one.providerId === providerId);
      const rows = [...(this.values.get(`banxico.${providerId}`) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const kept =
        from === "oportuno" ? rows.slice(-1) : rows.filter(([date]) => !from || (date >= from && date <= to));
      const datos = kept.map(([date, dato]) => ({ fecha: date.split("-").reverse().join("/"), dato }));
      return { idSerie: providerId, titulo: known?.titleWords.join("  "), ...(datos.length > 0 && { datos }) };
    });
    return Response.json({ bmx: { series: series.reverse() } });
  };
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
