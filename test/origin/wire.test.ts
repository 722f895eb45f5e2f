import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { METHODS } from "#core/api/headers.ts";
import { batchOf, type Value, weekdaysOf } from "./data.ts";
import { TOKEN } from "./origin.ts";
import { everything, exchangeRaw, parse, serveOrigin } from "./wire.ts";

/** What comes over the wire: nothing is refused without a problem and CORS, and nobody holds a connection for ever. */

const CURRENT = "/api/v1/rates/current";
const HISTORY = "/api/v1/rates/historical?from=2022-01-03&to=2022-12-30";
const BIG = "a".repeat(100_000);

let origin: Awaited<ReturnType<typeof serveOrigin>>;

async function start(limits: Parameters<typeof serveOrigin>[0] = {}): Promise<void> {
  origin = await serveOrigin(limits);
  const days = weekdaysOf(2022).map((date): Value => [date, "19.5"]);
  await origin.internal("observations", batchOf([...days, ["2023-12-29", "16.9190"]]));
}

beforeEach(() => start());
afterEach(() => origin.stop());

const requestOf = (line: string, ...headers: string[]) =>
  `${[line, ...headers, "Connection: close"].join("\r\n")}\r\n\r\n`;
const xs = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a`);
const get = (target: string, ...headers: string[]) =>
  exchangeRaw(origin.port, requestOf(`GET ${target} HTTP/1.1`, "Host: a", ...headers));

describe("refused, with a problem and CORS", () => {
  const refused: [what: string, request: string, status: number, code: string][] = [
    ["raw UTF-8 in the path", requestOf("GET /api/v1/rates/on/mañana HTTP/1.1", "Host: a"), 400, "bad_request"],
    ["raw UTF-8 in the query", requestOf(`GET ${CURRENT}?x=ñ HTTP/1.1`, "Host: a"), 400, "bad_request"],
    ["a space in the path", requestOf("GET /a b HTTP/1.1", "Host: a"), 400, "bad_request"],
    ["a control character in the path", requestOf("GET /\u0001 HTTP/1.1", "Host: a"), 400, "bad_request"],
    ["no path", requestOf("GET current HTTP/1.1", "Host: a"), 400, "bad_request"],
    ["a URL that is too long", requestOf(`GET /${BIG} HTTP/1.1`, "Host: a"), 431, "headers_too_large"],
    ["headers that are too long", requestOf(`GET / HTTP/1.1`, "Host: a", `Cookie: ${BIG}`), 431, "headers_too_large"],
    ["one header too many", requestOf("GET /nothing HTTP/1.1", "Host: a", ...xs(999)), 431, "headers_too_large"],
    ["a name that is none", requestOf("GET / HTTP/1.1", "Host: a", "Bad Name: x"), 400, "bad_request"],
    ["a control character in a header", requestOf("GET / HTTP/1.1", "Host: a", "X: \u0001"), 400, "bad_request"],
    ["no Host", requestOf(`GET ${CURRENT} HTTP/1.1`), 400, "bad_request"],
    ["an empty Host", requestOf(`GET ${CURRENT} HTTP/1.1`, "Host: "), 400, "bad_request"],
    ["two Hosts", requestOf(`GET ${CURRENT} HTTP/1.1`, "Host: a", "Host: b"), 400, "bad_request"],
    ["the same Host twice", requestOf("GET /nothing HTTP/1.1", "Host: a", "host: a"), 400, "bad_request"],
    ["a Host that is none", requestOf(`GET ${CURRENT} HTTP/1.1`, "Host: a b/c@d"), 400, "bad_request"],
    ["two Hosts in one", requestOf(`GET ${CURRENT} HTTP/1.1`, "Host: a, b"), 400, "bad_request"],
    ["an unknown method", requestOf(`FOO ${CURRENT} HTTP/1.1`, "Host: a"), 405, "method_not_allowed"],
    ["a method in lower case", requestOf(`get ${CURRENT} HTTP/1.1`, "Host: a"), 405, "method_not_allowed"],
    ["TRACE", requestOf(`TRACE ${CURRENT} HTTP/1.1`, "Host: a"), 405, "method_not_allowed"],
    ["CONNECT", requestOf("CONNECT a:80 HTTP/1.1", "Host: a"), 405, "method_not_allowed"],
    ["a version that is none", requestOf(`GET ${CURRENT} HTTP/3.7`, "Host: a"), 400, "bad_request"],
    ["HTTP/2 without being asked", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_request"],
    ["TLS", "\u0016\u0003\u0001\u0002", 405, "method_not_allowed"],
    [
      "a chunk whose length is none",
      `${requestOf("POST /internal/runs HTTP/1.1", "Host: a", `Authorization: Bearer ${TOKEN}`, "Transfer-Encoding: chunked")}zz\r\n`,
      400,
      "bad_request",
    ],
    [
      "two lengths",
      requestOf("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "Content-Length: 3"),
      400,
      "bad_request",
    ],
  ];

  test.each(refused)("%s", async (_, request, status, code) => {
    const response = await exchangeRaw(origin.port, request);
    expect(response).toMatchObject({
      status,
      headers: {
        "content-type": "application/problem+json",
        "access-control-allow-origin": "*",
        "cache-control": "no-store",
        connection: "close",
      },
    });
    expect(JSON.parse(response.body)).toMatchObject({ status, code });
    expect(origin.lines.filter(({ event }) => event === "error")).toEqual([]);
  });

  test("a request that does not arrive in time", async () => {
    await origin.stop();
    await start({ headersMs: 50, requestMs: 50, checkMs: 20 });
    for (const slow of ["GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"]) {
      const text = await everything(origin.port, slow);
      expect(parse(text).at(-1)).toMatchObject({ status: expect.toSatisfy((status) => [405, 408].includes(status)) });
    }
    expect(parse(await everything(origin.port, "GET / HT"))[0]?.status).toBe(408);
  });

  test("what follows a good request on its connection, after that one's response", async () => {
    const pipelined = `GET ${CURRENT} HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n`;
    const [first, second] = parse(await everything(origin.port, pipelined));
    expect([first?.status, second?.status]).toEqual([200, 405]);
    expect(JSON.parse(second?.body ?? "")).toMatchObject({ code: "method_not_allowed" });
  });
});

describe("read as the edge reads it", () => {
  test("as many headers as may be", async () => expect(await get(CURRENT, ...xs(998))).toMatchObject({ status: 200 }));

  test.each([
    "/api/v1/./rates/current",
    "/api/v1/x/../rates/current",
    "/api/v1/%2e/rates/current",
    "/api/v1\\rates/current",
    "/api/v1/rates/current/",
    "/api/v1/rates/current#fragment",
    "/api/v1/rates/current?base=usd&_=1",
    "http://elsewhere.example/api/v1/rates/current",
  ])("%s is the current rate", async (target) => {
    const response = await get(target);
    expect([response.status, JSON.parse(response.body).rate]).toEqual([200, "16.9190"]);
  });

  test.each(["//api/v1/rates/current", "/api/v1//rates/current"])("%s is not there", async (target) =>
    expect((await get(target)).status).toBe(404),
  );

  test("variants are kept once", async () => {
    for (const query of ["", "?_=1", "?_=2", "/", "?&", "?utm_source=1"]) await get(`${CURRENT}${query}`);
    for (const query of ["?=1", "?=2"]) expect((await get(`${CURRENT}${query}`)).status).toBe(400);
    expect(origin.services.hotResponses.size.entries).toBe(1);
  });

  test("HTTP/1.0 needs no Host, an unknown expectation is ignored, and OPTIONS * is answered", async () => {
    expect((await exchangeRaw(origin.port, requestOf(`GET ${CURRENT} HTTP/1.0`))).status).toBe(200);
    expect((await get(CURRENT, "Expect: the-unexpected")).status).toBe(200);
    const options = await exchangeRaw(origin.port, requestOf("OPTIONS * HTTP/1.1", "Host: a"));
    expect([options.status, options.headers.allow]).toEqual([204, METHODS]);
  });
});

describe("a client that", () => {
  async function opened(request: string): Promise<Socket> {
    const socket = connect(origin.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(request);
    return socket;
  }

  test("hangs up in mid-body is no fault of ours", async () => {
    const head = `POST /internal/observations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 500\r\nExpect: 100-continue\r\n\r\n`;
    const socket = await opened(head);
    // The app is reading once it has asked for the body.
    await once(socket, "data");
    socket.write('{"batch_id"', () => socket.resetAndDestroy());
    await expect
      .poll(
        () => origin.lines.filter(({ event, route }) => event === "request" && route === "/internal/observations"),
        {
          timeout: 120_000,
        },
      )
      .toMatchObject([{ status: 200 }, { status: 400 }]);
    expect(origin.lines.filter(({ event }) => event === "error")).toEqual([]);
  });

  test("never reads is cut, and one that reads is not", async () => {
    await origin.stop();
    await start({ unreadMs: 100, checkMs: 20 });
    const request = `GET ${HISTORY} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const reading = await opened(request);
    await once(reading, "data");
    reading.resume();
    // More than the buffers of both ends hold.
    const stalled = await opened(request.repeat(4_000));
    stalled.pause();
    // A paused socket learns of the reset when it writes.
    await expect.poll(() => !stalled.write("x") && stalled.destroyed).toBe(true);
    const again = once(reading, "data");
    reading.write(request);
    expect((await again).toString()).toContain("HTTP/1.1 200 OK");
    reading.destroy();
  });
});

describe("every method, encoding and condition", () => {
  const PATHS = [
    CURRENT,
    HISTORY,
    `${HISTORY}&limit=1`,
    "/docs",
    "/openapi.json",
    "/health",
    "/",
    "/nothing",
    `${CURRENT}?x=1`,
  ];

  test.each(PATHS)("%s", async (path) => {
    for (const encoding of ["identity", "gzip"]) {
      const ask = async (method: string, ...headers: string[]) => {
        const line = `${method} ${path} HTTP/1.1`;
        const { body: _, ...response } = await exchangeRaw(
          origin.port,
          requestOf(line, "Host: a", `Accept-Encoding: ${encoding}`, ...headers),
        );
        delete response.headers.date;
        delete response.headers.traceparent;
        return response;
      };
      // The first may be made, the others are reused.
      for (let times = 0; times < 2; times++) {
        const whole = await ask("GET");
        expect(await ask("HEAD")).toEqual(whole);
        expect(whole.headers).toHaveProperty("content-length");
        const { etag } = whole.headers;
        if (etag === undefined) continue;
        expect(etag.startsWith("W/")).toBe(whole.headers["content-encoding"] === "gzip");
        const { "content-type": _, "content-length": __, "content-encoding": ___, ...kept } = whole.headers;
        for (const method of ["GET", "HEAD"])
          for (const known of [etag, etag.replace("W/", ""), "*"])
            expect(await ask(method, `If-None-Match: ${known}`)).toEqual({ status: 304, headers: kept });
        expect(await ask("GET", 'If-None-Match: "other"')).toEqual(whole);
      }
    }
  });
});
