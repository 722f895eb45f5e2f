import { STATS_REPORTED_KEY, statsKeyOf } from "#core/wire/keys.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import type { Command, Reply } from "../clients/redis-client.ts";
import { countersOf, edgeMinute, STATS_TTL_SECONDS } from "./stats.ts";

const MINUTE_MS = 60_000;
/** A minute is reported once it has been over for as long: isolates add to it until it ends. */
const DELAY_MS = MINUTE_MS;
/** Minutes that could not be reported are caught up on while their counters exist. */
const MAX_MINUTES = STATS_TTL_SECONDS / 60 - 2;

export interface ReportDeps {
  redis: { pipeline(commands: readonly Command[]): Promise<Reply[]> };
  origin: Pick<OriginClient, "sendEvent">;
  now(): number;
}

/**
 * Reports the edge's counters to the origin, a minute at a time, a minute of no requests too. What can't be reported waits for the
 * next tick: an origin of an older release refuses this kind of event. A minute may be reported twice, which no ratio notices.
 */
export async function reportMinutes({ redis, origin, now }: ReportDeps): Promise<void> {
  const newestMs = (Math.floor((now() - DELAY_MS) / MINUTE_MS) - 1) * MINUTE_MS;
  try {
    // A key of another type is refused here, and overwritten below.
    const [mark] = await redis.pipeline([["GET", STATS_REPORTED_KEY]]).catch(() => []);
    const minutes = dueMinutes(mark, newestMs);
    if (minutes.length === 0) return;
    const hashes = await redis.pipeline(minutes.map((minuteMs) => ["HGETALL", statsKeyOf(minuteMs)]));
    for (const [index, minuteMs] of minutes.entries()) {
      await origin.sendEvent(edgeMinute(minuteMs, countersOf(hashes[index])));
      await redis.pipeline([["SET", STATS_REPORTED_KEY, minuteMs, "EX", STATS_TTL_SECONDS]]);
    }
  } catch {
    // The breakers of Redis and origin have alarms of their own.
  }
}

/** The minutes after the last reported one, oldest first; the newest alone if that is not known. */
function dueMinutes(mark: Reply | undefined, newestMs: number): number[] {
  const reportedMs = typeof mark === "string" || typeof mark === "number" ? Number(mark) : Number.NaN;
  const isMark = reportedMs > 0 && reportedMs <= newestMs && reportedMs % MINUTE_MS === 0;
  const firstMs = isMark ? Math.max(reportedMs, newestMs - MAX_MINUTES * MINUTE_MS) : newestMs - MINUTE_MS;
  return Array.from({ length: (newestMs - firstMs) / MINUTE_MS }, (_, index) => firstMs + (index + 1) * MINUTE_MS);
}
