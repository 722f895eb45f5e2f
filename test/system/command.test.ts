import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../client/cli/src/run.ts";
import { CLOCK, type System, until } from "../../tools/dev/system.ts";
import { publishFix, startPublishing } from "../browser/web-publishing.ts";
import { accountToken } from "./account-world.ts";

/** The command `paridad` against a whole stack: what it follows and what it signs in to is real. */

let system: System;
beforeAll(async () => {
  system = await startPublishing();
});
afterAll(() => system?.stop());

/** Starts a command line; `lines` grows while it runs. */
function paridad(line: string, env: Record<string, string> = {}) {
  const ending = new AbortController();
  const lines: string[] = [];
  const notes: string[] = [];
  const ended = run({
    argv: line.split(" "),
    env: { PARIDAD_URL: system.stack.urls.edge, ...env },
    out: (text) => lines.push(text),
    err: (text) => notes.push(text),
    nowMs: () => Date.parse(CLOCK),
    signal: ending.signal,
  });
  let code: number | undefined;
  void ended.then((how) => {
    code = how;
  });
  /** How it ended. */
  const end = async () => {
    await until(`${line} ends`, async () => code !== undefined);
    return code;
  };
  return { lines, notes, end, interrupt: () => ending.abort() };
}

test("watch prints a rate when it is published, when it is revised, and after the edge was away", async () => {
  const watching = paridad("watch --pairs USD/MXN");
  await until("it is connected", async () => watching.notes.length > 0);
  const ofToday = () => watching.lines.filter((line) => line.includes("2023-12-29"));
  const expected: string[] = [];
  const printed = (line: string) => {
    expected.push(line);
    return until(`${line} is printed`, async () => ofToday().length === expected.length);
  };
  await publishFix(system, "2023-12-29", "17.4321");
  await printed("USD/MXN\t17.4321\t2023-12-29");
  await publishFix(system, "2023-12-29", "17.4322");
  await printed("USD/MXN\t17.4322\t2023-12-29\trevised");
  await system.stack.parts.edge.kill();
  await system.stack.parts.edge.start();
  await publishFix(system, "2023-12-29", "17.4323");
  await printed("USD/MXN\t17.4323\t2023-12-29\trevised");
  watching.interrupt();
  expect(await watching.end()).toBe(0);
  expect(ofToday()).toEqual(expected);
});

test("alerts lists those of the key's account, of every kind and page", async () => {
  const account = (await (await fetch(`${system.stack.urls.receiver}/account`)).json()) as Record<string, string>;
  const { client_id: id, client_secret: secret } = account;
  const key = { PARIDAD_KEY: `${id}:${secret}` };
  const empty = paridad("alerts", key);
  expect([await empty.end(), empty.lines]).toEqual([0, ["There are no alerts."]]);
  const api = `${system.stack.urls.edge}/api/v1`;
  const token = await accountToken(system);
  const create = (alert: object) =>
    fetch(`${api}/alerts`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(alert),
    });
  expect((await create({ kind: "stale", provider: "banxico", condition: "above", threshold: "0" })).status).toBe(201);
  // One more than a response has by itself.
  for (let count = 0; count < 100; count++)
    expect((await create({ pair: "USD/MXN", condition: "above", threshold: `18.${count + 10}` })).status).toBe(201);
  const listed = paridad("alerts", key);
  expect(await listed.end()).toBe(0);
  expect(listed.lines).toHaveLength(101);
  expect(listed.lines[0]).toMatch(/^alt_\w+\tbanxico\tstale\tabove\t0\tarmed$/);
  expect(listed.lines.at(-1)).toMatch(/^alt_\w+\tUSD\/MXN\trate\tabove\t18\.109\tarmed$/);
  const wrong = paridad("alerts", { PARIDAD_KEY: "no:key" });
  expect([await wrong.end(), wrong.lines]).toEqual([1, []]);
});
