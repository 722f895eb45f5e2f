import { computed, signal } from "@preact/signals-core";
import { type Received, RequestFailure, read } from "./api.ts";
import { waitMs } from "./schedule.ts";

/** What a page shows and keeps current: read at once, then again and again while the page is seen. */

const TICK_MS = 5_000;
const AFTER_NEWS_MS = [1_000, 65_000];

/** Whether news comes by itself at the moment (live.ts). */
export const isLive = signal(false);

/** Set by the reader: until it is unset nothing is looked for. */
export const isPaused = signal(false);

/** The time in steps of a few seconds, for what counts down. */
export const clockMs = signal(Date.now());

/** How a feed differs from a plain request. */
interface FeedSettings<T> {
  /** What is known already. */
  first?: T | undefined;
  /** Whether a response is older than what is shown: a cache may still have it when the news has come another way. */
  isOlder?: (next: T, shown: T) => boolean;
  /** How it is read, if not by a plain request. */
  load?: (path: string) => Promise<Received<T>>;
}

/** One response that is kept current. */
export class Feed<T> {
  readonly path: string;
  readonly received = signal<Received<T> | undefined>(undefined);
  readonly failure = signal<RequestFailure | undefined>(undefined);
  readonly #isOlder: (next: T, shown: T) => boolean;
  readonly #load: (path: string) => Promise<Received<T>>;

  constructor(path: string, { first, isOlder = () => false, load = read }: FeedSettings<T> = {}) {
    this.path = path;
    this.#load = load;
    this.#isOlder = isOlder;
    if (first !== undefined) this.received.value = { data: first, atMs: Date.now(), staleReason: null };
  }

  /** What was received, for components: undefined until there is anything. */
  get data(): T | undefined {
    return this.received.value?.data;
  }

  /** Reads it again; what was received stays if that fails. */
  async refresh(): Promise<void> {
    try {
      const next = await this.#load(this.path);
      const shown = this.received.peek();
      this.received.value = shown && this.#isOlder(next.data, shown.data) ? { ...shown, atMs: next.atMs } : next;
      this.failure.value = undefined;
    } catch (error) {
      this.failure.value = error instanceof RequestFailure ? error : new RequestFailure(undefined);
    }
  }

  /** Puts in what came another way than by a request. */
  replace(change: (data: T) => T): void {
    const shown = this.received.peek();
    if (shown) this.received.value = { data: change(shown.data), atMs: Date.now(), staleReason: null };
  }

  /** Whether the server could not be reached or could not respond; a refusal is not that. */
  get isCutOff(): boolean {
    const failure = this.failure.value;
    return failure !== undefined && (failure.problem?.status ?? 503) >= 500;
  }
}

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

/** Looks shortly, and again when every cache has forgotten what was before some news. */
export function wakeAfterNews(): void {
  for (const delayMs of AFTER_NEWS_MS) setTimeout(wake, delayMs);
}

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
