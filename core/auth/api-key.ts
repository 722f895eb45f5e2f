/**
 * The API key: `par_live_`, an id of 10 characters, `_`, 43 characters of base62 (256 bits), and the CRC-32 of all that
 * in 6, so that scanners can tell a real key from text that looks like one.
 */

const PREFIX = "par_live_";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 10;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const KEY = new RegExp(
  `^${PREFIX}([0-9A-Za-z]{${ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}}([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

export interface NewKey {
  id: string;
  /** The whole key. Shown once; only its digest is stored. */
  secret: string;
}

/** Returns random bytes from a source fit for secrets. */
export type RandomBytes = (count: number) => Uint8Array;

export function newKey(random: RandomBytes): NewKey {
  const id = randomText(ID_LENGTH, random);
  const text = `${PREFIX}${id}_${randomText(SECRET_LENGTH, random)}`;
  return { id, secret: text + checksumOf(text) };
}

/** An identifier of 20 characters after a prefix, e.g. of an account. */
export function newId(prefix: string, random: RandomBytes): string {
  return `${prefix}_${randomText(20, random)}`;
}

/** The id of a key; undefined if the text is none, or its checksum is wrong. */
export function keyIdOf(text: string): string | undefined {
  const [, id, checksum] = KEY.exec(text) ?? [];
  return checksum === checksumOf(text.slice(0, -CHECKSUM_LENGTH)) ? id : undefined;
}

/**
 * What is stored of a key, in hexadecimal. A plain SHA-256, not a slow hash: the secret is 256 random bits, so that
 * guessing is hopeless, and a slow one would let strangers burn our processor.
 */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether two digests are equal, in a time that does not depend on where they differ. */
export function areEqualDigests(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}

function randomText(length: number, random: RandomBytes): string {
  let text = "";
  while (text.length < length)
    // Bytes above the last multiple of 62 are dropped: with them some characters would be more likely.
    for (const byte of random(length)) if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
  return text;
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** CRC-32 (IEEE 802.3) of ASCII text. */
function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
