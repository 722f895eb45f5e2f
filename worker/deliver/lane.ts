import type { AttemptReport, Delivery } from "#core/wire/deliveries.ts";
import type { ReportEarly } from "./deliverer.ts";

/**
 * Attempts deliveries side by side and returns how they ended. While some go on, those that have ended are reported after
 * each `interval`: a receiver that hangs must not make its neighbours look as if they did. A report that fails is repeated.
 */
export async function attemptLane(
  deliveries: readonly Delivery[],
  attempt: (delivery: Delivery) => Promise<AttemptReport>,
  interval: () => Promise<void>,
  reportEarly: ReportEarly,
): Promise<AttemptReport[]> {
  let ended: AttemptReport[] = [];
  let going = deliveries.length;
  const end = async (delivery: Delivery) => {
    const result = await attempt(delivery);
    ended.push(result);
    going--;
  };
  const all = Promise.all(deliveries.map(end));
  while (going > 0) {
    await Promise.race([all, interval()]);
    if (going === 0 || ended.length === 0) continue;
    const early = ended;
    ended = [];
    await reportEarly(early).catch(() => ended.push(...early));
  }
  return ended;
}
