import { describe, expect, it } from "vitest";
import type { Delivery } from "#core/wire/deliveries.ts";
import { attempt } from "../../../worker/deliver/attempt.ts";

const delivery = (url = "https://r1.example.org/hook"): Delivery => ({ id: 1, url, headers: {}, body: "{}" });
const settings = { isLocal: false, ownHosts: ["paridad.example.com"] };
const now = () => 0;

describe("an attempt", () => {
  const attemptWith = (send: typeof fetch, url?: string, timeoutMs = 60_000) =>
    attempt(delivery(url), settings, { fetch: send, now, timeoutMs });
  const answering =
    (status: number, headers: Record<string, string> = {}): typeof fetch =>
    async () =>
      new Response(null, { status, headers });

  it.each([
    [200, {}, { status: 200 }],
    [204, {}, { status: 204 }],
    [301, {}, { status: 301, error: "redirect" }],
    [410, {}, { status: 410, error: "http" }],
    [403, { "cf-mitigated": "challenge" }, { status: 403, error: "challenge" }],
    [503, { "Retry-After": "120" }, { status: 503, error: "http", retry_after_seconds: 120 }],
    [503, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" }, { status: 503, error: "http" }],
  ])("answered with %i is judged by its status", async (status, headers, expected) => {
    expect(await attemptWith(answering(status, headers))).toEqual({ id: 1, duration_ms: 0, ...expected });
  });

  it("follows no redirect and reads no body", async () => {
    let asked: RequestInit | undefined;
    let isCancelled = false;
    const body = new ReadableStream({
      cancel: () => {
        isCancelled = true;
      },
    });
    await attemptWith(async (_url, init) => {
      asked = init;
      return new Response(body, { status: 200 });
    });
    expect(asked).toMatchObject({ method: "POST", redirect: "manual", body: "{}" });
    expect(isCancelled).toBe(true);
  });

  it("that is not answered in time ends", async () => {
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    expect(await attemptWith(hanging, undefined, 1)).toMatchObject({ error: "timeout" });
  });

  it("that fails says no more than that", async () => {
    const failing: typeof fetch = async () => {
      throw new TypeError("connect ECONNREFUSED 10.0.0.7:443");
    };
    expect(await attemptWith(failing)).toEqual({ id: 1, error: "connection", duration_ms: 0 });
  });

  it("is not made to a target that is no longer allowed", async () => {
    let calls = 0;
    const counting: typeof fetch = async () => {
      calls++;
      return new Response(null);
    };
    for (const url of [
      "http://r1.example.org",
      "https://127.0.0.1/",
      "https://paridad.example.com/",
      "http://127.0.0.1:8791/hook",
    ])
      expect(await attemptWith(counting, url)).toEqual({ id: 1, error: "refused_target", duration_ms: 0 });
    expect(calls).toBe(0);
  });
});
