import { newTokenKey } from "#core/auth/jwt.ts";
import type { Plan } from "#core/auth/plans.ts";
import { ALL_SCOPES, type Scope } from "#core/auth/scopes.ts";
import type { Accounts } from "../../origin/store/accounts.ts";
import { createOrigin } from "./origin.ts";

export const PUBLIC_URL = "https://paridad.example";

/** For a busy machine: nothing hangs here. */
const PATIENT = { readMs: 20_000, writeMs: 20_000 };

export interface TestKey {
  accountId: string;
  id: string;
  secret: string;
}

/** A new account with one key, as an operator makes them. */
export async function createAccount(
  accounts: Accounts,
  nowMs: number,
  { scopes = ALL_SCOPES, plan = "standard" as Plan }: { scopes?: readonly Scope[]; plan?: Plan } = {},
): Promise<TestKey> {
  const { accountId, id, secret = "" } = await accounts.createAccount({ name: "Test", plan, scopes }, nowMs);
  return { accountId, id, secret };
}

/** An origin that issues tokens, and requests to its private API. */
export async function createPrivateOrigin(settings: Parameters<typeof createOrigin>[0] = {}) {
  const tokenKeys = [await newTokenKey()];
  const origin = await createOrigin({ publicUrl: PUBLIC_URL, tokenKeys, ...settings }, PATIENT);
  const { app, services, clock } = origin;

  const token = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.request("/api/v1/oauth/token", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams({ grant_type: "client_credentials", ...fields }).toString(),
    });
  const tokenOf = async ({ id, secret }: TestKey, scope = ""): Promise<string> => {
    const response = await token({ client_id: id, client_secret: secret, ...(scope && { scope }) });
    if (response.status !== 200) throw new Error(`no token: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const call = (method: string, path: string, bearer?: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`/api/v1${path}`, {
      method,
      headers: {
        ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const account = (options?: Parameters<typeof createAccount>[2]) =>
    createAccount(services.accounts, clock.ms, options);
  return { ...origin, tokenKeys, token, tokenOf, call, account };
}

/** Two accounts of such an origin, and requests of the first, or of the one whose key is given. */
export async function createAccountsOrigin(settings: Parameters<typeof createPrivateOrigin>[0] = {}) {
  const origin = await createPrivateOrigin(settings);
  const [own, other] = [await origin.account(), await origin.account()];
  const call = async <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    { key = own, headers = {} as Record<string, string> } = {},
  ) => {
    // The clock may have moved further than a token lives.
    const response = await origin.call(method, path, await origin.tokenOf(key), body, headers);
    const text = await response.text();
    return { status: response.status, headers: response.headers, content: (text && JSON.parse(text)) as T };
  };
  return { ...origin, call, own, other };
}
