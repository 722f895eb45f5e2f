import { MAX_BLOCK_MS } from "#core/ingest/schedule.ts";
import { isIntraday, type Parsed, type Provider, trackedSeries } from "#core/providers/provider.ts";
import { instantAt } from "#core/rates/ticks.ts";
import { pollKeyOf } from "#core/wire/keys.ts";
import type { PollMessage } from "#core/wire/polls.ts";
import { enqueue } from "./messages.ts";
import type { PollDeps, SourceClient, Watch } from "./ports.ts";

const MINUTE_MS = 60_000;
/** A poll may begin so much before its cadence is over: ticks of the cron are not equally far apart. */
const EARLY_MS = 5_000;
/** Without Redis nobody knows of the polls before. */
const BLIND_MINUTES = 5;
/** After an update that is an hour or more away a poll comes so much later, as ExchangeRate-API asks for. */
const HOUR_MS = 3_600_000;
/** So long at most if series were missing or invalid. ExchangeRate-API asks for no more than one request an hour. */
const MAX_FAULTY_WAIT_MS = HOUR_MS + EARLY_MS;
const MIN_SPREAD_MS = 30_000;
const MAX_SPREAD_MS = 300_000;

/** One tick of the cron for all intraday providers: a poll of each that is due, and those due within this minute. */
export async function pollAll(deps: PollDeps, watch: Watch): Promise<void> {
  const polled = deps.clients.filter(({ provider }) => isIntraday(provider));
  await Promise.all(
    polled.map((client) =>
      pollForMinute(client, deps, watch).catch((error) => watch.exception(error, `cron: ${client.provider.id} poll`)),
    ),
  );
}

async function pollForMinute(client: SourceClient, deps: PollDeps, watch: Watch): Promise<void> {
  const everyMs = everyMsOf(client.provider);
  const startMs = deps.now();
  await pollOnce(client, deps, watch);
  for (let sinceStartMs = everyMs; sinceStartMs < MINUTE_MS; sinceStartMs += everyMs) {
    // A clock that is set back must not keep the invocation waiting.
    const waitMs = Math.min(startMs + sinceStartMs - deps.now(), everyMs);
    if (waitMs > 0) await deps.pause(waitMs);
    await pollOnce(client, deps, watch);
  }
}

/** Polls the provider if that is due, and queues what it says. Two invocations at once make one poll. */
async function pollOnce(client: SourceClient, deps: PollDeps, watch: Watch): Promise<void> {
  const { provider } = client;
  const everyMs = everyMsOf(provider);
  if (!(await isClaimed(provider, everyMs, deps))) return;
  const nowMs = deps.now();
  const [request] = provider.requests(
    { series: provider.series, span: "newest" },
    { nowMs, hasSecret: client.hasSecret },
  );
  if (request === undefined) return;
  const { result } = await client.fetch(request, watch, { endMs: nowMs + everyMs - EARLY_MS });
  if (!result.ok) {
    const { error } = result;
    if (error.kind !== "circuit_open")
      watch.event(
        "ingest_failed",
        `${provider.id} poll`,
        "reason" in error ? `${error.kind}: ${error.reason}` : error.kind,
      );
    const waitMs = error.kind === "rate_limited" ? Math.min(error.resetMs - nowMs, MAX_BLOCK_MS) : MINUTE_MS;
    return await waitFor(provider, waitMs, deps);
  }
  if (result.notice !== undefined) watch.notice(result.notice, { provider: provider.id });
  if (result.faults.length > 0)
    watch.event("ingest_failed", `${provider.id} poll`, `${result.faults.length} series are missing or invalid`);
  try {
    await enqueue(deps.queue, messagesOf(result, provider));
  } catch (error) {
    watch.exception(error, "handing ticks to the queue");
    return await waitFor(provider, MINUTE_MS, deps);
  }
  const announcedMs = (result.nextUpdateMs ?? nowMs) - nowMs;
  const spreadMs = MIN_SPREAD_MS + deps.random() * (MAX_SPREAD_MS - MIN_SPREAD_MS);
  if (announcedMs <= everyMs) return;
  const waitMs = announcedMs + (announcedMs < HOUR_MS ? 0 : spreadMs);
  await waitFor(provider, result.faults.length > 0 ? Math.min(waitMs, MAX_FAULTY_WAIT_MS) : waitMs, deps);
}

/** Whether it is this invocation that polls now. The key expires by Redis's clock, so that ours may be set back. */
async function isClaimed({ id }: Provider, everyMs: number, { redis, now }: PollDeps): Promise<boolean> {
  try {
    return (await redis.send(["SET", pollKeyOf(id), now(), "NX", "PX", everyMs - EARLY_MS])) !== null;
  } catch {
    return Math.floor(now() / MINUTE_MS) % BLIND_MINUTES === 0;
  }
}

/** The next poll comes this long after the one just made, or a little earlier. */
async function waitFor({ id }: Provider, waitMs: number, { redis, now }: PollDeps): Promise<void> {
  const lifeMs = Math.max(1, Math.floor(waitMs - EARLY_MS));
  await redis.send(["SET", pollKeyOf(id), now(), "PX", lifeMs]).catch(() => undefined);
}

/** The newest values, all of one instant. */
function messagesOf({ series, nextUpdateMs }: Parsed, provider: Provider): PollMessage[] {
  const newest = series.flatMap(({ series: id, observations }) => {
    const [instant, value] = observations.at(-1) ?? [];
    return instant === undefined || value === undefined ? [] : [{ id, instant, value }];
  });
  const instant = newest
    .map((one) => one.instant)
    .sort()
    .at(-1);
  if (instant === undefined) return [];
  const values = newest.filter((one) => one.instant === instant).map(({ id, value }) => [id, value] as const);
  return [
    {
      poll: {
        provider: provider.id,
        instant,
        everySeconds: everyMsOf(provider) / 1_000,
        nextUpdate: nextUpdateMs === undefined ? null : instantAt(nextUpdateMs),
        tracked: trackedSeries(provider),
        values: Object.fromEntries(values),
      },
    },
  ];
}

function everyMsOf({ everySeconds = 0 }: Provider): number {
  return everySeconds * 1_000;
}
