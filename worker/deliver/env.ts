import type { TargetRules } from "#core/alerts/webhook-target.ts";
import type { AttemptReport, Delivery } from "#core/wire/deliveries.ts";
import type { ReportEarly } from "./deliverer.ts";

/** An invocation of its own, with connections of its own (`index.ts`, Lane). */
export interface LaneBinding {
  attempt(deliveries: Delivery[], rules: TargetRules, reportEarly: ReportEarly): Promise<AttemptReport[]>;
}

/** The environment of the delivering worker: wrangler.deliver.toml. It holds one secret, good for deliveries only. */
export interface DeliverEnv {
  ENVIRONMENT: "local" | "dev" | "stg" | "prd";
  /** Hosts that a webhook must not reach. */
  PUBLIC_URL: string;
  ORIGIN_URL: string;
  DELIVER_TOKEN?: string;
  ORIGIN_CERTIFICATE?: Fetcher;
  DELIVER: Queue<unknown>;
  LANE: LaneBinding;
}

/** It opens nothing but an origin on this machine. */
const LOCAL_TOKEN = "local-deliver-token-0123456789abcdef";

/** Undefined: it is "-", this deployment has no webhooks. Throws an Error that names what is missing, and no value. */
export function checkedToken({ ENVIRONMENT, DELIVER_TOKEN, ORIGIN_URL }: DeliverEnv): string | undefined {
  if (DELIVER_TOKEN === "-") return undefined;
  if (ENVIRONMENT === "local") return DELIVER_TOKEN ?? LOCAL_TOKEN;
  if (!DELIVER_TOKEN || DELIVER_TOKEN === LOCAL_TOKEN) throw new Error("DELIVER_TOKEN is missing");
  if (!ORIGIN_URL.startsWith("https://")) throw new Error("ORIGIN_URL must be https outside the local environment");
  return DELIVER_TOKEN;
}

export function targetRules({ ENVIRONMENT, PUBLIC_URL, ORIGIN_URL }: DeliverEnv): TargetRules {
  return {
    isLocal: ENVIRONMENT === "local",
    ownHosts: [PUBLIC_URL, ORIGIN_URL].map((url) => new URL(url).hostname),
  };
}
