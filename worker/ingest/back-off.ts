/** Deliveries for which the delay stays short: what failed for some minutes is to heal soon after. */
const PATIENT_AFTER = 20;
const MAX_SECONDS = 60;
/** So that a hundred deliveries outlast half a day without the origin. */
const PATIENT_SECONDS = 600;

/** Seconds until a message is delivered again: doubling from 1 s, drawn from the upper half of the delay. */
export function backOffSeconds(attempts: number, random: number): number {
  const maxSeconds = attempts > PATIENT_AFTER ? PATIENT_SECONDS : MAX_SECONDS;
  const delay = Math.min(2 ** Math.min(attempts, 10), maxSeconds);
  return Math.ceil(delay * (0.5 + random / 2));
}
