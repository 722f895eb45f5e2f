import { computed, signal } from "@preact/signals-core";
import type { Feed } from "./feed.ts";
import { lookingAfterNews, waitMs } from "./schedule.ts";

/** What a page shows and keeps current: read at once, then again and again while the page is seen. */

const TICK_MS = 5_000;

/** Whether news comes by itself at the moment (live.ts). */
export const isLive = signal(false);

/** Set by the reader: until it is unset nothing is looked for. */
export const isPaused = signal(false);

/** The time in steps of a few seconds, for what counts down. */
export const clockMs = signal(Date.now());

const feeds = signal<readonly Feed<unknown>[]>([]);

/** What is wrong: whether nothing came back at all, and from when the oldest of what is shown is (0: there is nothing). */
export const trouble = computed(() => {
  const cutOff = feeds.value.filter(({ isCutOff }) => isCutOff);
  if (cutOff.length === 0) return undefined;
  const hasNoResponse = cutOff.every(({ failure }) => failure.value?.problem === undefined);
  return { hasNoResponse, sinceMs: Math.min(...cutOff.map(({ received }) => received.value?.atMs ?? 0)) };
});

let nextUpdateMs: () => number | undefined = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let round = 0;
let isListening = false;

/** Reads feeds and keeps them current, in place of those before; `nextUpdate` says when news is due. */
export function keepCurrent(kept: readonly Feed<unknown>[], nextUpdate: () => number | undefined): void {
  feeds.value = kept;
  nextUpdateMs = nextUpdate;
  if (!isListening) listen();
  wake();
}

function listen(): void {
  isListening = true;
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  isPaused.subscribe(wake);
  setInterval(() => {
    if (!document.hidden) clockMs.value = Date.now();
  }, TICK_MS);
}

/** To be called at each piece of news. */
export const wakeAfterNews = lookingAfterNews(wake);

/** Looks now, unless the page is hidden or paused. */
export function wake(): void {
  clearTimeout(timer);
  if (document.hidden || isPaused.peek()) return;
  clockMs.value = Date.now();
  void lookAgain(++round);
}

async function lookAgain(own: number): Promise<void> {
  await Promise.all(feeds.peek().map((feed) => feed.refresh()));
  // A later call has taken over.
  if (own !== round) return;
  failures = trouble.peek() ? failures + 1 : 0;
  if (document.hidden || isPaused.peek()) return;
  const situation = {
    failures,
    nowMs: Date.now(),
    nextUpdateMs: nextUpdateMs(),
    isLive: isLive.peek(),
    random: Math.random(),
  };
  timer = setTimeout(wake, waitMs(situation));
}
