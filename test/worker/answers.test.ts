import { describe, expect, test } from "vitest";
import { cacheHeaders } from "#core/api/caching.ts";
import { HotAnswers } from "../../worker/answers.ts";
import { START_MS } from "./support.ts";

const URL_A = "https://paridad.example.com/api/v1/rates/current";
const BODY = '{"rate":"16.9190"}';
const LIFETIMES = { clientSeconds: 60, edgeSeconds: 60, edgeStaleSeconds: 300, edgeErrorSeconds: 600 };

const HEADERS = {
  "Content-Type": "application/json",
  ...cacheHeaders(LIFETIMES),
  ETag: '"tag"',
  "Paridad-Tier": "origin",
  "Server-Timing": "origin;dur=31",
};

const answer = (hotUntilMs: number, body = BODY) => ({ body, headers: HEADERS, lifetimes: LIFETIMES, hotUntilMs });

const get = (url = URL_A, headers: Record<string, string> = {}, method = "GET") =>
  new Request(url, { headers, method });

function answersWith(untilMs: number, limits?: { mostEntries: number; mostBytes: number }): HotAnswers {
  const answers = new HotAnswers(limits);
  answers.keep(URL_A, answer(untilMs), START_MS);
  return answers;
}

describe("a hot answer", () => {
  test("is given again with its bytes and headers, as this isolate's", async () => {
    const response = answersWith(START_MS + 20_000).give(get(), START_MS);
    expect(response?.status).toBe(200);
    expect(await response?.text()).toBe('{"rate":"16.9190"}');
    expect(Object.fromEntries(response?.headers ?? [])).toEqual({
      "content-type": "application/json",
      "cache-control": "public, max-age=60",
      "cloudflare-cdn-cache-control": "public, max-age=60, stale-while-revalidate=300, stale-if-error=600",
      etag: '"tag"',
      "paridad-tier": "isolate",
      "server-timing": "isolate;dur=0",
    });
  });

  test("is given any number of times, up to its instant and no longer", async () => {
    const answers = answersWith(START_MS + 20_000);
    for (let times = 0; times < 3; times++)
      expect(await answers.give(get(), START_MS + 19_999)?.text()).toBe('{"rate":"16.9190"}');
    expect(answers.give(get(), START_MS + 20_000)).toBeUndefined();
    expect(answers.size).toEqual({ entries: 0, bytes: 0 });
  });

  test("may be kept by others for what is left of the time from when it was made", () => {
    const answers = answersWith(START_MS + 90_000);
    const headersAfter = (ms: number) => {
      const { headers } = answers.give(get(), START_MS + ms) as Response;
      return [headers.get("Cache-Control"), headers.get("Cloudflare-CDN-Cache-Control")];
    };
    expect(headersAfter(999)[0]).toBe("public, max-age=60");
    expect(headersAfter(7_400)).toEqual([
      "public, max-age=53",
      "public, max-age=53, stale-while-revalidate=300, stale-if-error=600",
    ]);
    expect(headersAfter(8_000)[0]).toBe("public, max-age=52");
    expect(headersAfter(70_000)).toEqual([
      "public, max-age=0",
      "public, max-age=0, stale-while-revalidate=290, stale-if-error=590",
    ]);
  });

  test.each(['"tag"', 'W/"tag"', '"other", "tag"', "*"])("is a 304 to If-None-Match: %s", async (tag) => {
    const response = answersWith(START_MS + 1).give(get(URL_A, { "If-None-Match": tag }), START_MS);
    expect(response?.status).toBe(304);
    expect(response?.body).toBeNull();
    expect(response?.headers.get("ETag")).toBe('"tag"');
    expect(response?.headers.get("Content-Type")).toBeNull();
  });

  test("goes on with the reader's trace, and never with another's", () => {
    const answers = answersWith(START_MS + 1);
    const incoming = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01";
    const traced = answers.give(get(URL_A, { traceparent: incoming }), START_MS);
    expect(traced?.headers.get("Traceparent")).toMatch(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/);
    expect(answers.give(get(), START_MS)?.headers.get("Traceparent")).toBeNull();
  });

  test("is not given to another address or method", () => {
    const answers = answersWith(START_MS + 1);
    expect(answers.give(get(`${URL_A}?base=USD`), START_MS)).toBeUndefined();
    expect(answers.give(get(URL_A, {}, "HEAD"), START_MS)).toBeUndefined();
    expect(answers.give(get(URL_A, {}, "POST"), START_MS)).toBeUndefined();
  });

  test("that has already expired is not kept", () => {
    expect(answersWith(START_MS).size.entries).toBe(0);
  });
});

describe("memory", () => {
  const fill = (answers: HotAnswers, count: number, bytes: number) => {
    for (let index = 0; index < count; index++)
      answers.keep(`${URL_A}?amount=${index}`, answer(START_MS + 20_000, "x".repeat(bytes)), START_MS);
  };

  test("is bounded in entries", () => {
    const answers = new HotAnswers({ mostEntries: 50, mostBytes: 10_000_000 });
    fill(answers, 5_000, 100);
    expect(answers.size.entries).toBe(50);
  });

  test("is bounded in bytes, whatever fills it", () => {
    const answers = new HotAnswers({ mostEntries: 5_000, mostBytes: 1_000_000 });
    fill(answers, 5_000, 50_000);
    expect(answers.size.bytes).toBeLessThanOrEqual(1_000_000);
    expect(answers.size.entries).toBeGreaterThan(10);
    fill(answers, 5_000, 10);
    expect(answers.size.bytes).toBeLessThanOrEqual(1_000_000);
  });

  test("does not take an answer that would push out many others", () => {
    const answers = new HotAnswers({ mostEntries: 50, mostBytes: 1_000_000 });
    fill(answers, 1, 100_000);
    expect(answers.size.entries).toBe(0);
  });

  test("counts an answer that is replaced once", () => {
    const answers = answersWith(START_MS + 1);
    const { bytes } = answers.size;
    answers.keep(URL_A, answer(START_MS + 20_000), START_MS);
    expect(answers.size).toEqual({ entries: 1, bytes });
  });

  test("keeps what is asked for over what is not", () => {
    const answers = answersWith(START_MS + 20_000, { mostEntries: 10, mostBytes: 10_000_000 });
    for (let index = 0; index < 200; index++) {
      answers.keep(`${URL_A}?amount=${index}`, answer(START_MS + 20_000), START_MS);
      expect(answers.give(get(), START_MS)).toBeDefined();
    }
    expect(answers.give(get(`${URL_A}?amount=0`), START_MS)).toBeUndefined();
  });
});
