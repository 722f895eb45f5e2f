import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import type { Guard } from "../clients/guard.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Scope } from "../ops/scope.ts";
import type { PageTier, TierAnswer } from "./tier.ts";

export interface OriginTierSettings {
  client: Pick<OriginClient, "pages">;
  /** Counts a call as failed only when its patience is over; readers wait less. */
  guard: Guard;
  policy: Policy;
}

/** Pages from the durable truth: it has every page, an empty one where there is no data. */
export class OriginTier implements PageTier {
  readonly name = "origin";
  readonly #settings: OriginTierSettings;

  constructor(settings: OriginTierSettings) {
    this.#settings = settings;
  }

  deadlineMs(pages: number): number {
    return readDeadlineMs("ORIGIN", pages, this.#settings.policy);
  }

  async read(series: string, years: readonly number[], scope: Scope): Promise<TierAnswer> {
    const { client, guard } = this.#settings;
    const { traceparent } = scope;
    const nowMs = scope.now();
    const answers = await guard.run(scope, () =>
      Promise.all(rangesOf(years).map(([from, to]) => client.pages(series, from, to, { traceparent }))),
    );
    const copies = new Map<number, CachedPage>();
    for (const page of answers.flat())
      copies.set(page.year, { page, storedAtMs: nowMs, confirmedAtMs: nowMs, jitter: 1 });
    return { copies, corrupt: [] };
  }

  /** Only ingestion fills the origin. */
  write(): void {}
}

/** Runs of years without a gap, so that each is one request. */
export function rangesOf(years: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const year of [...years].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && year <= last[1] + 1) last[1] = year;
    else ranges.push([year, year]);
  }
  return ranges;
}
