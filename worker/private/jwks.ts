import { IssuerKeys } from "#core/auth/issuer-keys.ts";
import { ownIssuer } from "#core/auth/issuers.ts";
import { type KeySet, keySetOf } from "#core/auth/key-set.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import { readBounded } from "#core/ops/body.ts";
import type { Env } from "../env.ts";

const CACHE_NAME = "paridad-keys-v1";
const STORED_AT = "Paridad-Stored-At";
/** With the isolate's five minutes less than the ten for which a new key is published before it signs. */
const FRESH_MS = 120_000;
/** The last good copy of an issuer that can't be reached. */
const HORIZON_SECONDS = 86_400;
const MAX_BYTES = 65_536;

export interface JwksSettings {
  url: string;
  env: Pick<Env, "publicUrl" | "policy">;
  now: () => number;
  fetch?: typeof fetch;
  open?: (name: string) => Promise<Pick<Cache, "match" | "put">>;
}

/** An issuer's public keys, from the data centre's cache or from the issuer. */
export class Jwks {
  readonly #settings: JwksSettings;

  constructor(settings: JwksSettings) {
    this.#settings = settings;
  }

  /** Throws if the issuer can't be reached and no copy is left. */
  async load(): Promise<KeySet> {
    const { now } = this.#settings;
    const copy = await this.#cached().catch(() => undefined);
    if (copy !== undefined && now() - copy.storedAtMs < FRESH_MS) return copy.keys;
    try {
      const keys = await this.#read();
      await this.#keep(keys).catch(() => undefined);
      return keys;
    } catch (error) {
      if (copy !== undefined && now() - copy.storedAtMs < HORIZON_SECONDS * 1_000) return copy.keys;
      throw error;
    }
  }

  async #read(): Promise<KeySet> {
    const { url, env, fetch: send = fetch } = this.#settings;
    const signal = AbortSignal.timeout(env.policy.ORIGIN_DEADLINE_MS);
    const response = await send(url, { signal, redirect: "manual", headers: { Accept: "application/json" } });
    const text = await readBounded(response, MAX_BYTES);
    if (!response.ok || text === undefined) throw new Error(`keys of ${new URL(url).host}: ${response.status}`);
    return keySetOf(JSON.parse(text));
  }

  async #cached(): Promise<{ keys: KeySet; storedAtMs: number } | undefined> {
    const response = await (await this.#open()).match(this.#key());
    if (response === undefined) return undefined;
    return { keys: keySetOf(await response.json()), storedAtMs: Number(response.headers.get(STORED_AT)) };
  }

  async #keep(keys: KeySet): Promise<void> {
    const headers = {
      "Cache-Control": `public, max-age=${HORIZON_SECONDS}`,
      [STORED_AT]: String(this.#settings.now()),
    };
    await (await this.#open()).put(this.#key(), Response.json(keys, { headers }));
  }

  #open(): Promise<Pick<Cache, "match" | "put">> {
    return (this.#settings.open ?? ((name) => caches.open(name)))(CACHE_NAME);
  }

  /** Under our own host name: the Cache API stores no others. */
  #key(): Request {
    const { url, env } = this.#settings;
    return new Request(new URL(`/.keys/${encodeURIComponent(url)}`, env.publicUrl));
  }
}

/** Whose access tokens the edge accepts: the origin's first, and those of the issuer in its environment. */
export function trustedIssuers(
  env: Env,
  own: Jwks,
  now: () => number,
  send?: typeof fetch,
): [TrustedIssuer, ...TrustedIssuer[]] {
  const issuers: [TrustedIssuer] = [{ issuer: ownIssuer(env.publicUrl), keys: new IssuerKeys(() => own.load()) }];
  if (env.externalIssuer === undefined) return issuers;
  const { issuer, jwksUrl } = env.externalIssuer;
  const jwks = new Jwks({ url: jwksUrl, env, now, ...(send && { fetch: send }) });
  return [...issuers, { issuer, keys: new IssuerKeys(() => jwks.load()) }];
}
