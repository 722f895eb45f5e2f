import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { findProvider, findSeries, PROVIDERS } from "#core/providers/provider-list.ts";
import { decodePage } from "#core/rates/page.ts";
import { batchSchema, edgeEventSchema, runSchema } from "#core/wire/internal.ts";
import { decodeBreaker } from "../../worker/ingest/breaker.ts";
import { fieldsOf } from "../../worker/ingest/state.ts";
import { BANXICO } from "./catalogues.ts";

/** Whatever comes from outside, no object but its own is changed by reading it. */
const KEY = { series: "banxico.SF43718", year: 2023 };
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

afterEach(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** JSON texts in which dangerous names stand where others are expected. */
const hostileJson = fc
  .letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("yes", 1, null, true, "2023-12-28", "17.0000"),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.array(
        fc.tuple(fc.constantFrom(...NAMES, "series", "year", "observations", "bmx", "error", "polluted"), tie("node")),
        { maxLength: 4 },
      ),
    ),
  }))
  .node.map((node) => toText(node));

test("pages, batches, events, breakers and the providers' answers", () => {
  fc.assert(
    fc.property(hostileJson, (text) => {
      expect(decodePage(text, KEY)).toBeUndefined();
      for (const schema of [batchSchema, runSchema, edgeEventSchema])
        expect(schema.safeParse(JSON.parse(text)).success).toBe(false);
      expect(decodeBreaker(text, 0, { failureThreshold: 3, openMs: 1, probeMs: 1 }).state).toBe("closed");
      const headers = new Headers({ "Content-Type": "application/json" });
      for (const provider of PROVIDERS)
        provider.parse({ status: 200, headers, body: text }, { series: provider.series, span: "newest" }, 0);
    }),
  );
});

test("names that every object has are no series, no currency and no field", () => {
  for (const name of NAMES) {
    expect(findSeries(name)).toBeUndefined();
    expect(findProvider(name)).toBeUndefined();
    expect(BANXICO.route(name, "MXN") ?? BANXICO.route("USD", "MXN", name)).toBeUndefined();
    const fields = fieldsOf([name, "yes", "polluted", "yes"]);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  }
});

/** Pairs become members, by hand: an object literal would take `__proto__` for its prototype. */
function toText(node: unknown): string {
  if (!Array.isArray(node)) return JSON.stringify(node);
  const isMembers =
    node.length > 0 && node.every((one) => Array.isArray(one) && typeof one[0] === "string" && one.length === 2);
  if (!isMembers) return `[${node.map(toText).join(",")}]`;
  return `{${node.map(([name, value]) => `${JSON.stringify(name)}:${toText(value)}`).join(",")}}`;
}
