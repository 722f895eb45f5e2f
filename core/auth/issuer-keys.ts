import { type KeyResolver, keyResolver } from "./jwt.ts";
import type { KeySet } from "./key-set.ts";

/** Reads an issuer's public keys; throws if they can't be read. */
export type LoadKeys = () => Promise<KeySet>;

/** After this the keys are read again. */
const FRESH_MS = 300_000;
/** While they can't be read, the last good copy is used for this long. */
const HORIZON_MS = 86_400_000;
/** An unknown key id causes one reading in this time: anybody can make up ids. */
const RELOAD_MS = 30_000;

/** An issuer's public keys as a host knows them. A failing issuer does not invalidate tokens: the last good copy is kept. */
export class IssuerKeys {
  readonly #load: LoadKeys;
  #copy: { keys: KeySet; resolver: KeyResolver; loadedMs: number } | undefined;
  #triedMs = Number.NEGATIVE_INFINITY;

  constructor(load: LoadKeys) {
    this.#load = load;
  }

  /** Undefined if the keys can't be read, and no copy is recent enough. */
  async keysFor(kid: string, nowMs: number): Promise<KeyResolver | undefined> {
    const isFresh = this.#copy !== undefined && nowMs - this.#copy.loadedMs < FRESH_MS;
    const mayReload = this.#copy === undefined || nowMs - this.#triedMs >= RELOAD_MS;
    if (mayReload && !(isFresh && this.#has(kid))) await this.#reload(nowMs);
    return this.#copy !== undefined && nowMs - this.#copy.loadedMs < HORIZON_MS ? this.#copy.resolver : undefined;
  }

  async #reload(nowMs: number): Promise<void> {
    this.#triedMs = nowMs;
    try {
      const keys = await this.#load();
      this.#copy = { keys, resolver: keyResolver(keys), loadedMs: nowMs };
    } catch {
      // The next request after half a minute tries again.
    }
  }

  #has(kid: string): boolean {
    return this.#copy?.keys.keys.some((key) => key.kid === kid) ?? false;
  }
}
