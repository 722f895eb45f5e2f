import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PATIENT, System } from "../../tools/dev/system.ts";

/** The FIX, as Banxico names it. */
export const FIX = "SF43718";

/** A whole system with the deliverer and a receiver, three days of the FIX, and a token of the ready-made account. */
export interface AccountWorld {
  system: System;
  token: string;
  stop(): Promise<void>;
}

export async function startWithAccount(): Promise<AccountWorld> {
  const folder = await mkdtemp(join(tmpdir(), "paridad-account-"));
  const csvFile = join(folder, "fix.csv");
  await writeFile(csvFile, "date,value\n2023-12-19,17.5900\n2023-12-20,17.6000\n2023-12-21,17.6000\n");
  const system = await System.start({ csvFile, withReceiver: true, vars: PATIENT });
  await system.readUntil("the FIX is stored", async () => (await system.stored(`banxico.${FIX}`)).length === 3);
  const stop = async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { system, token: await accountToken(system), stop };
}

/** An access token of the account that the local receiver tells. */
export async function accountToken({ stack: { urls } }: System): Promise<string> {
  const account = (await (await fetch(`${urls.receiver}/account`)).json()) as Record<string, string>;
  const response = await fetch(`${urls.edge}/api/v1/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", ...account }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
