import { judge } from "#core/alerts/heads.ts";
import { parseMetric } from "#core/alerts/metric.ts";
import { type Crossing, triggeredBody } from "#core/alerts/triggered.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { utcDate } from "#core/time/dates.ts";
import { fire, type Observed, rearm } from "../store/alerts-fire.ts";
import { lockCursor, moveCursor, newsAfter, type RateNews, versionsAfter } from "../store/alerts-log.ts";
import { metricsOf, moveHead, type StoredMetric } from "../store/alerts-metrics.ts";
import type { SqlSession } from "../store/sql-session.ts";
import type { Store } from "../store/store.ts";
import { newestPoint, type Point, pointOn, stalenessOf } from "./points.ts";

/** Decides which alerts fire, from the log of events. Repeating any of it, after a crash at any statement, changes nothing. */

export interface EvaluationDeps {
  store: Pick<Store, "transaction">;
  catalogue: Catalogue;
  now: () => number;
}

/** So many alerts change in a transaction; what is left follows in the next. */
const MAX_CHANGES = 1_000;
const EVENTS_PER_STEP = 500;
const DIRECTIONS = ["above", "below"] as const;

export interface Evaluation {
  /** Whether the end of the log was reached. */
  done: boolean;
  fired: number;
}

/** Evaluates what the log has brought since the last time, for at most about `budgetMs`. */
export async function evaluate(deps: EvaluationDeps, budgetMs: number): Promise<Evaluation> {
  const endMs = deps.now() + budgetMs;
  let fired = 0;
  for (;;) {
    const step = await deps.store.transaction("evaluateAlerts", (session) => new Evaluator(session, deps).step());
    fired += step.fired;
    if (step.done || deps.now() >= endMs) return { done: step.done, fired };
  }
}

/** One transaction's work. */
class Evaluator {
  readonly #session: SqlSession;
  readonly #catalogue: Catalogue;
  readonly #nowMs: number;
  #changesLeft = MAX_CHANGES;
  #fired = 0;

  constructor(session: SqlSession, { catalogue, now }: EvaluationDeps) {
    this.#session = session;
    this.#catalogue = catalogue;
    this.#nowMs = now();
  }

  async step(): Promise<Evaluation> {
    const seq = await lockCursor(this.#session, this.#nowMs);
    const { news, readTo, isEnd } = await newsAfter(this.#session, seq, EVENTS_PER_STEP);
    const metrics = await metricsOf(
      this.#session,
      news.map(({ series }) => series),
    );
    let doneTo = seq;
    for (const item of metrics.length === 0 ? [] : news) {
      if (!(await this.#evaluateNews(item, metrics))) return this.#pause(seq, doneTo);
      doneTo = item.seq;
    }
    if (readTo > seq) await moveCursor(this.#session, readTo, this.#nowMs);
    const isDone = isEnd && (await this.#evaluateProviders());
    return { done: isDone, fired: this.#fired };
  }

  async #pause(from: number, doneTo: number): Promise<Evaluation> {
    if (doneTo > from) await moveCursor(this.#session, doneTo, this.#nowMs);
    return { done: false, fired: this.#fired };
  }

  /** False if the transaction has changed enough before all metrics were evaluated. */
  async #evaluateNews(news: RateNews, metrics: readonly StoredMetric[]): Promise<boolean> {
    for (const stored of metrics)
      if (stored.firstSource === news.series || stored.secondSource === news.series)
        if (!(await this.#evaluatePair(news, stored))) return false;
    return true;
  }

  async #evaluatePair(news: RateNews, stored: StoredMetric): Promise<boolean> {
    const metric = parseMetric(stored.metric);
    if (metric === undefined || metric.kind === "stale") return true;
    const route = this.#catalogue.route(metric.base, metric.quote);
    if (route === undefined) return true;
    if (stored.date === "") {
      await this.#move(stored, await newestPoint(this.#session, metric, route));
      return true;
    }
    // Most of a fill is older than what was evaluated: no statement for these.
    if (this.#judge(stored, news) === "ignore") return true;
    const others = route.series.map(({ id }) => id);
    const point = await pointOn(
      this.#session,
      metric,
      route,
      news.date,
      await versionsAfter(this.#session, news.seq, others),
    );
    if (point === undefined) return true;
    const kind = this.#judge(stored, point);
    if (kind === "ignore") return true;
    return this.#pass(stored, metric, point, kind, news.atMs);
  }

  #judge({ date, version }: StoredMetric, point: Pick<Point, "date" | "version">) {
    return judge({ date, version }, point, utcDate(this.#nowMs));
  }

  /**
   * The provider's freshness is worked out at each evaluation, because it changes when nothing comes in. The same value again
   * is looked at as well, for alerts that were made meanwhile: a feed that is stale already is news for them.
   */
  async #evaluateProviders(): Promise<boolean> {
    const ids = this.#catalogue.providers.map(({ id }) => id);
    for (const stored of await metricsOf(this.#session, ids)) {
      const metric = parseMetric(stored.metric);
      if (metric?.kind !== "stale") continue;
      const provider = this.#catalogue.findProvider(metric.provider);
      const point = provider && (await stalenessOf(this.#session, provider, this.#nowMs));
      if (point === undefined) continue;
      if (!(await this.#pass(stored, metric, point, "published", this.#nowMs))) return false;
    }
    return true;
  }

  /** The fire pass, then the re-arm pass, then the head moves: in this order a repetition finds nothing left to do. */
  async #pass(
    stored: StoredMetric,
    metric: Crossing["metric"],
    point: Point,
    kind: Crossing["kind"],
    atMs: number,
  ): Promise<boolean> {
    const observed: Observed = { ...point, metric: stored.metric, atMs, nowMs: this.#nowMs };
    const previous = stored.value === "" ? null : stored.value;
    const crossing: Crossing = { ...point, metric, kind, previous, firedAtMs: this.#nowMs };
    for (const direction of DIRECTIONS) {
      const fired = await fire(this.#session, observed, direction, this.#changesLeft, (alert) =>
        triggeredBody(alert, crossing),
      );
      this.#fired += fired;
      if (this.#spend(fired)) return false;
    }
    for (const direction of DIRECTIONS)
      if (this.#spend(await rearm(this.#session, observed, direction, this.#changesLeft))) return false;
    await this.#move(stored, point);
    return true;
  }

  /** Whether the transaction has changed as many alerts as it may. */
  #spend(changes: number): boolean {
    this.#changesLeft -= changes;
    return this.#changesLeft <= 0;
  }

  async #move(stored: StoredMetric, point: Point | undefined): Promise<void> {
    if (point === undefined || (point.version === stored.version && point.value === stored.value)) return;
    await moveHead(this.#session, stored.metric, point);
    Object.assign(stored, point);
  }
}
