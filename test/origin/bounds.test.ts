import { describe, expect, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { createLog, errorFields, reasonOf } from "../../origin/ops/log.ts";
import { Timings } from "../../origin/ops/timings.ts";
import { StorePages } from "../../origin/store-pages.ts";

/** What is held in memory is bounded, and what is measured is right. */

test("pages in memory are bounded, and a read that a commit overtook does not undo it", async () => {
  const page = (version: number, year = 2023): Page => ({
    series: "banxico.SF43718",
    year,
    version,
    updated_at: "2023-01-02T00:00:00.000Z",
    observations: [[`${year}-01-02`, "19.5"]],
  });
  let nowMs = 0;
  let answer: (pages: Page[]) => void = () => undefined;
  const store = {
    pages: () => new Promise<Page[]>((resolve) => (answer = resolve)),
    pagesMark: async () => undefined,
  };
  const pages = new StorePages({ store, now: () => nowMs, freshMs: 1_000, horizonMs: 10_000 });
  const reading = pages.read("banxico.SF43718", [2023]);
  nowMs = 5;
  pages.learn([page(7)]);
  answer([page(6)]);
  expect((await reading)[0]?.page.version).toBe(7);
  expect(pages.peek("banxico.SF43718", 2023)?.version).toBe(7);
  for (let year = 3_000; year < 5_000; year++) pages.learn([page(1, year)]);
  expect(pages.peek("banxico.SF43718", 2023)).toBeUndefined();
  expect(pages.peek("banxico.SF43718", 4_999)).toBeDefined();
});

describe("timings", () => {
  test("quantiles over the last five minutes, within a fifth", () => {
    let nowMs = 0;
    const timings = new Timings(() => nowMs);
    expect(timings.quantile(0.95)).toBeNull();
    for (let index = 1; index <= 1_000; index++) timings.record(index / 10);
    expect(timings.quantile(0.95)).toBeGreaterThanOrEqual(95);
    expect(timings.quantile(0.95)).toBeLessThanOrEqual(95 * 1.2);
    nowMs = 5 * 60_000;
    expect(timings.quantile(0.5)).not.toBeNull();
    nowMs = 7 * 60_000;
    expect(timings.quantile(0.5)).toBeNull();
    timings.record(0);
    timings.record(Number.MAX_VALUE);
    expect(timings.quantile(0.5)).toBe(0.1);
  });
});

describe("the log", () => {
  test("is whole lines of JSON, together", () => {
    const written: string[] = [];
    const log = createLog(
      (lines) => written.push(lines),
      () => 0,
    );
    log("one", { text: "line\nbreak" });
    log("two");
    log.flush();
    expect(written).toHaveLength(1);
    expect(
      written
        .join("")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { event: "one", at: "1970-01-01T00:00:00.000Z", text: "line\nbreak" },
      { event: "two", at: "1970-01-01T00:00:00.000Z" },
    ]);
    log("much", { text: "x".repeat(70_000) });
    expect(written).toHaveLength(2);
  });

  test("tells the root of an error and not the statement around it", () => {
    const root = Object.assign(new RangeError("root"), { code: "ER_X" });
    const fields = errorFields(new Error("Failed query: insert secret", { cause: root }));
    expect(fields).toMatchObject({ error: "RangeError", code: "ER_X", message: "root" });
    expect(JSON.stringify(fields)).not.toContain("secret");
    expect(errorFields("text")).toEqual({ error: "string" });
    expect(reasonOf(new Error("Failed query: insert secret", { cause: root }))).toBe(fields.message);
    const refused = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
    expect(reasonOf(new Error("Failed query: select", { cause: refused }))).toBe("ECONNREFUSED");
  });
});
