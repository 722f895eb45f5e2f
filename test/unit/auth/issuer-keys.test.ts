import { describe, expect, test } from "vitest";
import { IssuerKeys } from "#core/auth/issuer-keys.ts";
import { externalIssuer, type Issuer, ownIssuer } from "#core/auth/issuers.ts";
import { newTokenKey, signToken } from "#core/auth/jwt.ts";
import { publicKeysOf, signingKeyAt, tokenKeysSchema } from "#core/auth/token-keys.ts";
import { verifyBearer } from "#core/auth/verifier.ts";
import { InvalidSetting } from "#core/ops/settings.ts";
import { tokenSet } from "./bad-tokens.ts";

const URL = "https://paridad.example";
const NOW_MS = Date.parse("2027-01-04T18:00:00Z");
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];

async function reader() {
  const key = await newTokenKey();
  const state = { keys: [key], isAway: false, loads: 0 };
  const keys = new IssuerKeys(async () => {
    state.loads++;
    if (state.isAway) throw new Error("away");
    return publicKeysOf(state.keys);
  });
  return { key, state, keys };
}

describe("an issuer's keys", () => {
  test("are read once in five minutes", async () => {
    const { key, state, keys } = await reader();
    for (const afterMs of [0, 1, 299_999]) expect(await keys.keysFor(key.kid, NOW_MS + afterMs)).toBeDefined();
    expect(state.loads).toBe(1);
    await keys.keysFor(key.kid, NOW_MS + 5 * MINUTE_MS);
    expect(state.loads).toBe(2);
  });

  test("hold for a day while the issuer is away, and are read again when it is back", async () => {
    const { key, state, keys } = await reader();
    await keys.keysFor(key.kid, NOW_MS);
    state.isAway = true;
    expect(await keys.keysFor(key.kid, NOW_MS + 24 * HOUR_MS - 1)).toBeDefined();
    expect(await keys.keysFor(key.kid, NOW_MS + 24 * HOUR_MS)).toBeUndefined();
    state.isAway = false;
    expect(await keys.keysFor(key.kid, NOW_MS + 25 * HOUR_MS)).toBeDefined();
  });

  test("unknown ids cause one reading in half a minute", async () => {
    const { key, state, keys } = await reader();
    await keys.keysFor(key.kid, NOW_MS);
    for (let second = 0; second < 60; second++) await keys.keysFor(`made-up-${second}`, NOW_MS + second * 1_000);
    expect(state.loads).toBe(2);
    state.keys.push(await newTokenKey());
    await keys.keysFor((state.keys[1] as { kid: string }).kid, NOW_MS + MINUTE_MS);
    expect(state.loads).toBe(3);
  });
});

test("the table of bad tokens is refused", async () => {
  const { key, keys } = await reader();
  const issuers = [{ issuer: ownIssuer(URL), keys }];
  const { good, bad } = await tokenSet(URL, key, "3kTMd9vQxA", NOW_MS);
  expect(await verifyBearer(`Bearer ${good}`, issuers, NOW_MS)).toMatchObject({
    ok: true,
    token: { keyId: "3kTMd9vQxA", scopes: ["alerts:read", "keys:write"] },
  });
  for (const [name, token] of bad)
    expect([name, (await verifyBearer(`Bearer ${token}`, issuers, NOW_MS)).ok]).toEqual([name, false]);
  for (const header of [undefined, "", "Bearer", good, `Basic ${good}`, `Bearer ${good} x`])
    expect((await verifyBearer(header, issuers, NOW_MS)).ok).toBe(false);
});

test("our own tokens are accepted by ourselves and by no issuer with other rules", async () => {
  const { key, keys } = await reader();
  const issuer = ownIssuer(`${URL}/`);
  const grant = { accountId: "acc_1", keyId: "k", scopes: ["alerts:read"] as const, tokenId: "t" };
  const token = await signToken(grant, issuer, key, NOW_MS);
  const verify = (one: Issuer, atMs: number) => verifyBearer(`Bearer ${token}`, [{ issuer: one, keys }], atMs);
  expect((await verify(issuer, NOW_MS + 10 * MINUTE_MS)).ok).toBe(true);
  expect(await verify(issuer, NOW_MS + 11 * MINUTE_MS)).toMatchObject({ problem: { reason: "expired" } });
  expect((await verify({ ...issuer, claims: { token_use: "access" } }, NOW_MS)).ok).toBe(false);
});

describe("an external issuer", () => {
  const json = {
    name: "cognito",
    issuer: "https://cognito.example/pool",
    jwks_url: "https://cognito.example/pool/.well-known/jwks.json",
    algorithms: ["ES256"],
    claims: { token_use: "access" },
    scope_prefix: "paridad/",
  };

  test("has its own scopes' prefix, claims and key ids", async () => {
    const { issuer } = externalIssuer(JSON.stringify(json));
    const { key, keys } = await reader();
    const { good } = await tokenSet(issuer.iss, key, "client", NOW_MS);
    expect((await verifyBearer(`Bearer ${good}`, [{ issuer, keys }], NOW_MS)).ok).toBe(false);
    const lenient = { ...issuer, claims: {}, scopePrefix: "alerts:" };
    expect(await verifyBearer(`Bearer ${good}`, [{ issuer: lenient, keys }], NOW_MS)).toMatchObject({
      token: { keyId: "cognito:client", scopes: [] },
    });
  });

  test.each([
    ["no JSON", "{"],
    ["a symmetric algorithm", JSON.stringify({ ...json, algorithms: ["HS256"] })],
    ["none", JSON.stringify({ ...json, algorithms: ["none"] })],
    ["neither audience nor claims", JSON.stringify({ ...json, claims: {} })],
    ["an unknown field", JSON.stringify({ ...json, secret: "x" })],
  ])("is not valid with %s", (_, text) => {
    expect(() => externalIssuer(text)).toThrow(InvalidSetting);
  });
});

test("the signing key is the one that began last, and no message shows a key", async () => {
  const [old, next] = [await newTokenKey(), await newTokenKey("2027-01-04T18:10:00Z")];
  const keys = tokenKeysSchema.parse(JSON.stringify({ keys: [next, old] }));
  expect(signingKeyAt(keys, NOW_MS)?.kid).toBe(old.kid);
  expect(signingKeyAt(keys, NOW_MS + 10 * MINUTE_MS)?.kid).toBe(next.kid);
  expect(signingKeyAt([next], NOW_MS)).toBeUndefined();
  expect(JSON.stringify(publicKeysOf(keys))).not.toContain(old.d);
  for (const wrong of [{ keys: [old, old] }, { keys: [] }, { keys: [{ ...old, d: "short" }] }, [old]]) {
    const parsed = tokenKeysSchema.safeParse(JSON.stringify(wrong));
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).not.toContain(old.d);
  }
});
