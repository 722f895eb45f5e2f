import { z } from "zod";
import { parseJson } from "../ops/parse-json.ts";
import { TOKEN_ALGORITHM } from "./issuers.ts";

/** The keys that sign our access tokens: several during a rotation. All are published; one signs. */

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes in base64url");

const keySchema = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: coordinate,
  y: coordinate,
  d: coordinate,
  kid: z.string().min(1).max(100),
  /** From when it signs: it must have been published for ten minutes by then. Absent: always. */
  signs_from: z.iso.datetime().optional(),
});

export type TokenKey = z.infer<typeof keySchema>;

/** A public key as /.well-known/jwks.json has it. */
export interface PublicKey {
  kty: string;
  kid: string;
  alg: string;
  use: "sig";
  [member: string]: string;
}

/** TOKEN_KEYS of the environment: `{"keys":[…]}`, private JWKs. No message quotes a value. */
export const tokenKeysSchema = z.string().transform((text, context): readonly TokenKey[] => {
  const parsed = z.object({ keys: z.array(keySchema).min(1).max(5) }).safeParse(parseJson(text));
  const keys = parsed.data?.keys ?? [];
  const areDistinct = new Set(keys.map(({ kid }) => kid)).size === keys.length;
  if (parsed.success && areDistinct) return keys;
  context.addIssue({ code: "custom", message: 'must be {"keys":[…]} with private P-256 JWKs of different kid' });
  return z.NEVER;
});

/** What everybody may know of the keys, those that do not sign yet included. */
export function publicKeysOf(keys: readonly TokenKey[]): { keys: PublicKey[] } {
  return {
    keys: keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, alg: TOKEN_ALGORITHM, use: "sig" })),
  };
}

/** The key that signs at an instant: the one that began last. Undefined if none has begun. */
export function signingKeyAt(keys: readonly TokenKey[], nowMs: number): TokenKey | undefined {
  const startMs = ({ signs_from }: TokenKey) => (signs_from === undefined ? 0 : Date.parse(signs_from));
  return keys
    .filter((key) => startMs(key) <= nowMs)
    .reduce<TokenKey | undefined>(
      (latest, key) => (latest === undefined || startMs(key) > startMs(latest) ? key : latest),
      undefined,
    );
}
