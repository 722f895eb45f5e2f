import { admit, type Breaker, type BreakerEvent, type BreakerPolicy, CLOSED, settle } from "#core/ops/breaker.ts";
import { withDeadline } from "#core/ops/deadline.ts";
import type { Scope } from "../ops/scope.ts";

/** A breaker's change of state. */
export interface BreakerChange {
  name: string;
  from: Breaker["state"];
  to: Breaker["state"];
  atMs: number;
}

export interface GuardSettings {
  /** What is guarded, for reports. */
  name: string;
  policy: BreakerPolicy;
  deadlineMs: number;
  /** What an error means for the dependency; undefined if nothing. */
  classify: (error: unknown) => BreakerEvent | undefined;
  onChange: (change: BreakerChange, scope: Scope) => void;
}

/** A call that was not made because the breaker is open. */
export class CircuitOpen extends Error {
  override name = "CircuitOpen";
}

/** Runs calls to one dependency with this isolate's breaker and a deadline. */
export class Guard {
  readonly #settings: GuardSettings;
  #breaker: Breaker = CLOSED;

  constructor(settings: GuardSettings) {
    this.#settings = settings;
  }

  get name(): string {
    return this.#settings.name;
  }

  get state(): Breaker["state"] {
    return this.#breaker.state;
  }

  /** Whether calls currently fail: open, half open, or failing and not yet open. */
  get isAway(): boolean {
    return this.#breaker.state !== "closed" || this.#breaker.failures > 0;
  }

  /** How long from now calls are refused. */
  closedForMs(nowMs: number): number {
    if (this.#breaker.state === "closed") return 0;
    const untilMs = this.#breaker.state === "open" ? this.#breaker.untilMs : this.#breaker.probeUntilMs;
    return Math.max(0, untilMs - nowMs);
  }

  /** The call's outcome. Throws CircuitOpen if the breaker is open, DeadlineExceeded if the call takes too long. */
  async run<T>(scope: Scope, call: () => Promise<T>): Promise<T> {
    const { name, policy, deadlineMs, classify } = this.#settings;
    const { admitted, breaker } = admit(this.#breaker, scope.now(), policy);
    this.#become(breaker, scope);
    if (!admitted) throw new CircuitOpen(`${name}: the circuit breaker is open`);
    try {
      const outcome = await withDeadline(call(), deadlineMs, name);
      this.#become(settle(this.#breaker, "success", scope.now(), policy), scope);
      return outcome;
    } catch (error) {
      const event = classify(error);
      if (event !== undefined) this.#become(settle(this.#breaker, event, scope.now(), policy), scope);
      throw error;
    }
  }

  #become(breaker: Breaker, scope: Scope): void {
    const from = this.#breaker.state;
    this.#breaker = breaker;
    if (from === breaker.state) return;
    this.#settings.onChange({ name: this.#settings.name, from, to: breaker.state, atMs: scope.now() }, scope);
  }
}
