import { signal } from "@preact/signals-core";

/** Work that the reader starts, one at a time. */
export class Turn {
  readonly #isTaken = signal(false);

  /** Whether it is being done. What begins it shows that: a click that is only ignored looks like a fault. */
  get isTaken(): boolean {
    return this.#isTaken.value;
  }

  /** Does the work, unless some is being done. */
  async take(work: () => Promise<unknown>): Promise<void> {
    if (this.#isTaken.peek()) return;
    this.#isTaken.value = true;
    try {
      await work();
    } finally {
      this.#isTaken.value = false;
    }
  }
}
