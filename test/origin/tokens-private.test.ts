import { describe, expect, test } from "vitest";
import { PRIVATE_ENDPOINTS } from "#core/api/private/endpoint-list.ts";
import { isPrivatePath } from "#core/api/private/paths.ts";
import { newTokenKey } from "#core/auth/jwt.ts";
import { ALL_SCOPES } from "#core/auth/scopes.ts";
import { TOKENS_PER_MINUTE } from "#core/auth/token-limit.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { tokenSet } from "../unit/auth/bad-tokens.ts";
import { TOKEN } from "./origin.ts";
import { createPrivateOrigin, PUBLIC_URL } from "./private.ts";

const MINUTE_MS = 60_000;
const concrete = (path: string) => path.replace("/api/v1", "").replace(/\{\w+\}/g, "unknown");

describe("access tokens", () => {
  test("that are bad are refused, whether forwarded by the edge or not", async () => {
    const { account, call, clock, tokenKeys, lines } = await createPrivateOrigin();
    const key = await account();
    const { good, bad } = await tokenSet(PUBLIC_URL, tokenKeys[0] as (typeof tokenKeys)[0], key.id, clock.ms);
    const forwarded = (token: string) =>
      call("GET", "/account", TOKEN, undefined, { "Paridad-Authorization": `Bearer ${token}` });
    expect([(await call("GET", "/account", good)).status, (await forwarded(good)).status]).toEqual([200, 200]);
    for (const [name, token] of bad)
      for (const response of [
        await forwarded(token),
        ...(await Promise.all(
          PRIVATE_ENDPOINTS.map(({ method, path }) => call(method.toUpperCase(), concrete(path), token)),
        )),
      ])
        expect([name, response.status, response.headers.get("WWW-Authenticate")]).toEqual([
          name,
          401,
          'Bearer realm="paridad", error="invalid_token"',
        ]);
    expect(JSON.stringify(lines)).not.toContain(good);
  });

  test("the header of the edge is nothing without its token", async () => {
    const { account, call, tokenOf } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    const header = { "Paridad-Authorization": `Bearer ${token}` };
    expect((await call("GET", "/account", undefined, undefined, header)).status).toBe(401);
  });

  test("end when the account is disabled, and go on when it may be used again", async () => {
    const { account, call, tokenOf, services, clock } = await createPrivateOrigin();
    const key = await account();
    const token = await tokenOf(key);
    await services.accounts.ledger((ledger) => ledger.setDisabled(key.accountId, clock.ms));
    expect((await call("GET", "/account", token)).status).toBe(401);
    await services.accounts.ledger((ledger) => ledger.setDisabled(key.accountId, null));
    expect((await call("GET", "/account", token)).status).toBe(200);
  });

  test("a new key is published before it signs, and the old one verifies for as long as it is published", async () => {
    const [old, next] = [await newTokenKey(), await newTokenKey("2024-01-10T12:00:00Z")];
    const before = await createPrivateOrigin({ tokenKeys: [old, next] });
    const { account, tokenOf, call, clock, get } = before;
    clock.ms = Date.parse("2024-01-10T11:55:00Z");
    const key = await account();
    const jwks = (await (await get("/.well-known/jwks.json")).json()) as { keys: object[] };
    expect(jwks.keys.map((one) => Object.keys(one))).toEqual([
      ["kty", "crv", "x", "y", "kid", "alg", "use"],
      ["kty", "crv", "x", "y", "kid", "alg", "use"],
    ]);
    const first = await tokenOf(key);
    expect(kidOf(first)).toBe(old.kid);
    clock.ms += 5 * MINUTE_MS;
    const second = await tokenOf(key);
    expect(kidOf(second)).toBe(next.kid);
    expect([(await call("GET", "/account", first)).status, (await call("GET", "/account", second)).status]).toEqual([
      200, 200,
    ]);
  });
});

describe("POST /oauth/token", () => {
  const basic = ({ id, secret }: { id: string; secret: string }) => ({
    Authorization: `Basic ${btoa(`${id}:${secret}`)}`,
  });

  test("takes forms and JSON, and credentials in the body or as Basic authentication", async () => {
    const { account, token, app } = await createPrivateOrigin();
    const key = await account();
    const credentials = { client_id: key.id, client_secret: key.secret };
    const json = { grant_type: "client_credentials", ...credentials, scope: "alerts:read" };
    const responses = [
      await token(credentials),
      await token({}, basic(key)),
      await app.request("/api/v1/oauth/token", {
        method: "POST",
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: JSON.stringify(json),
      }),
    ];
    for (const response of responses) {
      expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "private, no-store"]);
      expect(await response.json()).toMatchObject({ token_type: "Bearer", expires_in: 600 });
    }
  });

  test("says what is wrong as RFC 6749 has it, and quotes nothing", async () => {
    const { account, token } = await createPrivateOrigin();
    const [key, other] = [await account({ scopes: ["alerts:read"] }), await account()];
    const right = { client_id: key.id, client_secret: key.secret };
    const cases: [Record<string, string>, Record<string, string>, number, string][] = [
      [{ ...right, grant_type: "password" }, {}, 400, "unsupported_grant_type"],
      [{ ...right, grant_type: "" }, {}, 400, "invalid_request"],
      [{}, {}, 401, "invalid_client"],
      [{ ...right, client_secret: other.secret }, {}, 401, "invalid_client"],
      [{ ...right, client_id: other.id }, {}, 401, "invalid_client"],
      [
        { ...right, client_secret: `${key.secret.slice(0, -1)}${key.secret.endsWith("0") ? 1 : 0}` },
        {},
        401,
        "invalid_client",
      ],
      [{ ...right, scope: "alerts:write" }, {}, 400, "invalid_scope"],
      [{ ...right, scope: "root" }, {}, 400, "invalid_scope"],
      [right, basic(key), 400, "invalid_request"],
      [{}, { Authorization: "Basic !!!" }, 401, "invalid_client"],
      [right, { "Content-Type": "text/plain" }, 400, "invalid_request"],
    ];
    for (const [fields, headers, status, error] of cases) {
      const response = await token(fields, headers);
      const text = await response.text();
      expect([fields, response.status, JSON.parse(text).error]).toEqual([fields, status, error]);
      expect(text).not.toContain("par_live_");
    }
  });

  test("is limited by key, and says how much is left", async () => {
    const { account, token, clock } = await createPrivateOrigin();
    const key = await account();
    const credentials = { client_id: key.id, client_secret: key.secret };
    const first = await token(credentials);
    expect(first.headers.get("RateLimit")).toBe(`"token";r=${TOKENS_PER_MINUTE - 1};t=60`);
    for (let count = 1; count < TOKENS_PER_MINUTE; count++) await token(credentials);
    const refused = await token(credentials);
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);
    clock.ms += MINUTE_MS;
    expect((await token(credentials)).status).toBe(200);
  });
});

describe("every private endpoint", () => {
  test.each(PRIVATE_ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    "%s: no token 401, no scope 403, and nobody may keep its response",
    async (_, { method, path, scope }) => {
      expect(isPrivatePath(path)).toBe(true);
      const { account, tokenOf, call } = await createPrivateOrigin();
      const without = ALL_SCOPES.filter((one) => one !== scope);
      const token = await tokenOf(await account({ scopes: without }));
      const responses = [
        await call(method.toUpperCase(), concrete(path)),
        await call(method.toUpperCase(), concrete(path), token),
      ];
      expect(responses[0]?.status).toBe(401);
      if (scope !== undefined) expect(responses[1]?.status).toBe(403);
      for (const { headers } of responses) expect(headers.get("Cache-Control")).toBe("private, no-store");
    },
  );

  test("another account's objects are not found, and stay", async () => {
    const { account, tokenOf, call } = await createPrivateOrigin();
    const [mine, theirs] = [await account(), await account()];
    const response = await call("DELETE", `/keys/${theirs.id}`, await tokenOf(mine));
    expect([response.status, await response.json()]).toMatchObject([404, { code: "object_not_found" }]);
    expect((await call("GET", "/account", await tokenOf(theirs))).status).toBe(200);
  });
});

test("without signing keys there is no private API", async () => {
  const { get, call } = await createPrivateOrigin({ tokenKeys: [] });
  expect(await (await get("/.well-known/jwks.json")).json()).toEqual({ keys: [] });
  expect((await call("GET", "/account")).status).toBe(404);
});

function kidOf(token: string): string {
  return JSON.parse(atob(token.split(".")[0] as string)).kid;
}

describe("a provider that may not be redistributed", () => {
  const PATH = "/api/v1/rates/current?base=USD&provider=exchangerate-api&quote=EUR";

  async function withPrivate() {
    const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ["banxico", "exchangerate-api"] });
    const origin = await createPrivateOrigin({ catalogue });
    const series = catalogue.findSeries("exchangerate-api.EUR");
    expect(series).toBeDefined();
    const batch_id = "exchangerate-api.EUR:2023:1:x";
    const reading = {
      provider: "exchangerate-api",
      series: "exchangerate-api.EUR",
      year: 2023,
      observations: [["2023-12-29", "0.9034"]],
    };
    const times = { fetched_at: new Date(origin.clock.ms).toISOString(), complete: null, based_on: null };
    const { status } = await origin.internal("readings", { batch_id, ...reading, ...times });
    expect(status).toBe(200);
    return origin;
  }

  test("is read with the scope only, and its response is for its reader alone", async () => {
    const { account, tokenOf, get } = await withPrivate();
    const key = await account();
    const read = (token: string) => get(PATH, { Authorization: `Bearer ${token}` });
    const [missing, lacking] = [await get(PATH), await read(await tokenOf(key, "alerts:read"))];
    expect([missing.status, lacking.status]).toEqual([401, 403]);
    expect(lacking.headers.get("WWW-Authenticate")).toContain('scope="rates:private"');
    const allowed = await read(await tokenOf(key, "rates:private"));
    expect(allowed.status).toBe(200);
    expect(await allowed.json()).toMatchObject({ source: { provider: "exchangerate-api" } });
    // What is in it, pages in browsers may read.
    for (const name of ["Content-Disposition", "ETag", "Paridad-Stale"])
      expect(allowed.headers.get("Access-Control-Expose-Headers")).toContain(name);
    for (const { headers } of [missing, lacking, allowed]) {
      expect(headers.get("Cache-Control")).toBe("private, no-store");
      expect([headers.get("Cloudflare-CDN-Cache-Control"), headers.get("Cache-Tag")]).toEqual([null, null]);
    }
    expect((await get(PATH)).status).toBe(401);
  });

  test("is no part of what everybody reads", async () => {
    const { get } = await withPrivate();
    for (const path of ["/api/v1/providers", "/api/v1/currencies", "/api/v1/series", "/api/v1/rates/compare"])
      expect(await (await get(path)).text()).not.toContain("exchangerate-api");
  });
});
