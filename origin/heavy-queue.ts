export interface HeavyQueueSettings {
  /** So many wait at most; what comes then is refused. */
  maxWaiting: number;
  /** After a job the queue rests so many times as long as the job kept the processor, and others are served. */
  restFactor: number;
  /** Milliseconds of processor time that this process has used. */
  cpuMs: () => number;
}

const SETTINGS: HeavyQueueSettings = {
  maxWaiting: 16,
  restFactor: 2,
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

/** Processor time is the whole process's: a job that waits for a slow store must not be charged with all of it. */
const MAX_REST_MS = 200;

/**
 * Runs heavy jobs one at a time, and so that they take a third of the process's time at most: one thread serves everybody,
 * and the short requests that arrived during a job come before the next one.
 */
export class HeavyQueue {
  readonly #settings: HeavyQueueSettings;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  constructor(settings: Partial<HeavyQueueSettings> = {}) {
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** Runs the job when its turn comes. False: too many wait already, and it will not run. */
  async run(job: () => Promise<void>): Promise<boolean> {
    if (this.#isBusy) {
      if (this.#waiting.length >= this.#settings.maxWaiting) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#isBusy = true;
    const startMs = this.#settings.cpuMs();
    try {
      await job();
    } finally {
      const restMs = Math.min(MAX_REST_MS, (this.#settings.cpuMs() - startMs) * this.#settings.restFactor);
      setTimeout(() => this.#next(), restMs).unref();
    }
    return true;
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isBusy = false;
  }
}
