import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addDays } from "#core/time/dates.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { isBankDay } from "../../tools/simulators/banxico/mexico.ts";

/** A stack in which a test says when Banxico publishes which FIX. */

const FIX = "SF43718";
export const FIRST_RATE = "17.6000";
const FIRST_DATE = "2023-11-20";
/** The newest date before the test publishes anything; the stack's clock is of the day after. */
const LAST_DATE = "2023-12-28";

/** Starts a stack whose FIX is flat until the day before, with a receiver of webhooks. */
export async function startPublishing(): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), "paridad-publishing-"));
  const csvFile = join(folder, "fix.csv");
  const lines = ["date,value"];
  for (let date = FIRST_DATE; date <= LAST_DATE; date = addDays(date, 1))
    if (isBankDay(date)) lines.push(`${date},${FIRST_RATE}`);
  await writeFile(csvFile, lines.join("\n"));
  const system = await System.start({ csvFile, withReceiver: true, isUnlimited: true, vars: PATIENT });
  await rm(folder, { recursive: true });
  await system.readUntil(
    "the FIX is stored",
    async () => (await system.stored(`banxico.${FIX}`)).length === lines.length - 1,
  );
  return system;
}

/** What Banxico has published so far besides, by stack. */
const published = new WeakMap<System, { type: string; series: string; date: string; value: string }[]>();

/** Has Banxico publish a FIX, or another for a date that has one, and waits until it is stored. */
export async function publishFix(system: System, date: string, value: string): Promise<void> {
  const before = published.get(system) ?? [];
  const type = before.some((one) => one.date === date) || date <= LAST_DATE ? "revision" : "observation";
  const all = [...before, { type, series: FIX, date, value }];
  published.set(system, all);
  await system.faults("banxico", all);
  await system.readUntil(`${value} is stored`, async () =>
    (await system.stored(`banxico.${FIX}`)).some((one) => one.join() === `${date},${value}`),
  );
}

/** Has Banxico take back what it published for a date after the last; the origin hears of it as from two polls, five minutes apart. */
export async function takeBackFix(system: System, date: string): Promise<void> {
  const others = (published.get(system) ?? []).filter((one) => one.date !== date);
  published.set(system, others);
  await system.faults("banxico", others);
  const { origin } = system.stack.urls;
  const headers = { Authorization: `Bearer ${LOCAL.edgeToken}`, "Content-Type": "application/json" };
  const series = `banxico.${FIX}`;
  const year = Number(date.slice(0, 4));
  const page = JSON.parse((await system.origin(`/internal/pages/${series}/${year}`, headers)).body);
  for (const agoMs of [300_000, 0]) {
    const reading = {
      batch_id: `taken-back-${date}-${agoMs}`,
      provider: "banxico",
      fetched_at: new Date(system.nowMs - agoMs).toISOString(),
      series,
      year,
      complete: { from: LAST_DATE, to: date },
      based_on: page.version,
      // A response without any value takes nothing back.
      observations: [[LAST_DATE, FIRST_RATE]],
    };
    await fetch(`${origin}/internal/readings`, { method: "POST", headers, body: JSON.stringify(reading) });
  }
  await until("the event is sent", async () => {
    await system.stack.tick();
    return (await system.stored(series)).every(([stored]) => stored !== date);
  });
}
