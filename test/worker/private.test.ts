import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { describe, expect, inject, test } from "vitest";
import { PRIVATE_ENDPOINTS } from "#core/api/private/endpoint-list.ts";
import { newTokenKey } from "#core/auth/jwt.ts";
import { publicKeysOf, type TokenKey } from "#core/auth/token-keys.ts";
import { createHandler } from "../../worker/app.ts";
import { createServices } from "../../worker/services.ts";
import { tokenSet } from "../unit/auth/bad-tokens.ts";
import { TestClock, testBindings } from "./support.ts";

type Respond = (request: Request) => Response | Promise<Response>;

const REDIS = { UPSTASH_REDIS_REST_URL: inject("upstashOf").private };
const ACCOUNT = "/api/v1/account";

/** An isolate before an origin that has a signing key, and responds as a test says. */
async function isolate(bindings: Record<string, unknown> = {}) {
  const key = await newTokenKey();
  const clock = new TestClock();
  const requests: { url: string; method: string; headers: Headers; body: string }[] = [];
  const origin: { keys: TokenKey[]; jwks: Respond; respond: Respond } = {
    keys: [key],
    jwks: () => Response.json(publicKeysOf(origin.keys)),
    respond: () => Response.json({ id: "acc_test" }, { headers: { "Set-Cookie": "a=b", "Cache-Control": "no-store" } }),
  };
  const given = testBindings({ ...REDIS, RATE_LIMITER: undefined, PRIVATE_RATE_LIMITER: undefined, ...bindings });
  const services = createServices(given, {
    now: clock.now,
    log: () => undefined,
    fetch: async (input, init) => {
      const request = new Request(input as RequestInfo, init as RequestInit);
      if (request.url.endsWith("/.well-known/jwks.json")) return origin.jwks(request);
      const { url, method, headers } = request;
      requests.push({ url, method, headers, body: await request.clone().text() });
      return Promise.race([origin.respond(request), abortOf((init as RequestInit).signal)]);
    },
  });
  const handle = createHandler(services);
  const ask = async (asked: string | Request, init?: RequestInit): Promise<Response> => {
    const context = createExecutionContext();
    const request = typeof asked === "string" ? new Request(`https://paridad.example.com${asked}`, init) : asked;
    const response = await handle(request, context);
    await waitOnExecutionContext(context);
    return response;
  };
  const publicUrl = given.PUBLIC_URL as string;
  const { good, bad } = await tokenSet(publicUrl, key, "3kTMd9vQxA", clock.ms);
  const authorized = { Authorization: `Bearer ${good}` };
  return { ask, origin, requests, clock, services, key, publicUrl, good, bad, authorized };
}

function abortOf(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

test("bad tokens are refused on every private endpoint, before they reach the origin", async () => {
  const { ask, bad, requests } = await isolate();
  for (const { method, path } of PRIVATE_ENDPOINTS)
    for (const [name, token] of bad) {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await ask(path.replace(/\{\w+\}/, "x"), { method: method.toUpperCase(), headers });
      expect([path, name, response.status, response.headers.get("WWW-Authenticate")]).toEqual([
        path,
        name,
        401,
        'Bearer realm="paridad", error="invalid_token"',
      ]);
    }
  const missing = await ask(ACCOUNT);
  expect([missing.status, missing.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="paridad"']);
  expect(requests).toEqual([]);
});

test("a good one is forwarded beside the edge's own, and the response is for the client alone", async () => {
  const { ask, good, requests, authorized } = await isolate();
  const response = await ask(`${ACCOUNT}/`, { headers: { ...authorized, Cookie: "secret" } });
  expect([response.status, await response.json()]).toEqual([200, { id: "acc_test" }]);
  expect(response.headers.get("Cache-Control")).toBe("private, no-store");
  expect(response.headers.get("RateLimit-Policy")).toBe('"burst";q=600;w=60');
  expect(response.headers.has("Set-Cookie")).toBe(false);
  const [{ url, headers }] = requests as [(typeof requests)[0]];
  expect(new URL(url).pathname).toBe(ACCOUNT);
  expect(headers.get("Authorization")).toBe("Bearer local-edge-token-0123456789abcdef");
  expect(headers.get("Paridad-Authorization")).toBe(`Bearer ${good}`);
  expect(headers.has("Cookie")).toBe(false);
});

test("a client can't forward a token itself", async () => {
  const { ask, good, requests } = await isolate();
  expect((await ask(ACCOUNT, { headers: { "Paridad-Authorization": `Bearer ${good}` } })).status).toBe(401);
  await ask("/api/v1/oauth/token", { method: "POST", body: "a=b", headers: { "Paridad-Authorization": "x" } });
  expect(requests.map(({ headers }) => headers.get("Paridad-Authorization"))).toEqual([null]);
});

test("what a client sends as the body of a GET is dropped, as fetch takes none", async () => {
  const { ask, requests, authorized } = await isolate();
  // workerd makes no such request itself, and passes on those that come in.
  const request = new Request(`https://paridad.example.com${ACCOUNT}`, {
    method: "POST",
    headers: authorized,
    body: "{}",
  });
  Object.defineProperty(request, "method", { value: "GET" });
  expect((await ask(request)).status).toBe(200);
  expect(requests.map(({ body }) => body)).toEqual([""]);
});

test("a request for a token needs none, and takes its body and credentials along", async () => {
  const { ask, requests } = await isolate();
  const headers = { Authorization: "Basic YTpi", "Content-Type": "application/x-www-form-urlencoded" };
  await ask("/api/v1/oauth/token/", { method: "POST", headers, body: "grant_type=client_credentials" });
  expect(requests).toMatchObject([{ method: "POST", body: "grant_type=client_credentials" }]);
  expect(requests[0]?.headers.get("Paridad-Authorization")).toBe("Basic YTpi");
  expect(requests[0]?.headers.get("Content-Type")).toBe("application/x-www-form-urlencoded");
});

test("a body of more than 16 kB goes nowhere", async () => {
  const { ask, requests, authorized } = await isolate();
  const response = await ask("/api/v1/keys", { method: "POST", headers: authorized, body: "x".repeat(16_385) });
  expect([response.status, requests.length]).toEqual([413, 0]);
});

describe("an origin that does not respond", () => {
  const DEADLINE_MS = 1;
  const unreachable = (): never => {
    throw new TypeError("network connection lost");
  };

  test.each([
    ["GET", {}, 2],
    ["POST", {}, 1],
    ["POST", { "Idempotency-Key": "a" }, 2],
    ["PATCH", {}, 1],
    ["DELETE", {}, 1],
  ])("%s with %o is tried %i times, and then is a 503", async (method, headers, count) => {
    const { ask, origin, requests, authorized } = await isolate();
    origin.respond = unreachable;
    const response = await ask("/api/v1/keys", { method, headers: { ...authorized, ...headers } });
    expect([response.status, response.headers.get("Retry-After"), requests.length]).toEqual([503, "5", count]);
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
  });

  test("in time for a page is waited for, and one that hangs is a 503", async () => {
    const late = await isolate({ ORIGIN_DEADLINE_MS: String(DEADLINE_MS) });
    const { respond } = late.origin;
    late.origin.respond = async (request) => {
      await abortOf(AbortSignal.timeout(DEADLINE_MS)).catch(() => undefined);
      return respond(request);
    };
    expect((await late.ask("/api/v1/keys", { method: "POST", headers: late.authorized })).status).toBe(200);
    const hanging = await isolate({ ORIGIN_PATIENCE_MS: String(DEADLINE_MS) });
    hanging.origin.respond = () => new Promise(() => undefined);
    expect((await hanging.ask(ACCOUNT, { headers: hanging.authorized })).status).toBe(503);
  });

  test("nor does the page of a load balancer count as its response", async () => {
    const { ask, origin, authorized } = await isolate();
    origin.respond = () => new Response("<html>", { status: 502, headers: { "Content-Type": "text/html" } });
    expect((await ask(ACCOUNT, { headers: authorized })).status).toBe(503);
  });

  test("what it refuses comes through as it is", async () => {
    const { ask, origin, authorized } = await isolate();
    const headers = {
      "Cache-Control": "no-store",
      "Content-Type": "application/problem+json",
      "WWW-Authenticate": "Bearer x",
    };
    origin.respond = () => new Response('{"code":"unauthorized"}', { status: 401, headers });
    const response = await ask(ACCOUNT, { headers: authorized });
    expect([response.status, response.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer x"]);
  });

  test("keys: the last good copy verifies for a day, a new isolate takes the data centre's", async () => {
    const { ask, origin, authorized, clock, services, key, publicUrl } = await isolate();
    expect((await ask(ACCOUNT, { headers: authorized })).status).toBe(200);
    origin.jwks = unreachable;
    clock.advance(23 * 3_600_000);
    expect(await services.jwks.load()).toEqual(publicKeysOf([key]));
    const { good } = await tokenSet(publicUrl, key, "k", clock.ms);
    expect((await ask(ACCOUNT, { headers: { Authorization: `Bearer ${good}` } })).status).toBe(200);
    clock.advance(2 * 3_600_000);
    await expect(services.jwks.load()).rejects.toThrow();
  });

  test("keys: without any copy a token can't be judged", async () => {
    const { ask, origin, authorized } = await isolate();
    origin.jwks = () => new Response("Not found", { status: 404 });
    expect((await ask(ACCOUNT, { headers: authorized })).status).toBe(503);
    expect((await ask("/.well-known/jwks.json")).status).toBe(503);
  });
});

test("the keys are public, and the private ones are not among them", async () => {
  const { ask, key } = await isolate();
  const response = await ask("/.well-known/jwks.json");
  expect(response.headers.get("Cache-Control")).toBe("public, max-age=300");
  expect(await response.text()).not.toContain(key.d);
});

test("each key has a limit of its own", async () => {
  const asked: string[] = [];
  const limiter = { limit: async ({ key }: { key: string }) => ({ success: asked.push(key) < 2 }) };
  const { ask, authorized } = await isolate({ PRIVATE_RATE_LIMITER: limiter });
  expect((await ask(ACCOUNT, { headers: authorized })).status).toBe(200);
  const refused = await ask(ACCOUNT, { headers: authorized });
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);
  expect(asked).toEqual(["key:3kTMd9vQxA", "key:3kTMd9vQxA"]);
});

test("a read that names a private provider is left to the origin, and nobody keeps its response", async () => {
  const { ask, requests, authorized, services } = await isolate({ PROVIDERS: "banxico,exchangerate-api" });
  const path = "/api/v1/rates/current?base=USD&provider=exchangerate-api&quote=EUR";
  expect((await ask(path)).status).toBe(401);
  for (const one of [path, `${path}&format=csv`, "/api/v1/rates/current?provider=exchangerate-api"]) {
    const response = await ask(one, { headers: authorized });
    expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "private, no-store"]);
    expect(response.headers.has("Cloudflare-CDN-Cache-Control")).toBe(false);
  }
  expect(requests.map(({ url }) => new URL(url).pathname)).toEqual(Array(3).fill("/api/v1/rates/current"));
  expect(services.hotResponses.find(path, services.now())).toBeUndefined();
  expect((await ask("/api/v1/rates/current?provider=banxico")).headers.get("Cache-Control")).not.toBe(
    "private, no-store",
  );
});

test("OPTIONS names the methods, and reads of rates never look at a credential", async () => {
  const { ask, requests } = await isolate();
  const preflight = await ask("/api/v1/keys", { method: "OPTIONS" });
  expect([preflight.status, preflight.headers.get("Access-Control-Allow-Methods")]).toEqual([
    204,
    "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
  ]);
  const response = await ask("/api/v1/currencies", { headers: { Authorization: "Bearer nonsense" } });
  expect(response.headers.has("RateLimit-Policy")).toBe(false);
  expect(response.status).not.toBe(401);
  expect(requests.filter(({ url }) => !url.includes("/internal/"))).toEqual([]);
});
