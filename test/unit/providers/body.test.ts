import { describe, expect, it } from "vitest";
import { decodeBody } from "#core/providers/format/body.ts";
import { zipOf } from "../../../tools/simulators/providers/zip.ts";
import { HISTORY_CSV } from "./fixtures/ecb.ts";

const MAX_BYTES = 1_000_000;
const zip = zipOf("eurofxref-hist.csv", Buffer.from(HISTORY_CSV));
const unzip = (bytes: Uint8Array<ArrayBuffer>, maxBytes = MAX_BYTES) => decodeBody(bytes, "zip", maxBytes);

describe("a zip", () => {
  it.each([0, 8])("holds one file, by method %i", async (method) => {
    const archive = zipOf("a.csv", Buffer.from(HISTORY_CSV), { method });
    await expect(unzip(archive)).resolves.toBe(HISTORY_CSV);
  });

  it("may end with a comment and begin anywhere in memory", async () => {
    const padded = new Uint8Array([...Array(7).fill(1), ...zip, ...Buffer.from("made by hand")]).subarray(7);
    await expect(unzip(padded)).resolves.toBe(HISTORY_CSV);
  });

  it("that was cut anywhere is refused", async () => {
    for (let length = 4; length < zip.length; length++)
      await expect(unzip(zip.slice(0, length))).rejects.toThrow(RangeError);
  });

  it("with any byte of its content changed is refused", async () => {
    const start = 30 + "eurofxref-hist.csv".length;
    for (let index = start; index < start + 60; index++) {
      const damaged = zip.slice();
      damaged[index] = (damaged[index] as number) ^ 0x10;
      await expect(unzip(damaged)).rejects.toThrow(RangeError);
    }
  });

  it("that holds more than it declares, or more than is allowed, is refused", async () => {
    const zeros = Buffer.alloc(5 * MAX_BYTES);
    await expect(unzip(zipOf("a", zeros))).rejects.toThrow("too large");
    await expect(unzip(zipOf("a", zeros, { declared: 10 }))).rejects.toThrow("larger than declared");
    await expect(unzip(zip, 100)).rejects.toThrow("too large");
    await expect(unzip(zipOf("a", Buffer.alloc(100), { method: 9 }))).rejects.toThrow("not supported");
  });

  it("may be a page for people instead", async () => {
    for (const page of ["<html>busy</html>", "no", ""])
      await expect(unzip(new Uint8Array(Buffer.from(page)))).resolves.toBe(page);
  });
});

describe("text", () => {
  it("is decoded as its provider encodes it", async () => {
    const bytes = new Uint8Array([0xe4, 0xee, 0xeb, 0xeb, 0xe0, 0xf0]);
    await expect(decodeBody(bytes, "windows-1251", MAX_BYTES)).resolves.toBe("доллар");
    await expect(decodeBody(new Uint8Array(Buffer.from("\uFEFFzłoty")), "utf-8", MAX_BYTES)).resolves.toBe("złoty");
  });

  it("is bounded", async () => {
    await expect(decodeBody(new Uint8Array(11), "utf-8", 10)).rejects.toThrow(RangeError);
  });
});
