import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import type { Guard } from "../clients/guard.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Scope } from "../ops/scope.ts";
import type { PageTier, TierResult } from "./tier.ts";

export interface OriginTierSettings {
  client: Pick<OriginClient, "pages">;
  /** Counts a call as failed only after its patience; requests wait less. */
  guard: Guard;
  policy: Policy;
}

/** Pages from the origin: it has every page, an empty one if there is no data. */
export class OriginTier implements PageTier {
  readonly name = "origin";
  readonly #settings: OriginTierSettings;

  constructor(settings: OriginTierSettings) {
    this.#settings = settings;
  }

  deadlineMs(pages: number): number {
    return readDeadlineMs("ORIGIN", pages, this.#settings.policy);
  }

  async read(series: string, years: readonly number[], scope: Scope): Promise<TierResult> {
    const { client, guard } = this.#settings;
    const { traceparent } = scope;
    const nowMs = scope.now();
    const runs = await guard.run(scope, () =>
      Promise.all(rangesOf(years).map(([from, to]) => client.pages(series, from, to, { traceparent }))),
    );
    const entries = new Map<number, CachedPage>();
    for (const page of runs.flat())
      entries.set(page.year, { page, storedAtMs: nowMs, confirmedAtMs: nowMs, jitter: 1 });
    return { entries, corrupt: [] };
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
