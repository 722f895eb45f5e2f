import { describe, expect, it } from "vitest";
import { preferredType } from "#core/api/accept.ts";
import { PLAIN_CSV, SPANISH_CSV, toCsv } from "#core/api/formats/csv.ts";
import { acceptedFormat, responseKey } from "#core/api/formats/format.ts";
import { toNdjson } from "#core/api/formats/ndjson.ts";

describe("CSV", () => {
  const rows = [
    { date: "2023-12-29", rate: "16.9190", note: null, stale: false },
    { date: "2023-12-28", rate: "-0.5", count: 3 },
  ];

  it("has a header, a line per row, and empty cells for what is absent", () => {
    expect(toCsv(["date", "rate", "note", "stale", "count"], rows, PLAIN_CSV)).toBe(
      "date,rate,note,stale,count\r\n2023-12-29,16.9190,,false,\r\n2023-12-28,-0.5,,,3\r\n",
    );
    expect(toCsv(["date"], [], PLAIN_CSV)).toBe("date\r\n");
  });

  it("for Spanish spreadsheets has semicolons and decimal commas, in numbers only", () => {
    expect(toCsv(["date", "rate"], rows, SPANISH_CSV)).toBe("date;rate\r\n2023-12-29;16,9190\r\n2023-12-28;-0,5\r\n");
    expect(toCsv(["x"], [{ x: "v1.5" }], SPANISH_CSV)).toBe("x\r\nv1.5\r\n");
  });

  it.each(['a "b"', "a,b", "a;b", "a\nb", "a\rb"])("quotes %j", (text) =>
    expect(toCsv(["x"], [{ x: text }], PLAIN_CSV)).toBe(`x\r\n"${text.replaceAll('"', '""')}"\r\n`),
  );
});

it("NDJSON is one object per line", () => {
  expect(toNdjson([{ a: "1" }, { a: null, b: undefined }])).toBe('{"a":"1"}\n{"a":null}\n');
  expect(toNdjson([])).toBe("");
});

describe("the Accept header", () => {
  it.each([
    ["text/csv", "csv"],
    ["TEXT/CSV; charset=utf-8", "csv"],
    ["text/csv, */*;q=0.1", "csv"],
    ["*/*, text/csv", "csv"],
    ["text/csv;q=0.9, application/json;q=0.5", "csv"],
    ["application/x-ndjson", "ndjson"],
    ["application/ndjson, */*", "ndjson"],
    ["application/json, text/csv", "json"],
    ["application/json, text/csv;q=0.9", "json"],
    ["text/csv;q=0, */*", "json"],
    ["text/csv;q=0", "json"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"],
    ["text/*", "csv"],
    ["text/*, */*", "json"],
    ["text/*;q=0.5, application/json", "json"],
    ["*/*", "json"],
    ["", "json"],
    [undefined, "json"],
  ])("%s prefers %s", (accept, format) => expect(acceptedFormat(accept)).toBe(format));

  it("makes a key of its own for each format but JSON", () => {
    expect(responseKey("/x?a=1", "text/csv")).toBe("/x?a=1#csv");
    expect(responseKey("/x?a=1", "application/x-ndjson")).toBe("/x?a=1#ndjson");
    for (const accept of [null, undefined, "*/*", "csv"]) expect(responseKey("/x?a=1", accept)).toBe("/x?a=1");
  });

  it("may prefer nothing that there is", () => expect(preferredType("image/png", ["text/csv"])).toBeUndefined());
});
