const SEEDS = [0x9e3779b9, 0x85ebca6b] as const;

/** 106 bits of two differently seeded multiplicative hashes, base 36. Fast and synchronous; not for secrets. */
export function contentHash(text: string): string {
  return hashesOf(text)
    .map((hash) => hash.toString(36).padStart(11, "0"))
    .join("");
}

/** The two hashes, as whole numbers of 53 bits: to write them in decimals takes a tenth of the time. */
export function hashesOf(text: string): [number, number] {
  // Both in one pass: a long history has 600,000 characters, and hashing is a fifth of its cost.
  let [a, c] = SEEDS as readonly [number, number];
  let [b, d] = [~a, ~c];
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x27d4eb2f);
    b ^= b >>> 15;
    c = Math.imul(c ^ unit, 0x01000193);
    d = Math.imul(d ^ unit, 0x27d4eb2f);
    d ^= d >>> 15;
  }
  return [hash53(a, b), hash53(c, d)];
}

function hash53(low: number, high: number): number {
  const a = Math.imul(low ^ (high >>> 13), 0xc2b2ae35);
  const b = Math.imul(high ^ (a >>> 16), 0x27d4eb2f);
  return 4_294_967_296 * (b & 0x1fffff) + (a >>> 0);
}
