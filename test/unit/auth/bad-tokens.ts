import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import type { TokenKey } from "#core/auth/token-keys.ts";

/** Tokens that no host may accept, each wrong in one way. `good` is what they would be otherwise. */

interface Recipe {
  header?: Record<string, unknown>;
  claims?: JWTPayload;
  /** Claims to leave out. */
  without?: readonly string[];
  /** Instead of the issuer's key. */
  sign?: (jwt: SignJWT) => Promise<string>;
}

export interface TokenSet {
  good: string;
  bad: readonly (readonly [name: string, token: string])[];
}

const MINUTE = 60;

/** Made at an instant in epoch milliseconds, for the issuer of this URL and a key that it has. */
export async function tokenSet(publicUrl: string, key: TokenKey, keyId: string, nowMs: number): Promise<TokenSet> {
  const now = Math.floor(nowMs / 1_000);
  const privateKey = await importJWK(key, "ES256");
  const make = async ({ header = {}, claims = {}, without = [], sign }: Recipe = {}) => {
    const usual: JWTPayload = {
      iss: publicUrl,
      aud: publicUrl,
      sub: "acc_test",
      client_id: keyId,
      scope: "alerts:read keys:write",
      jti: "tok_test",
      iat: now,
      exp: now + 10 * MINUTE,
    };
    const all = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([name]) => !without.includes(name)));
    const jwt = new SignJWT(all).setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...header });
    return sign ? sign(jwt) : jwt.sign(privateKey);
  };
  const other = await generateKeyPair("ES256", { extractable: true });
  const rsa = await generateKeyPair("RS256");
  const publicBytes = new TextEncoder().encode(JSON.stringify({ x: key.x, y: key.y }));
  const good = await make();
  const [head = "", body = "", signature = ""] = good.split(".");
  const encoded = (value: object) =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
  const embedded = await exportJWK(other.publicKey);
  const required = ["exp", "iat", "sub", "client_id", "scope", "jti", "iss", "aud"];

  const bad: (readonly [string, string])[] = [
    ["one of another issuer", await make({ claims: { iss: "https://elsewhere.example" } })],
    ["one for another audience", await make({ claims: { aud: "https://elsewhere.example" } })],
    ["one that has expired", await make({ claims: { iat: now - 15 * MINUTE, exp: now - 5 * MINUTE } })],
    ["one that is older than any of ours may be", await make({ claims: { iat: now - 25 * MINUTE } })],
    ["one from the future", await make({ claims: { iat: now + 5 * MINUTE, exp: now + 10 * MINUTE } })],
    ["one that is not valid yet", await make({ claims: { nbf: now + 5 * MINUTE } })],
    ["an ID token", await make({ header: { typ: "JWT" } })],
    ["one without a type", await make({ header: { typ: undefined } })],
    ["one of an unknown key", await make({ header: { kid: "unknown" } })],
    ["one without a key's name", await make({ header: { kid: undefined } })],
    ["one that another key signed", await make({ sign: (jwt) => jwt.sign(other.privateKey) })],
    [
      "one that brings its key along",
      await make({ header: { jwk: embedded }, sign: (jwt) => jwt.sign(other.privateKey) }),
    ],
    ["HS256 by the public key", await make({ header: { alg: "HS256" }, sign: (jwt) => jwt.sign(publicBytes) })],
    ["RS256", await make({ header: { alg: "RS256" }, sign: (jwt) => jwt.sign(rsa.privateKey) })],
    ["an unsigned one", `${encoded({ alg: "none", typ: "at+jwt", kid: key.kid })}.${body}.`],
    ["one without its signature", `${head}.${body}.`],
    ["one whose body was changed", `${head}.${encoded({ iss: publicUrl, scope: "admin:quarantine" })}.${signature}`],
    ["one whose signature was cut", good.slice(0, -4)],
    [
      "a critical extension",
      `${encoded({ alg: "ES256", typ: "at+jwt", kid: key.kid, crit: ["x"], x: 1 })}.${body}.${signature}`,
    ],
    ["a scope that is a list", await make({ claims: { scope: ["alerts:read"] } })],
    ["a client that is a number", await make({ claims: { client_id: 5 } })],
    ["an expiry that is text", await make({ claims: { exp: "tomorrow" as unknown as number } })],
    ["one that is too long", await make({ claims: { padding: "x".repeat(5_000) } })],
    ["no token at all", "abc"],
    ["empty parts", ".."],
  ];
  for (const name of required) bad.push([`one without ${name}`, await make({ without: [name] })]);
  return { good, bad };
}
