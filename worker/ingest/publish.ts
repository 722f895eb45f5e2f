import type { Page } from "#core/rates/page.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import { backOffSeconds } from "./back-off.ts";
import { commitMessage, isRefusal } from "./commit.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { providerOf } from "./marks.ts";
import { joinedMessage, laneOf, type Message, messageSchema, readingsIn } from "./messages.ts";
import type { IngestDeps, QueueMessage, Watch } from "./ports.ts";
import { reportStoreBehind } from "./republish.ts";
import { type OriginPage, publishPages } from "./stored.ts";

export type PublishDeps = Pick<IngestDeps, "redis" | "origin" | "now" | "random">;

/** Drops answers about these series from the edge cache. */
export type Purge = (series: string[]) => Promise<unknown>;

/** So many messages are committed, published and acknowledged before the next are touched. */
const MESSAGES_PER_STEP = 25;
/** Commits in flight at once: below the six connections that a worker may hold. */
const LANES = 5;
/**
 * With so many calls unanswered the origin is away, and the rest of the delivery waits for the next. A single one may be
 * the fault of its message, which must not hold up others.
 */
const MAX_LOST_CALLS = 2;
/**
 * A purge or a board that fails so often is given up: edge copies expire by themselves, those of closed periods after
 * seven hours only (docs/capacity.md), and boards are written with the next pages.
 */
const MAX_ATTEMPTS = 3;

/** Messages whose content is sent to the origin at once. */
interface Batch {
  messages: QueueMessage[];
  content: Message;
}

/** Messages whose content is safe at the origin, and the pages that came of it. */
interface Done {
  messages: readonly QueueMessage[];
  pages: OriginPage[];
}

/**
 * The queue's consumer: commits each message at the origin, publishes the pages to Redis, purges the edge cache, and
 * only then acknowledges. It must run alone (max_concurrency = 1): it is the only writer of pages. Returns whether all that was
 * committed is published.
 */
export async function publish(
  messages: readonly QueueMessage[],
  deps: PublishDeps,
  watch: Watch,
  purge?: Purge,
): Promise<boolean> {
  const consumer = new Consumer(deps, watch, purge);
  for (let start = 0; start < messages.length; start += MESSAGES_PER_STEP)
    await consumer.step(messages.slice(start, start + MESSAGES_PER_STEP));
  return consumer.isPublished;
}

class Consumer {
  readonly #deps: PublishDeps;
  readonly #watch: Watch;
  readonly #purge: Purge | undefined;
  #lost = 0;
  /** Whether readers can have what was committed. */
  isPublished = true;

  constructor(deps: PublishDeps, watch: Watch, purge: Purge | undefined) {
    this.#deps = deps;
    this.#watch = watch;
    this.#purge = purge;
  }

  /** Commits first: what is then read for a republication is not older than they are. */
  async step(messages: readonly QueueMessage[]): Promise<void> {
    const [republications = [], commits = []] = [true, false].map((wanted) =>
      messages.filter(({ body }) => isRepublication(body) === wanted),
    );
    const committed = await this.#storeAll(commits);
    const keys = new Set(committed.flatMap(({ pages }) => pages.map(({ page }) => pageKeyOf(page.series, page.year))));
    const read = (await this.#storeAll(republications)).map(({ messages: asked, pages }) => ({
      messages: asked,
      // The origin's reader may lag behind a commit of this moment.
      pages: pages.filter(({ page }) => !keys.has(pageKeyOf(page.series, page.year))),
    }));
    const done = [...committed, ...read];
    if (done.length === 0) return;
    try {
      const { written, behind, failures } = await publishPages(
        done.flatMap(({ pages }) => pages),
        this.#deps,
      );
      for (const [provider, pages] of Map.groupBy(behind, ({ series }) => providerOf(series)))
        await reportStoreBehind(provider, `${pages.length} pages keep dates that it lacks`, this.#deps, this.#watch);
      this.#giveUpLate(done, failures, "publishing boards");
      await this.#purgeEdge(done, written);
    } catch (error) {
      this.#watch.exception(error, "publishing pages");
      this.isPublished = false;
      for (const { messages: sent } of done) this.#retryAll(sent);
      return;
    }
    for (const message of done.flatMap((one) => one.messages)) message.ack();
  }

  /**
   * Messages of one lane in turn, as they came; others side by side. Where a series' year could not be stored, its next one waits
   * too: how it is judged depends on what comes first.
   */
  async #storeAll(messages: readonly QueueMessage[]): Promise<Done[]> {
    const groups: QueueMessage[][] = [...Map.groupBy(messages, ({ body }) => laneOf(body)).values()];
    const done: Done[] = [];
    const lane = async () => {
      for (let group = groups.shift(); group; group = groups.shift()) {
        const unstored = new Set<string>();
        for (const batch of await this.#batchesOf(group)) {
          const readings = readingsIn(batch.content);
          const isEarly = readings.some(({ series, year }) => unstored.has(`${series}:${year - 1}`));
          const pages = isEarly ? this.#retryAll(batch.messages) : await this.#store(batch);
          if (pages) done.push({ messages: batch.messages, pages });
          else for (const { series, year } of readings) unstored.add(`${series}:${year}`);
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return done;
  }

  /** The valid messages, those together that the origin takes at once; by itself what has failed before, perhaps for another's fault. */
  async #batchesOf(messages: readonly QueueMessage[]): Promise<Batch[]> {
    const batches: Batch[] = [];
    for (const message of messages) {
      const parsed = messageSchema.safeParse(message.body);
      if (!parsed.success) {
        await this.#bury(message, "not a valid message");
        continue;
      }
      const last = batches.at(-1);
      const mayJoin = message.attempts === 1 && last?.messages.every(({ attempts }) => attempts === 1);
      const joined = last && mayJoin ? joinedMessage(last.content, parsed.data) : undefined;
      if (last && joined) {
        last.messages.push(message);
        last.content = joined;
      } else batches.push({ messages: [message], content: parsed.data });
    }
    return batches;
  }

  /** The pages that came of it; undefined if the messages were retried or kept as dead letters. */
  async #store({ messages, content }: Batch): Promise<OriginPage[] | undefined> {
    if (this.#lost >= MAX_LOST_CALLS) return this.#retryAll(messages);
    try {
      return await this.#storeAtOrigin(content);
    } catch (error) {
      if (isRefusal(error)) {
        for (const message of messages) await this.#bury(message, error.message);
        return undefined;
      }
      if (isLost(error)) this.#lost++;
      this.#watch.exception(error, "storing a batch");
      this.#watch.event("ingest_failed", "commit", error instanceof OriginFailure ? error.message : "unknown");
      return this.#retryAll(messages);
    }
  }

  async #storeAtOrigin(content: Message): Promise<OriginPage[]> {
    const pages =
      "republish" in content
        ? await this.#deps.origin.pages(content.republish, content.from_year, content.to_year)
        : await commitMessage(content, this.#deps, this.#watch);
    return pages.map((page) => ({ page, isConfirmed: confirmationOf(content, page.series) }));
  }

  async #purgeEdge(done: readonly Done[], written: readonly Page[]): Promise<void> {
    // On a second delivery the pages may have been written by the first, which then failed to purge.
    const again = done
      .filter(({ messages }) => messages.some(({ attempts }) => attempts > 1))
      .flatMap(({ pages }) => pages.map(({ page }) => page));
    const series = new Set([...written, ...again].map((page) => page.series));
    if (!this.#purge || series.size === 0) return;
    try {
      await this.#purge([...series]);
    } catch (error) {
      this.#giveUpLate(done, [error], "purging the edge cache");
    }
  }

  /** Has the messages delivered again for the first few times; then goes without what failed. */
  #giveUpLate(done: readonly Done[], [error]: readonly unknown[], where: string): void {
    if (error === undefined) return;
    if (done.some(({ messages }) => messages.some(({ attempts }) => attempts < MAX_ATTEMPTS))) throw error;
    this.#watch.exception(error, where);
  }

  /** A message that can never succeed must not be delivered for ever, nor be lost. */
  async #bury(message: QueueMessage, reason: string): Promise<void> {
    try {
      await keepDeadLetter(message, reason, this.#deps, this.#watch);
      message.ack();
    } catch (error) {
      this.#watch.exception(error, "keeping a dead letter");
      this.#retry(message);
    }
  }

  #retryAll(messages: readonly QueueMessage[]): undefined {
    for (const message of messages) this.#retry(message);
  }

  #retry(message: QueueMessage): void {
    message.retry({ delaySeconds: backOffSeconds(message.attempts, this.#deps.random()) });
  }
}

function isRepublication(body: unknown): boolean {
  return typeof body === "object" && body !== null && "republish" in body;
}

/** The dates for which the message says what the provider has of a series. */
function confirmationOf(content: Message, series: string): OriginPage["isConfirmed"] {
  if ("republish" in content) return () => false;
  const readings = ("readings" in content ? content.readings : "series" in content ? [content] : []).filter(
    (reading) => reading.series === series,
  );
  const values = "observations" in content && !("series" in content) ? content.observations : [];
  const named = new Set([
    ...readings.flatMap(({ observations }) => observations.map(([date]) => date)),
    ...values.filter((value) => value.series === series).map(({ date }) => date),
  ]);
  const ranges = readings.flatMap(({ complete }) => (complete === null ? [] : [complete]));
  return (date) => named.has(date) || ranges.some(({ from, to }) => date >= from && date <= to);
}

/** Whether a call got no answer, or one from something before the origin. */
function isLost(error: unknown): boolean {
  if (!(error instanceof OriginFailure)) return false;
  return error.kind === "timeout" || error.kind === "unreachable" || (error.status ?? 0) > 500;
}
