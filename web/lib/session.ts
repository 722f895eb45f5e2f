import { signal } from "@preact/signals-core";
import { apiPath, type Received, RequestFailure, request } from "./api.ts";

/**
 * Who is signed in. The token lives as long as the tab (sessionStorage); the key's secret as long as the page, only to
 * renew the token. Neither is ever part of a URL.
 */

const KEY = "paridad.session";
/** A token is renewed before it ends. */
const MIN_LEFT_MS = 60_000;
const UNAUTHORIZED = 401;

interface Session {
  token: string;
  expiresAtMs: number;
}

interface Credentials {
  client_id: string;
  client_secret: string;
}

interface Issued {
  access_token: string;
  expires_in: number;
}

export const session = signal<Session | undefined>(remembered());
/** Whether the last session ended by itself. */
export const hasExpired = signal(false);
let credentials: Credentials | undefined;
let renewal: Promise<Session> | undefined;

/** Gets a token for a key. Throws RequestFailure. */
export async function signIn(clientId: string, clientSecret: string): Promise<void> {
  const given = { client_id: clientId, client_secret: clientSecret };
  keep(await issued(given));
  credentials = given;
  hasExpired.value = false;
}

/** Whether a request for a token was refused because of the key (RFC 6749, 5.2), and not for another reason. */
export function isKeyRefused({ problem }: RequestFailure): boolean {
  return problem !== undefined && "error" in problem && problem.error === "invalid_client";
}

export function signOut(): void {
  credentials = undefined;
  keep(undefined);
}

/** A request to the private API. Throws RequestFailure; a refused token ends the session. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<Received<T>> {
  const { token } = await current();
  const headers: Record<string, string> = { Accept: "application/json", Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await request<T>(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  } catch (error) {
    if (error instanceof RequestFailure && error.problem?.status === UNAUTHORIZED) expire();
    throw error;
  }
}

/** A read of the private API, for feeds. */
export function readPrivately<T>(path: string): Promise<Received<T>> {
  return call<T>("GET", path);
}

/** The session with a token that is valid for a while. */
async function current(): Promise<Session> {
  const found = session.peek();
  if (found && found.expiresAtMs - Date.now() > (credentials ? MIN_LEFT_MS : 0)) return found;
  if (!credentials) {
    expire();
    throw new RequestFailure(undefined);
  }
  renewal ??= renew(credentials).finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function renew(by: Credentials): Promise<Session> {
  try {
    const made = await issued(by);
    // Unless the reader has signed out since.
    if (credentials === by) keep(made);
    return made;
  } catch (error) {
    if (error instanceof RequestFailure && isKeyRefused(error)) expire();
    throw error;
  }
}

async function issued(by: Credentials): Promise<Session> {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...by });
  // Without credentials of its own the browser asks for none when the key is refused.
  const { data } = await request<Issued>(apiPath("/oauth/token"), { method: "POST", body, credentials: "omit" });
  return { token: data.access_token, expiresAtMs: Date.now() + data.expires_in * 1_000 };
}

function expire(): void {
  // The first of several requests ends it.
  if (session.peek()) hasExpired.value = true;
  signOut();
}

function keep(made: Session | undefined): void {
  session.value = made;
  try {
    if (made) sessionStorage.setItem(KEY, JSON.stringify(made));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage a session lasts as long as the page.
  }
}

function remembered(): Session | undefined {
  try {
    const kept: Session = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.expiresAtMs > Date.now() ? kept : undefined;
  } catch {
    return undefined;
  }
}
