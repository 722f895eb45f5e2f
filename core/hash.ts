/** 106 bits of two differently seeded multiplicative hashes, base 36. Fast and synchronous; not for secrets. */
export function contentHash(text: string): string {
  return hash53(text, 0x9e3779b9) + hash53(text, 0x85ebca6b);
}

function hash53(text: string, seed: number): string {
  let a = seed;
  let b = ~seed;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x27d4eb2f);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (a >>> 16), 0x27d4eb2f);
  return (4_294_967_296 * (b & 0x1fffff) + (a >>> 0)).toString(36).padStart(11, "0");
}
