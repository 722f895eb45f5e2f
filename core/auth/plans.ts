/** How many objects an account may have at once. Counted in the transaction that adds one. */
export interface Quotas {
  keys: number;
  alerts: number;
  webhooks: number;
  /** Live connections with private events. Counted by the account's hub. */
  streams: number;
}

export const PLANS = {
  free: { keys: 5, alerts: 100, webhooks: 5, streams: 5 },
  standard: { keys: 20, alerts: 10_000, webhooks: 20, streams: 20 },
  large: { keys: 100, alerts: 1_000_000, webhooks: 100, streams: 100 },
} as const satisfies Record<string, Quotas>;

export type Plan = keyof typeof PLANS;

export const PLAN_NAMES = Object.keys(PLANS) as [Plan, ...Plan[]];

export function isPlan(text: string): text is Plan {
  return Object.hasOwn(PLANS, text);
}
