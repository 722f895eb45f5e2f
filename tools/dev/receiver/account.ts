import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { ALL_SCOPES } from "#core/auth/scopes.ts";
import { Accounts } from "../../../origin/store/accounts.ts";
import { openStore } from "../../../origin/store/open.ts";

/** The ready-made account of a stack on this machine: what a request for a token needs. */
export interface LocalAccount {
  client_id: string;
  client_secret: string;
}

const accountSchema = z.object({ client_id: z.string(), client_secret: z.string() });

/** The account that the stack's folder remembers, or a new one if its database does not have it. All scopes, the largest plan. */
export async function localAccount(stateDir: string, databaseUrl: string, nowMs: number): Promise<LocalAccount> {
  const file = `${stateDir}/local-account.json`;
  const store = await openStore(databaseUrl);
  try {
    const accounts = new Accounts(store);
    const known = existsSync(file) ? accountSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data : undefined;
    if (known !== undefined && (await accounts.holderOf(known.client_secret, nowMs)) !== undefined) return known;
    const { id, secret = "" } = await accounts.createAccount(
      { name: "Local", plan: "large", scopes: ALL_SCOPES },
      nowMs,
    );
    const made = { client_id: id, client_secret: secret };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
    return made;
  } finally {
    await store.close();
  }
}
