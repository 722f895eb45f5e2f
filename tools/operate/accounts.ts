import { newTokenKey } from "#core/auth/jwt.ts";
import { isPlan, PLAN_NAMES, type Plan } from "#core/auth/plans.ts";
import { ALL_SCOPES, isScope, type Scope } from "#core/auth/scopes.ts";
import { orExit, readCommandLine, UsageError } from "../../origin/command-line.ts";
import { toolDatabase } from "../../origin/default-database.ts";
import { readEnv } from "../../origin/env.ts";
import { reasonOf } from "../../origin/ops/log.ts";
import { Accounts, type AddedKey } from "../../origin/store/accounts.ts";
import { openStore, whichStore } from "../../origin/store/open.ts";

const USAGE = `Usage: npm run accounts -- COMMAND [options]
Accounts and their keys, in the database that DATABASE_URL names (otherwise that of the last npm run dev).

  create NAME          a new account and its first key, which is shown once
  list                 all accounts, with their keys
  disable ACCOUNT      refuses its tokens and keys at once
  enable ACCOUNT       lets it be used again
  plan ACCOUNT PLAN    changes its plan: ${PLAN_NAMES.join(", ")}
  key ACCOUNT NAME     a further key, which is shown once
  revoke KEY           refuses the key and its tokens at once
  token-key            prints a new signing key for TOKEN_KEYS; the database is not used

  --scopes A,B         of the new key (all but admin:quarantine and rates:private); with create or key, as the next two
  --expires TIME       of the new key, e.g. 2027-12-31T00:00:00Z (never)
  --external ID        of the new key: a client of another issuer, as ISSUER:CLIENT, instead of a secret
  --plan PLAN          of the new account (standard)
  --signs-from TIME    of the signing key: when it is to sign; at least ten minutes after all instances have it
For example: npm run accounts -- create "Treasury" --scopes alerts:read,alerts:write`;

const DEFAULT_SCOPES = ALL_SCOPES.filter((scope) => scope !== "admin:quarantine" && scope !== "rates:private");
/** What `create` and `key` take for the new key. */
const KEY_OPTIONS = ["scopes", "expires", "external"] as const;
const EXTERNAL_ID = /^[a-z][a-z0-9-]{0,19}:\S{1,79}$/;
const MAX_NAME_LENGTH = 100;

const { values, positionals } = readCommandLine(
  USAGE,
  {
    scopes: { type: "string" },
    plan: { type: "string" },
    expires: { type: "string" },
    external: { type: "string" },
    "signs-from": { type: "string" },
  },
  { maxPositionals: 3 },
);
const nowMs = Date.now();

try {
  const run = orExit(() => commandOf(positionals));
  if (positionals[0] === "token-key") console.log(JSON.stringify(await newTokenKey(signsFrom())));
  else await withAccounts(run);
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}

async function withAccounts(work: (accounts: Accounts) => Promise<void>): Promise<void> {
  const { databaseUrl } = readEnv({ DATABASE_URL: toolDatabase(process.env) });
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  try {
    await work(new Accounts(store));
  } finally {
    await store.close();
  }
}

/** What a command line asks for. Throws UsageError if it is not one. */
function commandOf([command, ...args]: readonly string[]): (accounts: Accounts) => Promise<void> {
  const [first = "", second = ""] = args;
  const takes = (count: number, ...options: readonly string[]) => {
    if (args.length !== count) throw new UsageError(`${command} takes ${count} arguments, not ${args.length}`);
    const other = Object.keys(values).find((name) => !options.includes(name));
    if (other !== undefined) throw new UsageError(`${command} does not take --${other}`);
  };
  switch (command) {
    case "create": {
      takes(1, "plan", ...KEY_OPTIONS);
      const account = { name: nameIn(first), plan: planIn(values.plan ?? "standard"), ...keyRights() };
      return async (accounts) => show(await accounts.createAccount(account, nowMs));
    }
    case "list":
      takes(0);
      return list;
    case "disable":
    case "enable":
      takes(1);
      return async (accounts) => {
        const atMs = command === "disable" ? nowMs : null;
        existing(await accounts.ledger((ledger) => ledger.setDisabled(first, atMs)), `account ${first}`);
        console.log(`${first} is ${command}d.`);
      };
    case "plan": {
      takes(2);
      const plan = planIn(second);
      return async (accounts) => {
        existing(await accounts.ledger((ledger) => ledger.setPlan(first, plan)), `account ${first}`);
        console.log(`${first} has the plan ${plan}.`);
      };
    }
    case "key": {
      takes(2, ...KEY_OPTIONS);
      const key = { accountId: first, name: nameIn(second), ...keyRights() };
      return async (accounts) => show(existing(await accounts.createKey(key, nowMs), `account ${first}`));
    }
    case "revoke":
      takes(1);
      return async (accounts) => {
        const isRevoked = await accounts.ledger(async (ledger) => {
          const key = await ledger.key(first);
          return key !== undefined && (await ledger.revokeKey(key.accountId, key.id, nowMs));
        });
        existing(isRevoked, `key ${first} in force`);
        console.log(`${first} is revoked.`);
      };
    case "token-key":
      takes(0, "signs-from");
      signsFrom();
      return async () => undefined;
    default:
      throw new UsageError(command === undefined ? "A command is missing" : `Not a command: '${command}'`);
  }
}

async function list(accounts: Accounts): Promise<void> {
  await accounts.ledger(async (ledger) => {
    const all = await ledger.accounts();
    for (const { id, name, plan, createdAtMs, disabledAtMs } of all) {
      console.log(`${id}  ${name}  ${plan}, created ${day(createdAtMs)}${disabledAtMs === null ? "" : ", disabled"}`);
      for (const key of await ledger.keys(id)) {
        const used = key.lastUsedAtMs === null ? "never used" : `used ${new Date(key.lastUsedAtMs).toISOString()}`;
        const ends = key.expiresAtMs === null ? "" : `, expires ${new Date(key.expiresAtMs).toISOString()}`;
        console.log(`  ${key.id}  ${key.name}  ${used}${ends}  ${key.scopes.join(" ")}`);
      }
    }
    if (all.length === 0) console.log("There are no accounts.");
  });
}

function show({ accountId, id, secret }: AddedKey): void {
  console.log(`account        ${accountId}\nclient_id      ${id}`);
  if (secret !== undefined) console.log(`client_secret  ${secret}\nThe secret is not stored, and not shown again.`);
}

function existing<T>(found: T | false | undefined, what: string): T {
  if (found === false || found === undefined) throw new Error(`there is no ${what}`);
  return found;
}

function nameIn(text: string): string {
  if (text !== "" && text.length <= MAX_NAME_LENGTH) return text;
  throw new UsageError(`A name has 1 to ${MAX_NAME_LENGTH} characters`);
}

function planIn(text: string): Plan {
  if (isPlan(text)) return text;
  throw new UsageError(`A plan is one of ${PLAN_NAMES.join(", ")}, not '${text}'`);
}

function scopesIn(text: string | undefined): readonly Scope[] {
  if (text === undefined) return DEFAULT_SCOPES;
  const names = text.split(/[ ,]+/).filter((name) => name !== "");
  const unknown = names.find((name) => !isScope(name));
  if (unknown === undefined && names.length > 0) return names.filter(isScope);
  throw new UsageError(`--scopes must be some of ${ALL_SCOPES.join(",")}, not '${unknown ?? ""}'`);
}

function keyRights() {
  const { expires, external: externalId } = values;
  if (externalId !== undefined && !EXTERNAL_ID.test(externalId))
    throw new UsageError(`--external must be ISSUER:CLIENT, not '${externalId}'`);
  const expiresAtMs = expires === undefined ? null : instantIn("expires", expires);
  return { scopes: scopesIn(values.scopes), externalId, expiresAtMs };
}

function instantIn(option: string, text: string): number {
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?Z$/.test(text) && !Number.isNaN(ms)) return ms;
  throw new UsageError(`--${option} must be an instant such as 2027-12-31T00:00:00Z, not '${text}'`);
}

function signsFrom(): string | undefined {
  const text = values["signs-from"];
  return text === undefined ? undefined : new Date(instantIn("signs-from", text)).toISOString();
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
