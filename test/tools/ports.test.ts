import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { freePorts } from "../../tools/dev/ports.ts";

const PORTS = 5;
const TIMES = 30;
/** Prints what another process is given, and keeps it until its input ends: what has ended has given its ports back. */
const OTHER = `import { freePorts } from "./tools/dev/ports.ts";
const given = [];
for (let n = 0; n < ${TIMES}; n++) given.push(await freePorts(${PORTS}));
console.log(given.join());
process.stdin.resume();`;

test("processes that test side by side are never given the same ports, whatever is free", async () => {
  const args = ["--input-type=module-typescript", "--eval", OTHER];
  const others = [1, 2, 3].map(() => spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }));
  const own: number[] = [];
  for (let n = 0; n < TIMES; n++) own.push(await freePorts(PORTS));
  const given = [own, ...(await Promise.all(others.map(printed)))];
  for (const { stdin } of others) stdin.end();
  const sets = given.map(
    (firsts) => new Set(firsts.flatMap((first) => Array.from({ length: PORTS }, (_, n) => first + n))),
  );
  const all = sets.flatMap((set) => [...set]);
  expect(new Set(all).size).toBe(all.length);
  // Once through a block, ports are given again.
  expect(sets.every((set) => set.size < TIMES * PORTS)).toBe(true);
});

async function printed({ stdout }: ChildProcess): Promise<number[]> {
  const [line] = await once(createInterface(stdout as Readable), "line");
  return String(line).split(",").map(Number);
}
