import { describe, expect, it } from "vitest";
import { binding, decimal, numeric, optional, orDefault, Settings, text, whole } from "#core/ops/settings.ts";

const settings = new Settings({
  COUNT: whole(1, 10),
  SHARE: orDefault(decimal(0, 0.5), 0.1),
  OFFSET: optional(numeric(Number.isSafeInteger, "must be a whole number")),
  NAMES: optional(text((given) => (given === "" ? undefined : given.split(",")), "must be a list")),
  QUEUE: optional(binding<{ send(): void }>(({ send }) => typeof send === "function", "must be a queue")),
});

describe("the settings of an environment", () => {
  it("are read by name, with defaults for those that are not set", () => {
    expect(settings.parse({ COUNT: "10", OTHER: "x" })).toStrictEqual({ COUNT: 10, SHARE: 0.1 });
    const queue = { send: () => undefined };
    expect(settings.parse({ COUNT: 1, SHARE: "0.5", OFFSET: "-3", NAMES: "a,b", QUEUE: queue })).toStrictEqual({
      COUNT: 1,
      SHARE: 0.5,
      OFFSET: -3,
      NAMES: ["a", "b"],
      QUEUE: queue,
    });
  });

  it.each([
    ["COUNT", undefined, "must be a whole number from 1 to 10"],
    ["COUNT", "11", "must be a whole number from 1 to 10"],
    ["COUNT", "1.5", "must be a whole number from 1 to 10"],
    ["COUNT", "one", "must be a whole number from 1 to 10"],
    ["SHARE", "0.6", "must be a number from 0 to 0.5"],
    ["SHARE", "NaN", "must be a number from 0 to 0.5"],
    ["OFFSET", "0.5", "must be a whole number"],
    ["NAMES", "", "must be a list"],
    ["NAMES", 1, "must be a list"],
    ["QUEUE", { send: "?" }, "must be a queue"],
    ["QUEUE", null, "must be a queue"],
  ])("%s may not be %j", (name, given, message) => {
    const read = settings.safeParse({ COUNT: "1", [name]: given });
    expect(read).toEqual({ success: false, error: { issues: [{ path: [name], message }] } });
    expect(() => settings.parse({ COUNT: "1", [name]: given })).toThrow(`${name} ${message}`);
  });

  it("are all checked, whichever is wrong first", () => {
    expect(settings.safeParse({ SHARE: "x", OFFSET: "y" }).error?.issues.map(({ path }) => path)).toEqual([
      ["COUNT"],
      ["SHARE"],
      ["OFFSET"],
    ]);
  });

  it("let through a fault of the code", () => {
    const broken = new Settings({
      NAME: () => {
        throw new TypeError("a bug");
      },
    });
    expect(() => broken.safeParse({})).toThrow(TypeError);
  });
});
