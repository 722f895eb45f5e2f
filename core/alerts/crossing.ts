import { unitsAround } from "./scaled.ts";

/** Which side of its threshold an alert waits for. */
export type Direction = "above" | "below";

export type AlertState = "armed" | "fired" | "off";

/** What decides whether an alert fires. Thresholds are whole units of 10⁻⁸ (core/alerts/scaled). */
export interface Trigger {
  direction: Direction;
  threshold: bigint;
  state: AlertState;
  cooldownMs: number;
  /** Before this instant it does not fire, and stays armed. */
  readyAtMs: number;
}

/** One value of a metric. `atMs`: when it was published, not when it is evaluated, so that a replay decides the same. */
export interface MetricValue {
  value: string;
  atMs: number;
}

/**
 * The thresholds that a value crosses, as bounds on whole units: `above` alerts with a threshold less than `aboveUnder`
 * hold, `below` alerts with one greater than `belowOver`. Strict on both sides; an equal value holds for neither.
 */
export function boundsOf(value: string): { aboveUnder: bigint; belowOver: bigint } {
  const { floor, ceiling } = unitsAround(value);
  return { aboveUnder: ceiling, belowOver: floor };
}

type Condition = Pick<Trigger, "direction" | "threshold">;

/** Whether a change gives an alert another condition, so that it is a new one. */
export function isOtherCondition(known: Condition, { direction, threshold }: Partial<Condition>): boolean {
  return (direction ?? known.direction) !== known.direction || (threshold ?? known.threshold) !== known.threshold;
}

/** Whether the condition of an alert holds at a value. */
export function holds({ direction, threshold }: Condition, value: string): boolean {
  const { aboveUnder, belowOver } = boundsOf(value);
  return direction === "above" ? threshold < aboveUnder : threshold > belowOver;
}

/**
 * What one value does to an alert. It fires once, and is armed again by the first value at which its condition does not
 * hold. During the cool-down it stays armed: the first value afterwards fires if the condition then holds.
 */
export function step(trigger: Trigger, { value, atMs }: MetricValue): { fires: boolean; next: Trigger } {
  const isMet = holds(trigger, value);
  if (trigger.state === "armed" && isMet && trigger.readyAtMs <= atMs)
    return { fires: true, next: { ...trigger, state: "fired", readyAtMs: atMs + trigger.cooldownMs } };
  if (trigger.state === "fired" && !isMet) return { fires: false, next: { ...trigger, state: "armed" } };
  return { fires: false, next: trigger };
}
