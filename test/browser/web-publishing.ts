import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addDays } from "#core/time/dates.ts";
import { PATIENT, System } from "../../tools/dev/system.ts";
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
