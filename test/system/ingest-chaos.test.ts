import fc from "fast-check";
import { test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import type { Batch, Commit, Digests, ReadingCommit, Run, SeriesReading, Versions } from "#core/wire/internal.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { SqliteStore } from "../../origin/store/sqlite.ts";
import { OriginFailure } from "../../worker/clients/origin-failure.ts";
import { IDS } from "../origin/data.ts";
import { TestOrigin } from "../unit/ingest/origin.ts";
import { holdsWhatIsPublished, strike } from "../unit/ingest/strikes.ts";
import { World } from "../unit/ingest/world.ts";

/** The real store in place of the model of its rules. */
class StoreOrigin extends TestOrigin {
  readonly #store: SqliteStore;
  readonly #now: () => number;

  constructor(store: SqliteStore, now: () => number) {
    super();
    this.#store = store;
    this.#now = now;
  }

  override async commitReading(reading: SeriesReading): Promise<ReadingCommit> {
    if (this.isOld) throw new OriginFailure("status", "readings", 405);
    return await this.#answer(() => this.#store.commit(reading, this.#now()));
  }
  override async commit(batch: Batch): Promise<Commit> {
    return await this.#answer(() => commitBatch(this.#store, batch, this.#now()));
  }
  override async pages(series: string, fromYear: number, toYear: number): Promise<Page[]> {
    return await this.#answer(() => this.#store.pages(series, fromYear, toYear));
  }
  override async versions(): Promise<Versions> {
    return await this.#answer(() => this.#store.versions(IDS));
  }
  override async digests(): Promise<Digests> {
    return await this.#answer(() => this.#store.digests(IDS));
  }
  override async recordRun(run: Run): Promise<void> {
    await this.#answer(() => this.#store.recordRun(run));
  }

  async #answer<T>(call: () => Promise<T>): Promise<T> {
    if (this.chaos === "away") throw new OriginFailure("unreachable", "store");
    const answer = await call();
    if (this.chaos === "answer_lost") throw new OriginFailure("timeout", "store");
    return answer;
  }
}

test("whatever happened, days later Redis and the real store hold what Banxico publishes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(strike, { minLength: 5, maxLength: 40 }), async (strikes) => {
      const world = new World("2023-03-13T15:00:00Z");
      const store = new SqliteStore(":memory:");
      await store.migrate();
      world.origin = new StoreOrigin(store, world.now);
      await holdsWhatIsPublished(world, strikes);
      await store.close();
    }),
    { numRuns: 8 },
  );
});
