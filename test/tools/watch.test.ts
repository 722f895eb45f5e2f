import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Watch, watchFiles } from "../../tools/dev/watch.ts";

let folder: string;
let watch: Watch;
let calls: number;
/** What the file held at the last call. */
let text: string;

/** Resolves when more changes were seen than `before`. */
const seen = (before: number) =>
  vi.waitFor(() => expect(calls).toBeGreaterThan(before), { timeout: 120_000, interval: 20 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paridad-watch-"));
  await writeFile(join(folder, "a.ts"), "0");
  calls = 0;
  watch = watchFiles([folder], async () => {
    text = await readFile(join(folder, "a.ts"), "utf8");
    calls++;
  });
  await watch.ready;
});

afterEach(async () => {
  await watch.stop();
  await rm(folder, { recursive: true });
});

async function replace(next: string): Promise<void> {
  await writeFile(join(folder, "draft"), next);
  await rename(join(folder, "draft"), join(folder, "a.ts"));
}

describe("watching", () => {
  it("sees a file that is replaced again and again by a rename, and then changed in place", async () => {
    for (const next of ["1", "2", "3"]) {
      await replace(next);
      await vi.waitFor(() => expect(text).toBe(next), { timeout: 120_000, interval: 20 });
    }
    await appendFile(join(folder, "a.ts"), "4");
    await vi.waitFor(() => expect(text).toBe("34"), { timeout: 120_000, interval: 20 });
  });

  it("sees new files and removed ones, and nothing that no bundle holds", async () => {
    await writeFile(join(folder, "notes.md"), "no");
    await writeFile(join(folder, "b.json"), "{}");
    await seen(0);
    const before = calls;
    await rm(join(folder, "b.json"));
    await seen(before);
  });
});

it("what is saved during a call leads to another, one at a time", async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let running = 0;
  const slow = watchFiles([folder], async () => {
    calls++;
    expect(++running).toBe(1);
    await (calls === 1 ? first : second).promise;
    running--;
  });
  await watch.stop();
  await slow.ready;
  await replace("1");
  await seen(0);
  await replace("2");
  first.resolve();
  await seen(1);
  second.resolve();
  await slow.stop();
});
