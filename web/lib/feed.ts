import { signal } from "@preact/signals-core";
import { type Received, RequestFailure, read } from "./api.ts";
import { NEWS_MS } from "./schedule.ts";

/** More than a few is a history that is being loaded, which needs no help against caches. */
const MAX_NEWS = 20;

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
  /** When the content that is shown came. */
  #sinceMs = 0;
  #news: { change: (data: T) => T; untilMs: number }[] = [];

  constructor(path: string, { first, isOlder = () => false, load = read }: FeedSettings<T> = {}) {
    this.path = path;
    this.#load = load;
    this.#isOlder = isOlder;
    if (first !== undefined) this.#show({ data: first, atMs: Date.now(), staleReason: null, etag: null });
  }

  /** What was received, for components: undefined until there is anything. */
  get data(): T | undefined {
    return this.received.value?.data;
  }

  /** Reads it again; what was received stays if that fails. */
  async refresh(): Promise<void> {
    try {
      const next = this.#withNews(await this.#load(this.path));
      const shown = this.received.peek();
      // When no cache can have what was before, the provider has taken back what is shown.
      const isOlder = shown && next.atMs < this.#sinceMs + NEWS_MS && this.#isOlder(next.data, shown.data);
      // The same content stays the same object, so that nothing is drawn again for it.
      const isSame = shown && next.etag !== null && next.etag === shown.etag;
      if (isOlder) this.received.value = { ...shown, atMs: next.atMs };
      else if (isSame) this.received.value = { ...next, data: shown.data };
      else this.#show(next);
      this.failure.value = undefined;
    } catch (error) {
      this.failure.value = error instanceof RequestFailure ? error : new RequestFailure(undefined);
    }
  }

  /** Puts in what came another way than by a request; into responses too, while they may be of a cache that lacks it. */
  replace(change: (data: T) => T): void {
    this.#news = [...this.#news, { change, untilMs: Date.now() + NEWS_MS }].slice(-MAX_NEWS);
    const shown = this.received.peek();
    if (shown) this.#show({ data: change(shown.data), atMs: Date.now(), staleReason: null, etag: null });
  }

  #show(received: Received<T>): void {
    this.received.value = received;
    this.#sinceMs = received.atMs;
  }

  #withNews(received: Received<T>): Received<T> {
    this.#news = this.#news.filter(({ untilMs }) => untilMs > Date.now());
    if (this.#news.length === 0) return received;
    return { ...received, etag: null, data: this.#news.reduce((data, { change }) => change(data), received.data) };
  }

  /** Whether the server could not be reached or could not respond; a refusal is not that. */
  get isCutOff(): boolean {
    const failure = this.failure.value;
    return failure !== undefined && (failure.problem?.status ?? 503) >= 500;
  }
}
