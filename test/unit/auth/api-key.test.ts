import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { areEqualDigests, digestOf, keyIdOf, newKey } from "#core/auth/api-key.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

test("a key has its id, 256 bits and the CRC-32 of both", () => {
  const { id, secret } = newKey(randomBytes);
  const [, found, random = "", checksum = ""] = /^par_live_(\w{10})_(\w{43})(\w{6})$/.exec(secret) ?? [];
  expect(found).toBe(id);
  const value = [...checksum].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
  expect(value).toBe(crc32(`par_live_${id}_${random}`));
  expect(keyIdOf(secret)).toBe(id);
});

test("one character more, less or other is no key", () => {
  const { secret } = newKey(randomBytes);
  for (let at = 9; at < secret.length; at++) {
    const other = secret[at] === "a" ? "b" : "a";
    if (secret[at] !== "_") expect(keyIdOf(secret.slice(0, at) + other + secret.slice(at + 1))).toBeUndefined();
  }
  for (const text of [secret.slice(1), `${secret}a`, secret.toLowerCase(), "", `${secret}\n`])
    expect(text === secret ? "" : keyIdOf(text)).toBeUndefined();
});

test("random characters are all of the alphabet, equally often", () => {
  const counts = new Map<string, number>();
  for (let round = 0; round < 500; round++)
    for (const character of newKey(randomBytes).secret.slice(20, 63))
      counts.set(character, (counts.get(character) ?? 0) + 1);
  expect([...counts.keys()].sort().join("")).toBe(ALPHABET);
  expect(Math.max(...counts.values()) / Math.min(...counts.values())).toBeLessThan(2);
});

test("digests are equal if they are", async () => {
  const [one, two] = [await digestOf("a"), await digestOf("b")];
  expect(one).toBe("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
  expect([areEqualDigests(one, one), areEqualDigests(one, two), areEqualDigests(one, "")]).toEqual([
    true,
    false,
    false,
  ]);
});
