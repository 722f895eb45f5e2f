import { describe, expect, it } from "vitest";
import { type Board, decodeBoard, encodeBoard, isBoard } from "#core/pages/board.ts";

const BOARD: Board = {
  provider: "ecb",
  version: 7,
  values: { "ecb.USD": ["2023-12-29", "1.1050"], "ecb.JPY": ["2023-12-29T15:00:00Z", "156.33"] },
};

describe("a board", () => {
  it("comes back as it was encoded, for its own provider", () => {
    expect(decodeBoard(encodeBoard(BOARD), "ecb")).toEqual(BOARD);
    expect(decodeBoard(encodeBoard(BOARD), "bdi")).toBeUndefined();
    expect(decodeBoard(encodeBoard({ provider: "ecb", version: 0, values: {} }), "ecb")).toBeDefined();
    expect(decodeBoard("{", "ecb")).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["no version", { ...BOARD, version: undefined }],
    ["a version of no observation", { ...BOARD, version: 0 }],
    ["a list", { ...BOARD, values: [] }],
    ["another provider's series", { ...BOARD, values: { "bdi.USD": ["2023-12-29", "1.1"] } }],
    ["no id", { ...BOARD, values: { "ecb.": ["2023-12-29", "1.1"] } }],
    ["a date that does not exist", { ...BOARD, values: { "ecb.USD": ["2023-02-29", "1.1"] } }],
    ["an hour that does not exist", { ...BOARD, values: { "ecb.USD": ["2023-02-28T24:00:00Z", "1.1"] } }],
    ["a rate of nothing", { ...BOARD, values: { "ecb.USD": ["2023-12-29", "0"] } }],
    ["a number", { ...BOARD, values: { "ecb.USD": ["2023-12-29", 1.1] } }],
  ])("is not %s", (_, value) => expect(isBoard(value)).toBe(false));
});
