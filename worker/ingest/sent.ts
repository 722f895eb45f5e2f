import { contentHash } from "#core/ops/hash.ts";
import type { SeriesData } from "#core/providers/provider.ts";

/** What was sent to the queue last of each series, so that a publication can be awaited without sending the same each minute. */
export type Sent = Readonly<Record<string, SentContent>>;

interface SentContent {
  digest: string;
  atMs: number;
}

/** The same content is not sent again within this time, but by a thorough reading. */
const REPEATED_AFTER_MS = 3_600_000;
/** Observations from the newest on that make a reading a new one: older ones can wait for the hourly sync. */
const NEWEST = 2;

export const sentField = (series: string): string => `sent:${series}`;

/** Whether the newest values of a series are not those that were sent last. */
export function isNewContent(data: SeriesData, sent: Sent): boolean {
  const last = sent[data.series];
  return last !== undefined && last.digest !== digestOf(data);
}

/** Whether the same content was sent within the hour. */
export function wasJustSent(data: SeriesData, sent: Sent, nowMs: number): boolean {
  const last = sent[data.series];
  return last !== undefined && last.digest === digestOf(data) && nowMs - last.atMs < REPEATED_AFTER_MS;
}

/** What is remembered once these series were sent. */
export function withSent(sent: Sent, data: readonly SeriesData[], nowMs: number): Sent {
  return {
    ...sent,
    ...Object.fromEntries(data.map((one) => [one.series, { digest: digestOf(one), atMs: nowMs }])),
  };
}

export function encodeSent({ digest, atMs }: SentContent): string {
  return `${atMs} ${digest}`;
}

export function decodeSent(text: string | undefined, nowMs: number): SentContent | undefined {
  const [, at, digest] = /^(\d{1,15}) (\w+)$/.exec(text ?? "") ?? [];
  return digest === undefined || Number(at) > nowMs ? undefined : { digest, atMs: Number(at) };
}

function digestOf({ observations }: SeriesData): string {
  return contentHash(JSON.stringify(observations.slice(-NEWEST)));
}
