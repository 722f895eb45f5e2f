export interface HeavyQueueSettings {
  /** At most this many jobs wait; more are refused. */
  maxWaiting: number;
  /** After a job the queue pauses for up to this multiple of its processor time, while other requests are served. */
  restFactor: number;
  /** Milliseconds for which this process has had nothing to do: once it has none left, the pause ends. */
  idleMs: () => number;
  /** Milliseconds of processor time that this process has used. */
  cpuMs: () => number;
}

const SETTINGS: HeavyQueueSettings = {
  maxWaiting: 64,
  restFactor: 2,
  idleMs: () => performance.eventLoopUtilization().idle,
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

/** Processor time is that of the whole process: a job that waits for a slow store must not be charged for all of it. */
const MAX_REST_MS = 200;
/** Idle for this long, the process has no short request left to serve. */
const MIN_IDLE_MS = 0.5;
const CHECK_MS = 1;

/**
 * Runs heavy jobs one at a time, and while there are other requests for at most a third of the process's time: one thread
 * serves all, and the short ones that arrived during a job are served before the next job.
 */
export class HeavyQueue {
  readonly #settings: HeavyQueueSettings;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  constructor(settings: Partial<HeavyQueueSettings> = {}) {
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** Runs the job when its turn comes. False: too many are waiting, and it will not run. */
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
      this.#rest(restMs, this.#settings.idleMs());
    }
    return true;
  }

  #rest(leftMs: number, idleBeforeMs: number): void {
    const stepMs = Math.min(leftMs, CHECK_MS);
    setTimeout(() => {
      const isIdle = this.#settings.idleMs() - idleBeforeMs >= MIN_IDLE_MS;
      if (isIdle || leftMs <= stepMs) this.#next();
      else this.#rest(leftMs - stepMs, idleBeforeMs);
    }, stepMs).unref();
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isBusy = false;
  }
}
