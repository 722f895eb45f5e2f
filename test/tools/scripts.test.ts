import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../tools/dev/build.ts";
import { freePorts } from "../../tools/dev/ports.ts";

/** Every script of package.json that is ours: help and mistakes must have no effect but a text. */
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { scripts: Record<string, string> };
/** "origin" builds first; its server is tested by itself. */
const OURS = Object.entries(scripts).flatMap(([name, command]) => {
  const words = command.replace(/^exec /, "").split(" ");
  return words[0] === "node" && !command.includes("&&") ? [[name, words.slice(1)] as const] : [];
});

interface Result {
  code: number;
  out: string;
  err: string;
}

function run(words: readonly string[]): Promise<Result> {
  // Nothing to open, should a script go on where it must not.
  const { PATH = "", NODE_COMPILE_CACHE = "" } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, DATABASE_URL: "file:/nonexistent/help.sqlite" };
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe.concurrent("scripts", () => {
  it("are all found", () => {
    const names = OURS.map(([name]) => name);
    for (const name of ["dev", "migrate", "replay", "quarantine", "bench", "chaos", "fuzz", "smoke", "infra:plan"])
      expect(names).toContain(name);
  });

  it.each(OURS)("%s --help explains it, and does nothing else", async (_name, script) => {
    const { code, out, err } = await run([...script, "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: npm run /);
  });

  it("-h is --help", async () => {
    const [short, long] = await Promise.all([
      run(["tools/smoke/smoke.ts", "-h"]),
      run(["tools/smoke/smoke.ts", "--help"]),
    ]);
    expect(short).toEqual(long);
    expect(short.code).toBe(0);
  });

  it.each(OURS)("%s refuses an unknown option in one line", async (_name, script) => {
    const { code, out, err } = await run([...script, "--no-such-option"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^Unknown option '--no-such-option'.*\n$/);
  });

  it("chaos lists the faults that there are", async () => {
    const { code, err } = await run(["tools/chaos/run.ts", "--only", "no such fault"]);
    expect(code).toBe(2);
    expect(err).toMatch(/No fault is called 'no such fault'; there are:\n( {2}.+\n){20}/);
  });

  it.each(["tools/fuzz/run.ts --url", "tools/smoke/smoke.ts"])(
    "%s URL says in a line why nothing answers there",
    async (words) => {
      const port = await freePorts(1);
      const { code, out, err } = await run([...words.split(" "), `http://127.0.0.1:${port}`]);
      expect(code).toBe(1);
      expect(`${out}${err}`).toMatch(new RegExp(`^.*connect ECONNREFUSED 127\\.0\\.0\\.1:${port}\\)?$`, "m"));
      expect(err.trim().split("\n").length).toBeLessThanOrEqual(1);
    },
  );

  it.each([
    ["list", "--scopes", "alerts:read"],
    ["key", "acc_1", "Test", "--plan", "free"],
    ["create", "Test", "--signs-from", "2027-12-31T00:00:00Z"],
    ["token-key", "--expires", "2027-12-31T00:00:00Z"],
  ])("accounts %j is refused: the command would ignore the option", async (...words) => {
    const { code, out, err } = await run(["tools/operate/accounts.ts", ...words]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`${words[0]} does not take ${words.at(-2)}`);
  });

  it.each([
    ["tools/chaos/run.ts", "--seconds", "abc"],
    ["tools/bench/bench.ts", "--rounds", "many"],
    ["tools/fuzz/run.ts", "--requests", "0"],
    ["tools/fuzz/run.ts", "--url", "localhost:8787"],
    ["tools/bench/bench.ts", "--only", "nothing"],
    ["tools/smoke/smoke.ts", "example.com"],
    ["tools/dev/dev.ts", "--port", "80"],
    ["tools/operate/accounts.ts", "create", "Test", "--expires", "garbage"],
    ["tools/operate/accounts.ts", "create", "Test", "--external", "no colon"],
  ])("%j is refused with what it must be", async (...words) => {
    const { code, err } = await run(words);
    expect(code).toBe(2);
    expect(err).toContain(`'${words.at(-1)}'`);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
