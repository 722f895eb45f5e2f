/** Verification of webhooks by Standard Webhooks 1.0.0, with WebCrypto. */

export type WebhookFault = "headers_missing" | "secret_invalid" | "timestamp_out_of_range" | "signature_invalid";

/** A webhook that must not be believed. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  readonly fault: WebhookFault;

  constructor(fault: WebhookFault) {
    super(`The webhook can't be verified: ${fault}`);
    this.fault = fault;
  }
}

export interface WebhookRequest {
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The body as it came: parsed and written again it would not verify. */
  body: string | Uint8Array;
  /** `whsec_…`; during a rotation both. */
  secret: string | readonly string[];
  /** How old, or how far ahead, it may be. Default: 300. */
  toleranceSeconds?: number;
  nowMs?: number;
}

export interface VerifiedWebhook {
  /** The same for each attempt to deliver it: skip what you have seen. */
  id: string;
  payload: unknown;
}

/** The webhook's id and content, if one of the secrets signed it just now; else throws WebhookError. */
export async function verifyWebhook(request: WebhookRequest): Promise<VerifiedWebhook> {
  const { toleranceSeconds = 300, nowMs = Date.now() } = request;
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => header(request.headers, name));
  if (!id || !timestamp || !signatures) throw new WebhookError("headers_missing");
  const ageSeconds = Math.abs(nowMs / 1000 - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || ageSeconds > toleranceSeconds) throw new WebhookError("timestamp_out_of_range");
  const body = typeof request.body === "string" ? new TextEncoder().encode(request.body) : request.body;
  const prefix = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  for (const secret of [request.secret].flat() as string[])
    for (const signature of signatures.split(" "))
      if (await isSignatureOf(signed, secret, signature))
        return { id, payload: JSON.parse(new TextDecoder().decode(body)) };
  throw new WebhookError("signature_invalid");
}

async function isSignatureOf(signed: Uint8Array<ArrayBuffer>, secret: string, signature: string): Promise<boolean> {
  const [version, text = ""] = signature.split(",");
  const mac = version === "v1" ? bytesOf(text) : undefined;
  const raw = bytesOf(secret.replace(/^whsec_/, ""));
  if (!raw?.length) throw new WebhookError("secret_invalid");
  if (!mac) return false;
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, mac, signed);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function header(headers: WebhookRequest["headers"], name: string): string | undefined {
  const wanted = `webhook-${name}`;
  if (headers instanceof Headers) return headers.get(wanted) ?? undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === wanted) ?? [];
  return typeof value === "string" ? value : undefined;
}
