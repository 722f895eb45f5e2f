import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previousBankDay } from "../../tools/simulators/banxico/mexico.ts";

/** A file of figures for the Banxico simulator. */
export interface Figures {
  file: string;
  remove(): Promise<void>;
}

/** So many FIXes that end with `last`: a history that is filled in a moment. */
export async function writeFigures(last: string, count: number): Promise<Figures> {
  const dates = [last];
  while (dates.length < count) dates.unshift(previousBankDay(dates[0] as string));
  const dir = await mkdtemp(join(tmpdir(), "paridad-figures-"));
  const file = join(dir, "fix.csv");
  const lines = dates.map((date, index) => `${date},${(17 + (index % 7) / 100).toFixed(4)}`);
  await writeFile(file, `date,value\n${lines.join("\n")}\n`);
  return { file, remove: () => rm(dir, { recursive: true, force: true }) };
}
