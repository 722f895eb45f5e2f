import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { freePorts } from "../../tools/dev/ports.ts";

const PORTS = 5;
const TIMES = 30;
/** Prints what another process is given. */
const OTHER = `import { freePorts } from "./tools/dev/ports.ts";
for (let n = 0; n < ${TIMES}; n++) console.log(await freePorts(${PORTS}));`;

test("processes that test side by side are never given the same ports, whatever is free", async () => {
  const args = ["--input-type=module-typescript", "--eval", OTHER];
  const others = [1, 2, 3].map(() => promisify(execFile)(process.execPath, args));
  const own: number[] = [];
  for (let n = 0; n < TIMES; n++) own.push(await freePorts(PORTS));
  const given = [own, ...(await Promise.all(others)).map(({ stdout }) => stdout.trim().split("\n").map(Number))];
  const sets = given.map(
    (firsts) => new Set(firsts.flatMap((first) => Array.from({ length: PORTS }, (_, n) => first + n))),
  );
  const all = sets.flatMap((set) => [...set]);
  expect(new Set(all).size).toBe(all.length);
  // Once through a block, ports are given again.
  expect(sets.every((set) => set.size < TIMES * PORTS)).toBe(true);
});
