import { afterAll, beforeAll, expect, test } from "vitest";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { ensureCommands } from "../../tools/servers/packages.ts";
import { localCommands, runCommand } from "./runbook-commands.ts";

/** From Banxico to the reader, with every part real but Banxico. Freshness is cut to nothing so that nobody waits. */
let system: System;
beforeAll(async () => {
  system = await System.start({
    vars: {
      ...PATIENT,
      ISOLATE_FRESH_MS: "0",
      COLO_FRESH_MS: "0",
      ISOLATE_FRESH_PAST_MS: "0",
      COLO_FRESH_PAST_MS: "0",
    },
  });
  await system.fill();
});
afterAll(() => system.stop());

test("the first fill brings everything that Banxico publishes, digit for digit", async () => {
  expect(await system.missing()).toEqual([]);
  expect((await system.served("USD")).length).toBeGreaterThan(8_000);
});

test("reading Banxico again changes nothing", async () => {
  const before = await storedVersions();
  await system.forgetSchedule();
  await system.tick();
  expect(await storedVersions()).toBe(before);
});

test("a revision reaches the reader, and a value that Banxico withdrew from sight comes back with the next reading", async () => {
  await system.faults("banxico", [{ type: "revision", series: "SF43718", date: "2023-12-28", value: "16.9999" }]);
  await system.readUntil(
    "the revised value is served at the edge",
    async () => (await rateOn("2023-12-28")) === "16.9999",
  );

  await system.faults("banxico", []);
  await system.readUntil("the first value is served again", async () => (await system.missing()).length === 0);
});

test("a page that is gone from Redis is served from the origin and put back", async () => {
  const key = "paridad:v1:page:banxico.SF43718:2023";
  await system.redis("DEL", key);
  const { status } = await system.edge("/api/v1/rates/on/2023-12-28");
  expect(status).toBe(200);
  await until("Redis has the page again", async () => (await system.redis("EXISTS", key)) === 1);
});

test("everything is still there after a stop and a start", async () => {
  await system.stack.stop();
  await system.stack.start();
  expect((await system.edge("/api/v1/rates/current")).status).toBe(200);
  expect(await system.missing()).toEqual([]);
});

/** What a command says when there is nothing to do here. */
const NOTHING_TO_DO = /waits: only a jump|the log ends at/;

test("the runbooks' commands run as they are written", async () => {
  await ensureCommands({ jq: "jq", curl: "curl" });
  const created = await runCommand(system, "npm run -s accounts -- create Treasury");
  const [, account = "", key = ""] = /account +(\S+)\nclient_id +(\S+)/.exec(created.stdout) ?? [];
  const faults: string[] = [];
  for (const { page, command } of localCommands()) {
    const filled = command.replace("ACCOUNT", account).replace("3kTMd9vQxA", key).replace("after=N", "after=0");
    const { code, stdout, stderr } = await runCommand(system, filled);
    // A refusal of Redis's has the status 400, and a stream is cut off after two seconds.
    const isFine = code === 0 || NOTHING_TO_DO.test(stderr) || (command.startsWith("curl -N") && code === 28);
    if (!isFine || /"error"/.test(stdout)) faults.push(`${page}: ${command}: ${code} ${stdout}${stderr}`);
  }
  expect(faults).toEqual([]);
});

async function rateOn(date: string): Promise<string> {
  return (JSON.parse((await system.edge(`/api/v1/rates/on/${date}`)).body) as { rate: string }).rate;
}

/** The origin's pages as they stand, versions and all. */
async function storedVersions(): Promise<string> {
  return (await system.redis("GET", "paridad:v1:page:banxico.SF43718:2023")) as string;
}
