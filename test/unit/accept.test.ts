import { describe, expect, it } from "vitest";
import { acceptsGzip } from "#core/api/accept.ts";

describe("gzip", () => {
  it.each(["gzip", "br, gzip", "GZIP;q=0.5", "*", "identity;q=0.5, *;q=0.1", "br;q=1.0, gzip ; q=0.001"])(
    "is taken by %s",
    (header) => expect(acceptsGzip(header)).toBe(true),
  );

  it.each([
    undefined,
    "",
    "identity",
    "br, zstd",
    "gzip;q=0",
    "*, gzip;q=0",
    "*;q=0",
    "gzip;q=x",
    "gzip;q=2",
    "gzipped",
  ])("is not taken by %s", (header) => expect(acceptsGzip(header)).toBe(false));
});
