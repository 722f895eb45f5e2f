import { z } from "zod";
import { once } from "../ops/once.ts";

/** An issuer's public keys (RFC 7517). jose looks at each key itself. */
export interface KeySet {
  keys: readonly Readonly<Record<string, unknown>>[];
}

const keySetSchema = once(() => z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(100) }));

/** The keys in a parsed JWKS. Throws if it is none. */
export function keySetOf(json: unknown): KeySet {
  return keySetSchema().parse(json);
}
