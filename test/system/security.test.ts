import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMON_HEADERS } from "#core/api/headers.ts";
import { ROOT } from "../../tools/dev/build.ts";
import { Part } from "../../tools/dev/part.ts";
import { freePorts } from "../../tools/dev/ports.ts";
import { LOCAL } from "../../tools/dev/stack.ts";
import { PATIENT, System, until } from "../../tools/dev/system.ts";
import { curlOf, type Exchange, exchange, type FuzzRequest } from "../../tools/fuzz/request.ts";
import { Capture } from "../../tools/servers/capture.ts";
import { type Figures, writeFigures } from "./figures.ts";
import { Gate } from "./gate.ts";

/** Secrets are planted everywhere, dependencies fail with them on their lips, and everything that leaves is searched. */
const OLD_TOKEN = "planted-edge-token-old-0123456789abcdef";
const NEW_TOKEN = "planted-edge-token-new-0123456789abcdef";
const CLIENTS = "planted-by-a-client-0123456789abcdef";
const PASSWORD = "planted-password-0123456789";
const SECRETS = [OLD_TOKEN, NEW_TOKEN, CLIENTS, PASSWORD, LOCAL.redisToken, LOCAL.banxicoToken];
const INTERNALS = /node_modules|file:\/\/|\bat \w+ \(|\.[jt]s:\d+|SELECT |INSERT |command was/i;

const lines: string[] = [];
const answers: { what: string; answer: Exchange }[] = [];
let system: System;
let gate: Gate;
let sentry: Capture;
let figures: Figures;

beforeAll(async () => {
  figures = await writeFigures("2023-12-29", 300);
  sentry = await Capture.start();
  const port = await freePorts(5);
  gate = await Gate.start(`http://127.0.0.1:${port + 1}`);
  system = await System.start({
    port,
    originUrl: gate.url,
    csvFile: figures.file,
    vars: {
      ...PATIENT,
      // Mid-rotation: the edge comes with the new one, and the origin takes both.
      EDGE_TOKEN: NEW_TOKEN,
      EDGE_TOKENS: `${OLD_TOKEN},${NEW_TOKEN}`,
      SENTRY_DSN: `http://publickey@${sentry.host}/1`,
      ISOLATE_FRESH_MS: "0",
      COLO_FRESH_MS: "0",
      BREAKER_OPEN_MS: "100",
    },
    onLine: (part, line) => lines.push(`${part}: ${line}`),
  });
  await system.fill();
});
afterAll(async () => {
  await system.stop();
  await Promise.all([gate.stop(), sentry.stop(), figures.remove()]);
});

async function ask(
  target: string,
  more: Partial<FuzzRequest> = {},
  host: "edge" | "origin" = "edge",
): Promise<Exchange> {
  const request: FuzzRequest = { kind: "wild", method: "GET", target, headers: {}, ...more };
  const answer = await exchange(system.stack.urls[host], request);
  answers.push({ what: curlOf(host, request), answer });
  return answer;
}

describe("the internal API", () => {
  test("takes either token of a rotation, and nothing else", async () => {
    const status = async (authorization?: string) =>
      (
        await ask(
          "/internal/versions",
          authorization === undefined ? {} : { headers: { Authorization: authorization } },
          "origin",
        )
      ).status;
    expect(await status(`Bearer ${OLD_TOKEN}`)).toBe(200);
    expect(await status(`Bearer ${NEW_TOKEN}`)).toBe(200);
    for (const wrong of [
      undefined,
      "",
      "Bearer",
      `Basic ${NEW_TOKEN}`,
      `Bearer ${NEW_TOKEN}x`,
      `Bearer ${LOCAL.edgeToken}`,
    ])
      expect(await status(wrong), wrong).toBe(401);
  });

  test.each([
    "/internal/versions",
    "/internal",
    "/internal/",
    "//internal/versions",
    "/internal//versions",
    "/./internal/versions",
    "/x/../internal/versions",
    "/api/v1/../../internal/versions",
    "/api/v1/%2e%2e/%2e%2e/internal/versions",
    "/%69nternal/versions",
    "/internal%2fversions",
    "/%2finternal/versions",
    "/Internal/versions",
    "/INTERNAL/versions",
    "/internal;a=b/versions",
    "/internal/versions?x=/api/v1/rates/current",
    "/internal/versions#/api/v1",
    "/internal\\versions",
    "/internal/pages/banxico.SF43718/2023",
    "/health/../internal/versions",
    "/.pages/banxico.SF43718/2023",
  ])("is not reached through the worker as %s", async (target) => {
    for (const method of ["GET", "POST", "PUT", "OPTIONS"]) {
      const headers = {
        Authorization: `Bearer ${NEW_TOKEN}`,
        "X-Original-URL": "/internal/versions",
        "X-Rewrite-URL": "/internal/versions",
      };
      const { status, body } = await ask(target, { method, headers });
      expect(status === 204 || (status >= 400 && status < 500), `${method} ${status}`).toBe(true);
      expect(body).not.toMatch(/"(versions|observations|pages)"/);
    }
  });

  test("bounds what it reads, and says which field is wrong without repeating it", async () => {
    const post = (body: string, token = NEW_TOKEN) =>
      ask("/internal/observations", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body }, "origin");
    const tooLarge = await post("x".repeat(300_000));
    expect(tooLarge.status).toBe(413);
    // Kept, the connection would be cut half a second later under the next request.
    expect(tooLarge.headers.connection).toBe("close");
    expect((await post("x".repeat(300_000), "none")).status).toBe(401);
    const batch = {
      batch_id: "b",
      provider: "banxico",
      fetched_at: CLIENTS,
      observations: [{ series: CLIENTS, date: CLIENTS, value: CLIENTS }],
    };
    const { status, body } = await post(JSON.stringify(batch));
    expect(status).toBe(400);
    expect(JSON.parse(body).errors.map(({ parameter }: { parameter: string }) => parameter)).toContain("fetched_at");
    expect((await post(`{"__proto__":{"batch_id":"b"},"constructor":{"prototype":{"polluted":true}}}`)).status).toBe(
      400,
    );
  });
});

test.each(["a, b", "a,b", "b:99999", "1.2.3.400"])("a Host that is none is a problem at the edge: %s", async (host) => {
  const { status, headers, body } = await ask("/api/v1/rates/current", { headers: { Host: host } });
  expect([status, headers["access-control-allow-origin"], JSON.parse(body).code]).toEqual([400, "*", "bad_request"]);
});

test("a trace goes from the reader through the edge to the origin, and back", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  await system.redis("DEL", "paridad:v1:page:banxico.SF46407:2022");
  const { status, headers } = await ask("/api/v1/rates/on/2022-12-20?base=GBP", {
    headers: { Traceparent: `00-${trace}-00f067aa0ba902b7-01`, "Cache-Control": "no-cache" },
  });
  expect(status).toBe(200);
  expect(headers["paridad-tier"]).toBe("origin");
  expect(headers.traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  await until("the origin has logged it", async () =>
    lines.some(
      (line) => line.startsWith("origin:") && line.includes('"route":"/internal/pages') && line.includes(trace),
    ),
  );
});

describe("nothing secret leaves", () => {
  test("whatever clients put into their requests", async () => {
    const headers = {
      Authorization: `Bearer ${CLIENTS}`,
      Cookie: `session=${CLIENTS}`,
      "X-Api-Key": CLIENTS,
      Tracestate: `a=${CLIENTS}`,
      Traceparent: CLIENTS,
    };
    for (const host of ["edge", "origin"] as const) {
      await ask(`/api/v1/rates/current?token=${CLIENTS}`, { headers }, host);
      await ask(`/api/v1/rates/current?base=${CLIENTS}&quote=${CLIENTS}`, { headers }, host);
      await ask(`/api/v1/convert?from=USD&to=MXN&amount=${CLIENTS}`, { headers }, host);
      await ask(`/nothing?secret=${CLIENTS}`, { headers }, host);
      await ask("/api/v1/rates/current", { method: "POST", headers, body: `{"password":"${CLIENTS}"}` }, host);
      await ask("/internal/observations", { method: "POST", headers, body: `{"password":"${CLIENTS}"}` }, host);
    }
  });

  test("nor what failing dependencies say", async () => {
    const leak = `Error: Bearer ${NEW_TOKEN} at pool (file:///app/node_modules/x.js:1:1) SELECT * FROM t -- ${PASSWORD}`;
    gate.instead = ({ url }) => (url?.startsWith("/internal") ? { status: 500, body: leak } : undefined);
    // A key of the wrong type: the client's error quotes the command.
    await system.redis("DEL", "paridad:v1:breaker:banxico");
    await system.redis("HSET", "paridad:v1:breaker:banxico", "a", "b");
    await system.redis("DEL", "paridad:v1:page:banxico.SF46407:2023", "paridad:v1:ingest:banxico");
    for (let times = 0; times < 4; times++) await ask("/api/v1/rates/current?base=GBP");
    await ask("/health");
    await system.tick();
    gate.instead = ({ url }) =>
      url?.startsWith("/internal") ? { status: 200, body: `{"pages":"${leak}"}` } : undefined;
    for (let times = 0; times < 4; times++) await ask("/api/v1/rates/current?base=GBP");
    gate.instead = () => undefined;
    await system.redis("DEL", "paridad:v1:breaker:banxico");

    for (const fault of ["token_revoked", "html", "reset"]) {
      await system.faults("banxico", [{ type: fault }]);
      await system.forgetSchedule();
      await system.tick();
    }
    await system.faults("banxico", []);
    await system.faults("redis", [{ type: "unavailable" }]);
    for (let times = 0; times < 4; times++) await ask("/api/v1/rates/current?base=GBP");
    await system.faults("redis", []);
  });

  test("nor a database whose password is in its address", async () => {
    const port = await freePorts(2);
    const origin = new Part({
      name: "origin",
      url: "",
      script: `${ROOT}origin/index.ts`,
      env: {
        ENVIRONMENT: "dev",
        HOST: "127.0.0.1",
        PORT: String(port),
        // Nothing listens there.
        DATABASE_URL: `mysql://paridad:${PASSWORD}@127.0.0.1:${port + 1}/paridad`,
        EDGE_TOKENS: NEW_TOKEN,
      },
      ready: /"event":"listening"/,
      onLine: (line) => lines.push(`lonely: ${line}`),
    });
    await origin.start();
    try {
      for (const target of [
        "/api/v1/rates/current",
        "/internal/versions",
        "/internal/pages/banxico.SF43718/2023",
        "/health",
      ]) {
        const request: FuzzRequest = {
          kind: "wild",
          method: "GET",
          target,
          headers: { Authorization: `Bearer ${NEW_TOKEN}` },
        };
        const answer = await exchange(`http://127.0.0.1:${port}`, request);
        answers.push({ what: target, answer });
        expect(answer.status).toBe(503);
      }
    } finally {
      await origin.stop();
    }
    expect(lines.some((line) => line.startsWith("lonely:") && line.includes("store_failed"))).toBe(true);
  });

  test("is to be found in no answer", () => {
    expect(answers.length).toBeGreaterThan(100);
    for (const { what, answer } of answers) {
      const text = `${JSON.stringify(answer.headers)}\n${answer.body}`;
      for (const secret of SECRETS) expect(text, what).not.toContain(secret);
      expect(answer.body, what).not.toMatch(INTERNALS);
      expect(answer.status, what).not.toBe(500);
      for (const [name, value] of Object.entries(COMMON_HEADERS))
        expect(answer.headers[name.toLowerCase()], `${name}: ${what}`).toBe(value);
    }
  });

  test("nor in what any process has printed", () => {
    const kinds = (part: string) => lines.filter((line) => line.startsWith(`${part}: {`)).length;
    expect(kinds("edge")).toBeGreaterThan(3);
    expect(kinds("origin")).toBeGreaterThan(50);
    for (const line of lines) for (const secret of SECRETS) expect(line).not.toContain(secret);
  });

  test("nor in what Sentry is told", async () => {
    await until("Sentry is told of breakers and failures", async () => sentry.texts.length >= 3);
    for (const envelope of sentry.texts) {
      for (const secret of SECRETS) expect(envelope).not.toContain(secret);
      expect(envelope).not.toMatch(/"(request|cookies|breadcrumbs|user)":/);
    }
  });
});
