import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Names the form, so that another key or algorithm can follow. */
const VERSION = "1";

/** Encrypts the secrets of webhooks at rest. A stored text opens only for the endpoint that it was made for. */
export class SecretBox {
  readonly #key: Buffer;

  /** `key`: 32 bytes in base64. Throws RangeError on another length. */
  constructor(key: string) {
    this.#key = Buffer.from(key, "base64");
    if (this.#key.length !== KEY_BYTES) throw new RangeError("must be 32 bytes in base64");
  }

  seal(secret: string, endpoint: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv).setAAD(Buffer.from(endpoint));
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64")}`;
  }

  /** Throws if the text was changed, or sealed with another key or for another endpoint. */
  open(stored: string, endpoint: string): string {
    const bytes = Buffer.from(stored.slice(VERSION.length + 1), "base64");
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(endpoint))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  }
}
