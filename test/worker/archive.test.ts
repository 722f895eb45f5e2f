import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, inject, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { createHandler, type Handler } from "../../worker/app.ts";
import { createServices } from "../../worker/services.ts";
import { SERIES, START_MS, TestClock, TestOrigin, testBindings } from "./support.ts";

/** `known_at` at the edge: only the origin knows what was stored when. */

const KNOWN_MS = START_MS - 86_400_000;
const KNOWN_AT = new Date(KNOWN_MS).toISOString();
const ON = "/api/v1/rates/on/2023-12-27";

let clock: TestClock;
let origin: TestOrigin;
let handle: Handler;

const pageOf = (version: number, value: string): Page => ({
  series: SERIES,
  year: 2023,
  version,
  updated_at: "2023-12-28T10:00:00Z",
  observations: [["2023-12-27", value]],
});

async function ask(path: string): Promise<Response> {
  const context = createExecutionContext();
  const response = await handle(new Request(`https://paridad.example.com${path}`), context);
  await waitOnExecutionContext(context);
  return response;
}

const rateOf = async (path: string) => ((await (await ask(path)).json()) as { rate: string }).rate;

beforeEach(() => {
  clock = new TestClock();
  origin = new TestOrigin().hold(pageOf(8, "16.9300"));
  origin.others.set(`/internal/as-of/${KNOWN_MS}/pages/${SERIES}/2023-2023`, { pages: [pageOf(7, "16.9220")] });
  handle = createHandler(
    createServices(testBindings({ UPSTASH_REDIS_REST_URL: inject("upstashOf").archive, RATE_LIMITER: undefined }), {
      now: clock.now,
      fetch: origin.fetch,
      log: () => undefined,
    }),
  );
});

test("comes from the origin's record, whatever page the edge holds", async () => {
  expect(await rateOf(ON)).toBe("16.9300");
  expect(await rateOf(`${ON}?known_at=${KNOWN_AT}`)).toBe("16.9220");
  expect(await rateOf(ON)).toBe("16.9300");
});

test("is kept by the isolate, since it does not change", async () => {
  await ask(`${ON}?known_at=${KNOWN_AT}`);
  const { length } = origin.requests;
  origin.chaos = "unreachable";
  expect(await rateOf(`${ON}?known_at=${KNOWN_AT}`)).toBe("16.9220");
  expect(origin.requests).toHaveLength(length);
});

test.each<["unreachable" | number]>([["unreachable"], [500], [404]])(
  "is unavailable if the origin is %s, though the edge holds the page",
  async (chaos) => {
    expect(await rateOf(ON)).toBe("16.9300");
    origin.chaos = chaos;
    for (const path of [`${ON}?known_at=${KNOWN_AT}`, "/api/v1/rates/2023-12-27/revisions"]) {
      const response = await ask(path);
      expect([response.status, response.headers.get("Cache-Control")]).toEqual([503, "no-store"]);
      expect(Number(response.headers.get("Retry-After"))).toBeGreaterThanOrEqual(5);
    }
    expect(await rateOf(ON)).toBe("16.9300");
  },
);

test("is refused if the response is of other years", async () => {
  origin.others.set(`/internal/as-of/${KNOWN_MS}/pages/${SERIES}/2023-2023`, {
    pages: [{ ...pageOf(7, "16"), year: 2022 }],
  });
  expect((await ask(`${ON}?known_at=${KNOWN_AT}`)).status).toBe(503);
});

test("a table of rates on a date takes one read, of all series", async () => {
  const window = `/internal/as-of/${KNOWN_MS}/windows/banxico/2023-12-27`;
  const values = { [SERIES]: [["2023-12-27", "16.9220"]], "banxico.SF46410": [["2023-12-26", "18.7"]] };
  origin.others.set(window, { values });
  const path = `/api/v1/rates/latest?base=MXN&date=2023-12-27&provider=banxico&known_at=${KNOWN_AT}`;
  const { length } = origin.requests;
  const response = await ask(path);
  expect(await response.json()).toMatchObject({
    rates: { USD: { date: "2023-12-27" }, EUR: { rate: "0.05347594", date: "2023-12-26" } },
  });
  expect(origin.requests.slice(length)).toHaveLength(1);
  expect(response.headers.get("Cache-Tag")).toBe("banxico");
  origin.others.set(window, { values: { [SERIES]: [["2023-12-27", "-1"]] } });
  expect((await ask(`${path}&quotes=USD`)).status).toBe(503);
});

test("boards and revisions come from the origin too", async () => {
  const values = { [SERIES]: ["2023-12-27", "16.9220"] };
  origin.others.set(`/internal/as-of/${KNOWN_MS}/boards/banxico`, { provider: "banxico", version: 7, values });
  const latest = await ask(`/api/v1/rates/latest?base=USD&quotes=MXN&provider=banxico&known_at=${KNOWN_AT}`);
  expect(await latest.json()).toMatchObject({ rates: { MXN: { rate: "16.9220" } } });
  const revisions = [{ value: "16.9220", withdrawn: false, knownFrom: "2023-12-27T18:00:00.250Z" }];
  origin.others.set(`/internal/revisions/${SERIES}/2023-12-27`, { revisions });
  const listed = await ask("/api/v1/rates/2023-12-27/revisions");
  expect(await listed.json()).toMatchObject({ count: 1, revisions: [{ rate: "16.9220" }] });
  expect(listed.headers.get("Cache-Tag")).toBe(SERIES);
});
