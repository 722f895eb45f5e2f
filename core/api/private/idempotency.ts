import { digestOf } from "../../auth/api-key.ts";
import type { PrivateEndpoint } from "./endpoint.ts";

/** The response to a POST with an Idempotency-Key, kept so that the same request again has no second effect. */
export interface KeptResponse {
  /** Of the request that it belongs to. */
  digest: string;
  status: number;
  body: string;
}

/** Written in the transaction of what the request did. */
export interface KeptResponses {
  /** What was kept for the key since an instant, in epoch milliseconds. */
  find(accountId: string, key: string, sinceMs: number): Promise<KeptResponse | undefined>;
  /** Those of the account that are older than `sinceMs` make room. */
  keep(accountId: string, key: string, response: KeptResponse, nowMs: number, sinceMs: number): Promise<void>;
}

export const IDEMPOTENCY_MS = 86_400_000;

const KEY = /^[\x21-\x7e]{1,200}$/;

export function isIdempotencyKey(text: string): boolean {
  return KEY.test(text);
}

/** Requests are the same if method, target and body are, byte for byte. */
export function requestDigest(method: string, target: string, body: string): Promise<string> {
  return digestOf(`${method} ${target}\n${body}`);
}

/** The response as it is kept: without what may be shown only once. */
export function keptBody({ secretFields }: PrivateEndpoint, content: object | undefined): string {
  if (content === undefined) return "";
  const hidden = Object.fromEntries(secretFields.map((name) => [name, null]));
  return JSON.stringify({ ...content, ...hidden });
}
