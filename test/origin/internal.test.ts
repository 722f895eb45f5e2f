import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { commitSchema, versionsSchema } from "#core/wire/internal.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { batchOf, EUR, IDS, USD, weekdaysOf } from "./data.ts";
import { createOrigin, SECOND_TOKEN, TOKEN } from "./origin.ts";

let origin: Awaited<ReturnType<typeof createOrigin>>;

beforeEach(async () => {
  origin = await createOrigin();
});

const EVERY_ROUTE = [
  ["GET", "pages/banxico.SF43718/2023"],
  ["GET", "versions"],
  ["GET", "digests"],
  ["POST", "observations"],
  ["POST", "readings"],
  ["POST", "runs"],
  ["POST", "events"],
  ["GET", "nothing"],
] as const;

describe("tokens", () => {
  test.each(EVERY_ROUTE)("%s %s without a valid one is 401, and says nothing more", async (method, path) => {
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      TOKEN,
      "Basic eDp5",
    ];
    for (const authorization of wrong) {
      const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
      const response = await origin.app.request(`/internal/${path}`, { method, headers });
      expect(response.status).toBe(401);
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      expect(await response.json()).toMatchObject({ code: "unauthorized", instance: `/internal/${path}` });
    }
  });

  test("two are valid at once", async () => {
    for (const token of [TOKEN, SECOND_TOKEN]) {
      const response = await origin.internal("versions", undefined, { Authorization: `Bearer ${token}` });
      expect(response.status).toBe(200);
    }
  });

  test("none ever comes into an answer or the log", async () => {
    await origin.internal("versions?token=secret-query");
    await origin.internal("nothing", undefined, { Authorization: "Bearer wrong-secret-token" });
    const seen = JSON.stringify(origin.lines);
    for (const secret of [TOKEN, SECOND_TOKEN, "wrong-secret-token", "secret-query"])
      expect(seen).not.toContain(secret);
  });
});

describe("pages", () => {
  beforeEach(async () => {
    await origin.internal(
      "observations",
      batchOf([
        ["2022-12-30", "19.4"],
        ["2023-01-02", "19.50"],
      ]),
    );
  });

  test("of one year, with a tag of its content", async () => {
    const response = await origin.internal(`pages/${USD}/2023`);
    expect(await response.json()).toEqual({
      series: USD,
      year: 2023,
      version: 2,
      updated_at: "2023-12-29T20:00:00.123Z",
      observations: [["2023-01-02", "19.50"]],
    });
    const etag = response.headers.get("ETag") as string;
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const again = await origin.internal(`pages/${USD}/2023`, undefined, { "If-None-Match": etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
  });

  test("of a range of years, whose tag changes with any of them", async () => {
    const before = await origin.internal(`pages/${USD}/2021-2023`);
    expect(await origin.pages(before)).toMatchObject([{ version: 0 }, { version: 1 }, { version: 2 }]);
    await origin.internal("observations", batchOf([["2022-12-29", "19.3"]]));
    const headers = { "If-None-Match": before.headers.get("ETag") as string };
    const after = await origin.internal(`pages/${USD}/2021-2023`, undefined, headers);
    expect(after.status).toBe(200);
    expect((await origin.pages(origin.internal(`pages/${USD}/2023-2023`))).map(({ year }) => year)).toEqual([2023]);
  });

  test("that can't be are refused", async () => {
    for (const years of ["23", "0000", "2023-2022", "1900-2099", "2023-", "2023-2024-2025", "abcd", "%00", "2023%20"]) {
      const response = await origin.internal(`pages/${USD}/${years}`);
      expect([years, response.status]).toEqual([years, 400]);
    }
    for (const series of ["banxico.NONE", "__proto__", "constructor", "%27%20OR%201=1"]) {
      expect((await origin.internal(`pages/${series}/2023`)).status).toBe(404);
    }
  });

  test("are read past this instance's memory: another may have committed", async () => {
    await origin.get("/api/v1/rates/current");
    await commitBatch(origin.services.store, batchOf([["2023-12-29", "19.6"]]), origin.clock.ms);
    const [page] = await origin.pages(origin.internal(`pages/${USD}/2023-2023`));
    expect(page?.observations.at(-1)).toEqual(["2023-12-29", "19.6"]);
  });
});

describe("observations", () => {
  test("are committed, and answered as the contract says", async () => {
    const response = await origin.internal(
      "observations",
      batchOf([
        ["2023-01-02", "19.5"],
        ["2023-01-03", "0"],
      ]),
    );
    expect(response.status).toBe(200);
    expect(commitSchema.parse(await response.json())).toMatchObject({ accepted: 1, quarantined: 1 });
    expect(origin.lines).toContainEqual({ event: "quarantine", batch_id: "batch-1", count: 1 });
  });

  test("are served to the next reader, whatever is in memory", async () => {
    const rate = async () => ((await (await origin.get("/api/v1/rates/current")).json()) as { rate: string }).rate;
    for (const value of ["19.5", "19.6", "19.61"]) {
      await origin.internal("observations", batchOf([["2023-12-29", value]]));
      expect(await rate()).toBe(value);
      expect(await rate()).toBe(value);
    }
  });

  test("a batch that is not as the contract says is refused, with what is wrong", async () => {
    const valid = batchOf([["2023-01-02", "19.5"]]);
    const bad: [string, unknown][] = [
      ["body", "no json"],
      ["body", "[]"],
      ["provider", { ...valid, provider: "ecb" }],
      ["observations", { ...valid, observations: [] }],
      ["observations", { ...valid, observations: Array(1_001).fill(valid.observations[0]) }],
      ["observations.0.date", { ...valid, observations: [{ series: USD, date: "2023-02-30", value: "1" }] }],
      ["observations.0.value", { ...valid, observations: [{ series: USD, date: "2023-02-01", value: 1.5 }] }],
      ["observations.0.series", { ...valid, observations: [{ series: "x", date: "2023-02-01", value: "1" }] }],
      ["batch_id", { ...valid, batch_id: "" }],
    ];
    for (const [parameter, body] of bad) {
      const response = await origin.internal("observations", body);
      expect(response.status).toBe(400);
      const problem = (await response.json()) as { code: string; errors: { parameter: string }[] };
      expect(problem.code).toBe("invalid_parameter");
      expect(problem.errors.map((error) => error.parameter)).toContain(parameter);
    }
    expect(await origin.services.store.versions(IDS)).toEqual({});
  });

  test("too many bytes are 413, declared or not", async () => {
    const large = JSON.stringify({ ...batchOf([["2023-01-02", "19.5"]]), batch_id: "x".repeat(300_000) });
    const declared = await origin.internal("observations", large, { "Content-Length": String(large.length) });
    const streamed = await origin.app.request("/internal/observations", {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}`, "Transfer-Encoding": "chunked" },
      body: large,
    });
    for (const response of [declared, streamed]) {
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    }
  });

  test("a batch as large as allowed passes", async () => {
    const days = [2019, 2020, 2021, 2022].flatMap(weekdaysOf).slice(0, 1_000);
    const response = await origin.internal("observations", batchOf(days.map((date) => [date, "19.5"])));
    expect(await response.json()).toMatchObject({ accepted: 1_000 });
  });

  test("any body at all gets an answer below 500", async () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify(value)),
    );
    const paths = fc.constantFrom("observations", "runs", "events");
    await fc.assert(
      fc.asyncProperty(paths, bodies, async (path, body) => {
        const response = await origin.internal(path, body === "" ? " " : body);
        expect(response.status).toBe(400);
        expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      }),
      { numRuns: 200 },
    );
  });
});

test("versions are those of every page with observations", async () => {
  await origin.internal(
    "observations",
    batchOf([
      ["2022-12-30", "19.4"],
      ["2023-01-02", "19.5"],
      ["2023-01-02", "20.5", EUR],
    ]),
  );
  const body = versionsSchema.parse(await (await origin.internal("versions")).json());
  expect(Object.keys(body.versions[USD] ?? {})).toEqual(["2022", "2023"]);
  expect(Object.keys(body.versions[EUR] ?? {})).toEqual(["2023"]);
});

test("runs are recorded and logged for the metric that counts them", async () => {
  const run = {
    run_id: "run-1",
    provider: "banxico",
    kind: "latest",
    started_at: "2023-12-29T18:00:00Z",
    ended_at: "2023-12-29T18:00:01Z",
    outcome: "failed",
    requests: 1,
    observations: 0,
    queued: 0,
    error: "timeout",
  };
  expect((await origin.internal("runs", run)).status).toBe(204);
  expect(origin.lines).toContainEqual({ event: "ingest_run", ...run });
  expect(await origin.services.store.runs(9)).toMatchObject([{ run_id: "run-1", outcome: "failed" }]);
});

test("events of the edge become log lines whose figures metrics can count", async () => {
  const at = "2023-12-29T18:00:00Z";
  const send = (event: string, name: string, detail: string) => origin.internal("events", { event, name, detail, at });
  for (const [event, name, detail] of [
    ["breaker", "redis", "open"],
    ["breaker", "banxico", "closed -> open"],
    ["dead_letters", "ingest", "3 kept: timeout"],
    ["freshness", "usd", "2"],
    ["corrupt_page", "redis", "a copy was no page"],
  ] as const)
    expect((await send(event, name, detail)).status).toBe(204);
  const lines = origin.lines.filter(({ event }) => event !== "request");
  expect(lines).toMatchObject([
    { event: "breaker", name: "redis", to: "open" },
    { event: "breaker", name: "banxico", to: "open" },
    { event: "dead_letters", count: 3 },
    { event: "freshness", publishes_missed: 2 },
    { event: "corrupt_page", detail: "a copy was no page" },
  ]);
  expect((await send("event", "x", "not one of them")).status).toBe(400);
});

test("a minute of the edge becomes one log line of numbers; what is no count is refused", async () => {
  const counts = { requests: 20, errors: 1, rate_limited: 2, slow: 3, page_reads: 10, cached_page_reads: 9 };
  const event = { event: "edge_minute", at: "2023-12-29T18:00:00.000Z", p95_ms: 50, ...counts };
  expect((await origin.internal("events", event)).status).toBe(204);
  const { event: name, at: edge_at, ...numbers } = event;
  expect(origin.lines).toContainEqual({ event: name, edge_at, ...numbers });
  for (const bad of [{ requests: -1 }, { errors: "1" }, { name: "x" }, { p95_ms: 1.5 }])
    expect((await origin.internal("events", { ...event, ...bad })).status).toBe(400);
});

test("while the store fails, the edge is told so: 503, and a header that spares the database", async () => {
  origin.mood.now = "fails";
  for (const [path, body] of [
    ["versions", undefined],
    [`pages/${USD}/2023`, undefined],
    ["observations", batchOf([["2023-01-02", "19.5"]])],
  ] as const) {
    const response = await origin.internal(path, body);
    expect(response.status).toBe(503);
    expect(response.headers.get("Paridad-Database")).toBe("trouble");
    expect(response.headers.get("Retry-After")).toBe("5");
    expect(await response.text()).not.toContain("secret-detail");
  }
  origin.mood.now = "well";
  const response = await origin.internal("versions");
  expect([response.status, response.headers.get("Paridad-Database")]).toEqual([200, null]);
});
