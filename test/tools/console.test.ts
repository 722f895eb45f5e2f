import { expect, it } from "vitest";
import { DevConsole } from "../../tools/dev/console.ts";

const AT = "2026-03-02T18:00:00.000Z";

function shown(part: string, lines: readonly string[], { verbose = false, stepMs = 0 } = {}): string[] {
  const printed: string[] = [];
  let nowMs = 0;
  const screen = new DevConsole({ print: (line) => printed.push(line), verbose, now: () => (nowMs += stepMs) });
  for (const line of lines) screen.line(part, line);
  return printed;
}

it.each([
  ["a plain line", "plain worker { a: 1 }"],
  ["an object as Node prints it", "{ a: 1 }"],
  ["JSON of one's own", '{"a":1}'],
  ["JSON with an event of one's own", '{"event":"mine","b":2}'],
  ["JSON that names a routine event without being of our log", '{"event":"request"}'],
  ["JSON with a routine event and a place", '{"event":"request","at":"my handler","status":1}'],
  ["JSON with a level and a place", '{"level":"info","at":"my handler","c":3}'],
  ["a broken object", '{"a":'],
  ["a list", '[1,{"level":"info"}]'],
])("%s is shown as it was printed", (_what, line) => expect(shown("origin", [line])).toEqual([`[origin] ${line}`]));

it.each([
  ["listening", `{"event":"listening","at":"${AT}","url":"http://127.0.0.1:1"}`],
  ["request", `{"event":"request","at":"${AT}","status":200}`],
  ["a simulator's start", "Banxico simulator ready on http://127.0.0.1:8789"],
  ["the edge's start", "edge ready on http://127.0.0.1:8787 control http://127.0.0.1:1"],
  ["workerd's own addresses", "stack: /usr/bin/workerd@2b5edc0 workerd@1"],
])("routine is hidden, unless all is wanted: %s", (_what, line) => {
  expect(shown("origin", [line])).toEqual([]);
  expect(shown("origin", [line], { verbose: true })).toEqual([`[origin] ${line}`]);
});

it("a fault of the origin is shown with its stack, a line each", () => {
  const fields = {
    event: "fatal",
    at: AT,
    error: "TypeError",
    message: "no store",
    stack: ["at a (x.ts:1:2)", "at b (y.ts:3:4)"],
  };
  expect(shown("origin", [JSON.stringify(fields)])).toEqual([
    "[origin] fatal: TypeError: no store",
    "[origin]     at a (x.ts:1:2)",
    "[origin]     at b (y.ts:3:4)",
  ]);
});

it("a report of the worker's is shown with what was being done, its facts and its stack", () => {
  const fault = {
    level: "error",
    message: "GET /convert",
    at: AT,
    name: "RangeError",
    reason: "too big",
    stack: "RangeError: too big\n    at f (i.js:1:2)",
  };
  const unplaced = { ...fault, stack: null };
  const notice = { level: "warning", message: "breaker open", at: AT, traceparent: "00-1", breaker: "redis", count: 2 };
  expect(shown("edge", [JSON.stringify(fault), JSON.stringify(unplaced), JSON.stringify(notice)])).toEqual([
    "[edge] error: GET /convert: RangeError: too big",
    "[edge]     at f (i.js:1:2)",
    "[edge] error: RangeError: GET /convert  reason=too big",
    "[edge] warning: breaker open  breaker=redis  count=2",
  ]);
});

it.each(["store_behind", "corrupt_page", "ingest_failed"])("an event of the edge's is shown: %s", (event) => {
  const line = JSON.stringify({ event, at: AT, name: "origin", detail: "3 pages" });
  expect(shown("origin", [line])).toEqual([`[origin] ${event}: origin  detail=3 pages`]);
});

it("a message that its stack repeats is shown once", () => {
  const fault = {
    level: "error",
    message: "too big",
    at: AT,
    name: "RangeError",
    stack: "RangeError: too big\n    at f (i.js:1:2)",
  };
  expect(shown("edge", [JSON.stringify(fault)])[0]).toBe("[edge] error: RangeError: too big");
});

it("a fault in a source file is told once although each part that is built of it finds it", () => {
  const fault = "core/rates/page.ts:3:4: Unexpected token";
  expect(shown("edge", [fault, fault], { stepMs: 1_000 })).toEqual([`[edge] ${fault}`]);
  expect(shown("edge", [fault, fault], { stepMs: 60_000 })).toHaveLength(2);
  expect(shown("edge", ["again", "again"])).toHaveLength(2);
});

it("type errors are told when they change, and when they are gone", () => {
  const error = "worker/app.ts(70,14): error TS2322: Type 'string' is not assignable to type 'number'.";
  const done = (count: number) =>
    `12:07:54 AM - Found ${count} error${count === 1 ? "" : "s"}. Watching for file changes.`;
  const began = "12:08:01 AM - File change detected. Starting incremental compilation...";
  expect(shown("types", ["12:07:39 AM - Starting compilation in watch mode...", "", done(0)])).toEqual([]);
  expect(shown("types", [error, error, done(1), began, error, done(1), began, done(0), began, done(0)])).toEqual([
    `[types] ${error}`,
    "[types] no type errors any more",
  ]);
});
