import { DEAD_LETTERS_KEY, pageKeyOf, REPLAY_REQUESTED_KEY } from "#core/wire/keys.ts";
import { percentile } from "../chaos/load.ts";
import type { System } from "../dev/system.ts";
import { messageOf, type NewValue, newValues } from "./messages.ts";

/** What became of the messages. Lag: from the sending of a message until Redis has its value. */
export interface IngestionReport {
  messages: number;
  sentPerSecond: number;
  storedPerSecond: number;
  lagMs: { p50: number; p95: number; p99: number; max: number };
  /** Values that did not come to Redis, or that the origin lacks, or that became dead letters. */
  lost: number;
}

const SEND_EVERY_MS = 500;
const POLL_MS = 100;
/** Without any progress for as long, what is missing counts as lost. */
const STALL_MS = 60_000;

/**
 * Sends messages through the whole ingestion at a steady rate: they are put among the dead letters and replayed, which is
 * the one way by which the shipped worker takes messages that it has not read itself. From there on all is as always:
 * cron, queue, commit at the origin, publication to Redis.
 */
export async function loadIngestion(
  system: System,
  rate: number,
  seconds: number,
  nowMs: () => number,
): Promise<IngestionReport> {
  const values = newValues(new Date(nowMs()).toISOString().slice(0, 10));
  const pending = new Map<string, { value: NewValue; sentMs: number }>();
  const all: NewValue[] = [];
  const lagsMs: number[] = [];
  const beganMs = performance.now();
  const elapsedMs = () => performance.now() - beganMs;
  let sendingMs = 0;

  const send = async () => {
    const count = Math.ceil(rate * seconds);
    while (all.length < count) {
      const due = Math.min(Math.ceil((elapsedMs() / 1_000) * rate), count) - all.length;
      const next = Array.from({ length: due }, () => values.next().value).filter((value) => value !== undefined);
      if (due > 0 && next.length === 0) throw new Error(`there are only ${all.length} days to send`);
      await sendSome(next);
      sendingMs = elapsedMs();
      await pause(SEND_EVERY_MS);
    }
  };
  const sendSome = async (next: readonly NewValue[]) => {
    if (next.length === 0) return;
    const letters = next.flatMap((value) => [keyOf(value), letterOf(value, nowMs())]);
    const sentMs = performance.now();
    for (const value of next) pending.set(keyOf(value), { value, sentMs });
    all.push(...next);
    await system.redis("HSET", DEAD_LETTERS_KEY, ...letters);
    await system.redis("SET", REPLAY_REQUESTED_KEY, new Date(nowMs()).toISOString());
    await system.tick();
  };
  let isSending = true;
  const sent = send().finally(() => {
    isSending = false;
  });
  let progressMs = performance.now();
  while ((isSending || pending.size > 0) && performance.now() - progressMs < STALL_MS) {
    for (const key of await arrived(
      system,
      [...pending.values()].map(({ value }) => value),
    )) {
      lagsMs.push(performance.now() - (pending.get(key)?.sentMs ?? 0));
      pending.delete(key);
      progressMs = performance.now();
    }
    await pause(POLL_MS);
  }
  await sent;
  const storedMs = elapsedMs();
  return {
    messages: all.length,
    sentPerSecond: all.length / (sendingMs / 1_000),
    storedPerSecond: (all.length - pending.size) / (storedMs / 1_000),
    lagMs: {
      p50: percentile(lagsMs, 0.5),
      p95: percentile(lagsMs, 0.95),
      p99: percentile(lagsMs, 0.99),
      max: Math.max(0, ...lagsMs),
    },
    lost: pending.size + (await missingAtOrigin(system, all)) + Number(await system.redis("HLEN", DEAD_LETTERS_KEY)),
  };
}

const keyOf = ({ series, date }: NewValue) => `${series} ${date}`;

function letterOf(value: NewValue, nowMs: number): string {
  const kept_at = new Date(nowMs).toISOString();
  return JSON.stringify({ kept_at, reason: "load", attempts: 1, body: messageOf(value, nowMs) });
}

/** The keys of the values that Redis has. */
async function arrived(system: System, values: readonly NewValue[]): Promise<string[]> {
  const byPage = Map.groupBy(values, ({ series, date }) => pageKeyOf(series, Number(date.slice(0, 4))));
  if (byPage.size === 0) return [];
  const pages = (await system.redis("MGET", ...byPage.keys())) as (string | null)[];
  return [...byPage.values()].flatMap((ofPage, index) => {
    const stored = observationsIn(pages[index] ?? null);
    return ofPage.filter(({ date, value }) => stored.get(date) === value).map(keyOf);
  });
}

function observationsIn(text: string | null): Map<string, string> {
  const page = text === null ? {} : (JSON.parse(text) as { observations?: [string, string][] });
  return new Map(page.observations);
}

async function missingAtOrigin(system: System, values: readonly NewValue[]): Promise<number> {
  const bySeries = Map.groupBy(values, ({ series }) => series);
  let missing = 0;
  for (const [series, ofSeries] of bySeries) {
    const stored = new Map((await system.stored(series)).map(([date, value]) => [date, value]));
    missing += ofSeries.filter(({ date, value }) => stored.get(date) !== value).length;
  }
  return missing;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
