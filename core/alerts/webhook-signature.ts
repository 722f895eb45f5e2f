/** Signatures of Standard Webhooks 1.0.0, by WebCrypto, which every host has. */

export const SECRET_PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A new secret from 32 random bytes. */
export function newSecret(randomBytes: (count: number) => Uint8Array<ArrayBuffer>): string {
  return `${SECRET_PREFIX}${toBase64(randomBytes(SECRET_BYTES))}`;
}

export interface SignedHeaders {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

/** The headers of one attempt. During a rotation there are two secrets, and one signature by each. */
export async function signatureHeaders(
  id: string,
  atMs: number,
  body: string,
  secrets: readonly string[],
): Promise<SignedHeaders> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const content = `${id}.${timestamp}.${body}`;
  const signatures = await Promise.all(secrets.map(async (secret) => `v1,${toBase64(await hmac(secret, content))}`));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

async function hmac(secret: string, content: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(atob(secret.slice(SECRET_PREFIX.length)), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content)));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
