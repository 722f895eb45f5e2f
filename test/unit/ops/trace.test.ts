import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInShare, SPAN_BYTES, spanWithin } from "#core/ops/trace.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const random = hex(2 * SPAN_BYTES);

describe("a span", () => {
  it("goes on with the caller's trace, and with whether it is recorded", () => {
    fc.assert(
      fc.property(
        random,
        fc.constantFrom("00", "01", "02", "03", "ff"),
        fc.double({ min: 0, max: 1 }),
        (r, flags, share) => {
          const span = spanWithin(`00-${TRACE}-${PARENT}-${flags}`, r, share);
          expect(span).toEqual({
            traceId: TRACE,
            spanId: r.slice(0, 16),
            parentSpanId: PARENT,
            isSampled: ["01", "03", "ff"].includes(flags),
            traceparent: `00-${TRACE}-${r.slice(0, 16)}-${flags}`,
          });
        },
      ),
    );
  });

  it.each([
    undefined,
    null,
    "",
    "00-0-0-0",
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `01-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
  ])("begins a trace where %j came", (incoming) => {
    const [spanId, traceId] = ["1".repeat(16), "f".repeat(32)];
    for (const [share, flags] of [
      [1, "01"],
      [0, "00"],
    ] as const)
      expect(spanWithin(incoming, spanId + traceId, share)).toEqual({
        traceId,
        spanId,
        parentSpanId: undefined,
        isSampled: share === 1,
        traceparent: `00-${traceId}-${spanId}-${flags}`,
      });
  });

  it("is read by whom it is sent to as it was meant", () => {
    fc.assert(
      fc.property(random, random, fc.double({ min: 0, max: 1 }), (one, two, share) => {
        fc.pre(!/^0{16}/.test(one) && !/0{32}$/.test(one));
        const edge = spanWithin(undefined, one, share);
        const origin = spanWithin(edge.traceparent, two, 1 - share);
        expect([origin.traceId, origin.parentSpanId, origin.isSampled]).toEqual([
          edge.traceId,
          edge.spanId,
          edge.isSampled,
        ]);
      }),
    );
  });
});

describe("the share of traces that is recorded", () => {
  it("is about as asked for, of all or of none exactly", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      const end = Math.floor(((index + 0.5) / 10_000) * 2 ** 52);
      return `${"0".repeat(19)}${end.toString(16).padStart(13, "0")}`;
    });
    for (const share of [0, 0.1, 0.5, 1]) expect(ids.filter((id) => isInShare(id, share))).toHaveLength(share * 10_000);
    expect(isInShare("f".repeat(32), 0)).toBe(false);
  });

  it("is within any larger share", () => {
    fc.assert(
      fc.property(
        hex(32),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, a, b) => {
          if (isInShare(id, Math.min(a, b))) expect(isInShare(id, Math.max(a, b))).toBe(true);
        },
      ),
    );
  });
});
