import { afterEach, expect, it, vi } from "vitest";
import { problemResponse } from "#core/api/problem.ts";
import { unavailablePage } from "#core/api/unavailable-page.ts";
import type { Env } from "../../worker/env.ts";
import { missingBackEnds } from "../../worker/ops/local.ts";

const env = { environment: "local", originUrl: "http://127.0.0.1:8788", redisUrl: "http://127.0.0.1:8790" } as Env;
const unavailable = () =>
  problemResponse({ code: "unavailable", retryAfterSeconds: 5 }, "http://127.0.0.1/api/v1/rates/current");
/** Back ends of which some don't listen. */
const network = (...silent: string[]) =>
  vi.fn(async (url: RequestInfo | URL) => {
    if (silent.includes(new URL(String(url)).port)) throw new TypeError("connection refused");
    return new Response("", { status: 404 });
  });
const detailOf = async (response: Response) => ((await response.json()) as { detail: string }).detail;

afterEach(() => vi.restoreAllMocks());

it("a 503 on a developer's machine names what does not listen, and the log says it once", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const named = missingBackEnds(env, network("8788", "8790"));
  const response = await named(unavailable());
  expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
  const detail =
    "Nothing listens on 127.0.0.1:8788 (origin) and 127.0.0.1:8790 (Redis). Start the back ends: npm run dev -- --without-edge";
  expect(await detailOf(response)).toBe(detail);
  await named(unavailable());
  expect(warn.mock.calls).toEqual([[detail]]);
});

it("names only the one that is missing, to browsers as well", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const named = missingBackEnds(env, network("8788"));
  expect(await detailOf(await named(unavailable()))).toContain("on 127.0.0.1:8788 (origin). ");
  const page = unavailablePage({ code: "unavailable", retryAfterSeconds: 5 });
  const { "content-type": type, "content-security-policy": policy } = Object.fromEntries(page.headers);
  const response = await named(page);
  expect(await response.text()).toMatch(
    /<p>Nothing listens on 127\.0\.0\.1:8788 \(origin\)\. .*<\/p>\n<\/section>\n<section lang="es">/,
  );
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": type,
    "content-security-policy": policy,
    "retry-after": "5",
  });
});

it.each([
  ["all back ends are there", env, network()],
  ["this is no developer's machine", { ...env, environment: "prd" } as Env, network("8788", "8790")],
])("a 503 stays as it is if %s", async (_what, given, send) => {
  const response = unavailable();
  expect(await missingBackEnds(given, send)(response)).toBe(response);
  if (given.environment !== "local") expect(send).not.toHaveBeenCalled();
});
