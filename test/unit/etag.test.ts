import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { etagOf, matchesEtag } from "#core/api/etag.ts";

describe("etagOf", () => {
  it("is a strong tag", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (body) => {
        expect(etagOf(body)).toMatch(/^"\d{1,16}-\d{1,16}"$/);
      }),
    );
  });

  it("differs where one unit differs", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.string({ maxLength: 2 }), (body, at, put) => {
        const index = at % body.length;
        const changed = body.slice(0, index) + put + body.slice(index + 1);
        expect(etagOf(changed) === etagOf(body)).toBe(changed === body);
      }),
      { numRuns: 5000 },
    );
  });

  it("differs among a hundred thousand answers that differ in one rate", () => {
    const tags = new Set<string>();
    for (let units = 100_000; units < 200_000; units++)
      tags.add(etagOf(`{"base":"USD","quote":"MXN","rate":"${(units / 10_000).toFixed(4)}","date":"2023-12-29"}`));
    expect(tags.size).toBe(100_000);
  });
});

describe("matchesEtag", () => {
  const tag = etagOf("content");

  it.each([tag, `W/${tag}`, "*", ` ${tag} `, `"other", ${tag}`, `"other",W/${tag},"another"`])("takes %s", (header) =>
    expect(matchesEtag(header, tag)).toBe(true),
  );

  it.each([undefined, "", '"other"', tag.slice(1, -1), `${tag}x`, tag.replace("-", "_"), `w/${tag}`, '""'])(
    "refuses %s",
    (header) => expect(matchesEtag(header, tag)).toBe(false),
  );
});
