import { describe, expect, it } from "vitest";
import { asksForHelp, parseCommandLine, positiveNumber, UsageError, wholeNumber } from "../../origin/command-line.ts";

const options = { port: { type: "string", default: "1" }, json: { type: "boolean", default: false } } as const;
const parse = (...args: string[]) => parseCommandLine(options, { args, maxPositionals: 1 });
const faultOf = (read: () => unknown) => {
  try {
    return `read: ${JSON.stringify(read())}`;
  } catch (error) {
    return error instanceof UsageError ? error.message : error;
  }
};

describe("a command line", () => {
  it("gives options, defaults and words", () => {
    expect(parse("--json", "prd")).toMatchObject({ values: { port: "1", json: true }, positionals: ["prd"] });
    expect(parse("--port", "-5").values.port).toBe("-5");
    expect(parse("--port=7").values.port).toBe("7");
  });

  it.each([
    [["--prot", "1"], "Unknown option '--prot'; known are --port, --json, --help"],
    [["-x"], "Unknown option '-x'; known are --port, --json, --help"],
    [["--port"], "Option '--port <value>' argument missing"],
    [["--port", "--json"], "Option '--port' argument is ambiguous."],
    [["--json=yes"], "Option '--json' does not take an argument"],
    [["a", "b"], "Unexpected argument 'b'"],
  ])("%o is refused in one line", (args, fault) => expect(faultOf(() => parse(...args))).toBe(fault));

  it("asks for help before a bare --", () => {
    expect(asksForHelp(["--port", "1", "-h"])).toBe(true);
    expect(asksForHelp(["--help"])).toBe(true);
    expect(asksForHelp(["--", "--help"])).toBe(false);
    expect(asksForHelp(["help"])).toBe(false);
  });
});

describe("numbers", () => {
  const range = { min: 1, max: 9 };

  it("are read", () => {
    expect(wholeNumber("n", "-12")).toBe(-12);
    expect(wholeNumber("n", "9", range)).toBe(9);
    expect(positiveNumber("n", "0.5")).toBe(0.5);
  });

  it.each(["abc", "", "1.5", "0", "10", "1e1", " 1", "NaN", "Infinity", "0x5"])(
    "%o is no whole number from 1 to 9",
    (text) =>
      expect(faultOf(() => wholeNumber("n", text, range))).toBe(
        `--n must be a whole number from 1 to 9, not '${text}'`,
      ),
  );

  it.each(["abc", "", "0", "-1", "1e3", "NaN", "Infinity"])("%o is no positive number", (text) =>
    expect(faultOf(() => positiveNumber("n", text))).toBe(`--n must be a number above 0, not '${text}'`),
  );
});
