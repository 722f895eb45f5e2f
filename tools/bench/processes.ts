import { readdirSync, readFileSync } from "node:fs";

/** What a server costs, as Linux accounts it: the process and all that it started. */
export interface Usage {
  /** Processor time since the start, in milliseconds. */
  cpuMs: number;
  residentBytes: number;
}

/** Linux counts processor time in hundredths of a second (USER_HZ, fixed on all its common architectures). */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Undefined where there is no /proc to read. `only`: counts only the processes of this name. */
export function usageOf(pid: number, only?: string): Usage | undefined {
  const members = treeOf(pid).filter(({ name }) => only === undefined || name === only);
  if (members.length === 0) return undefined;
  return members.reduce(
    (sum, { cpuTicks, residentPages }) => ({
      cpuMs: sum.cpuMs + cpuTicks * TICK_MS,
      residentBytes: sum.residentBytes + residentPages * PAGE_BYTES,
    }),
    { cpuMs: 0, residentBytes: 0 },
  );
}

interface Member {
  name: string;
  pid: number;
  parent: number;
  cpuTicks: number;
  residentPages: number;
}

function treeOf(root: number): Member[] {
  const all = pids().flatMap((pid) => memberOf(pid) ?? []);
  const family = new Set([root]);
  // A child's number may be lower than its parent's once numbers have wrapped around.
  for (let before = 0; family.size > before; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function memberOf(pid: number): Member | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may hold blanks and brackets of its own.
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, user = 0, system = 0, residentPages = 0] = [1, 11, 12, 21].map((index) => fields[index] ?? 0);
    return { name, pid, parent, cpuTicks: user + system, residentPages };
  } catch {
    return undefined; // it ended meanwhile
  }
}
