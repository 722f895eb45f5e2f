import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { prefersHtml } from "#core/api/accept.ts";
import { unavailableResponse } from "#core/api/unavailable-page.ts";

const BROWSERS = [
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
  "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "text/html, application/xhtml+xml, image/jxr, */*; q=0.5",
  "text/html",
  "TEXT/HTML ; Q=0.4, application/json;q=0.3",
  "text/*, application/*;q=0.5",
  "text/html;level=1;q=0.7, application/json;q=0.6",
];
const CLIENTS = [
  undefined,
  "",
  "*/*",
  "application/json",
  "application/problem+json",
  "application/json, text/html;q=0.9",
  "text/html;q=0.9, application/problem+json",
  "text/html, application/json",
  "text/html;q=0, */*",
  "text/html;q=nonsense, */*;q=0.1",
  "text/html;q=7, */*;q=0.1",
  "application/*, text/html;q=0.9",
  "text/plain",
  ",;,=",
];

describe("when nothing can be served", () => {
  test.each(BROWSERS)("a browser gets a page: %s", async (accept) => {
    expect(prefersHtml(accept)).toBe(true);
    const response = answerTo({ Accept: accept });
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    expect(html).toContain("in 30 seconds");
    expect(html).toContain("en 30 segundos");
    expect(html).toContain('<meta http-equiv="refresh" content="30">');
    expect(html).not.toContain("<script");
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(response.headers.get("Content-Security-Policy")).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  test.each(CLIENTS)("any other client gets a problem: %s", async (accept) => {
    expect(prefersHtml(accept)).toBe(false);
    const response = answerTo(accept === undefined ? {} : { Accept: accept });
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "unavailable",
      status: 503,
      instance: "/api/v1/rates/current",
    });
  });

  test.each([BROWSERS[0], "*/*"])("the answer says when to come back, and is kept by no cache: %s", (accept = "") => {
    const { status, headers } = answerTo({ Accept: accept });
    expect(status).toBe(503);
    expect(headers.get("Retry-After")).toBe("30");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Vary")).toBe("Accept");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Strict-Transport-Security")).toBeTruthy();
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  });
});

function answerTo(headers: Record<string, string>): Response {
  const request = new Request("http://paridad.test/api/v1/rates/current?base=EUR", { headers });
  return unavailableResponse({ code: "unavailable", retryAfterSeconds: 30 }, request);
}
