import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spanWithin } from "#core/ops/trace.ts";
import { type ServerSpan, SpanExporter } from "../../origin/ops/spans.ts";
import { Capture } from "../../tools/servers/capture.ts";
import { NOW_MS } from "./data.ts";
import { createOrigin, TOKEN } from "./origin.ts";
import { startOrigin } from "./process.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const SECRET = "planted-secret-0123456789";
/** The deadline is one that a busy machine keeps. */
const LIMITS = { batchMs: 5, batchSpans: 3, maxWaiting: 6, deadlineMs: 60_000 };

let collector: Capture;
beforeEach(async () => {
  collector = await Capture.start();
});
afterEach(() => collector.stop());

const settings = () => ({ endpoint: `http://${collector.host}/`, serviceName: "paridad-origin", environment: "dev" });

function exporterWith(limits = {}) {
  const lines: { event: string }[] = [];
  const log = (event: string, fields = {}) => void lines.push({ event, ...fields });
  return { lines, exporter: new SpanExporter(settings(), log, { ...LIMITS, ...limits }) };
}

function span(status: number, share = 1): ServerSpan {
  const context = spanWithin(undefined, "1".repeat(48), share);
  return { context, method: "GET", route: "/health", status, startMs: NOW_MS, durationMs: 1 };
}

/** The spans of each request that came. */
const batches = () =>
  collector.requests.map(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans as SentSpan[]);
const statuses = () => batches().map((spans) => spans.map(({ attributes }) => Number(attributes[2]?.value.intValue)));

interface SentSpan {
  traceId: string;
  attributes: { key: string; value: { intValue?: string } }[];
}

describe("what is sent", () => {
  test("is the request as OTLP has it, without what was asked for or who asked", async () => {
    const traces = { ...settings(), sampledShare: 0 };
    const origin = await createOrigin({ traces });
    origin.services.spans = exporterWith().exporter;
    const response = await origin.get(`/api/v1/rates/on/2023-12-29?base=USD&note=${SECRET}`, {
      Traceparent: `00-${TRACE}-${PARENT}-01`,
      Authorization: `Bearer ${TOKEN}`,
      Cookie: SECRET,
      "X-Forwarded-For": "192.0.2.7",
    });
    const spanId = response.headers.get("Traceparent")?.split("-")[2];
    await origin.services.spans.stop();
    const [{ path, headers, body }] = collector.requests as [(typeof collector.requests)[0]];
    expect([path, headers["content-type"]]).toEqual(["/v1/traces", "application/json"]);
    const { resourceSpans } = JSON.parse(body);
    expect(resourceSpans[0].resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "paridad-origin" },
    });
    const [sent] = resourceSpans[0].scopeSpans[0].spans;
    expect(sent).toEqual({
      traceId: TRACE,
      spanId,
      parentSpanId: PARENT,
      name: "GET /api/v1/rates/on/:date",
      kind: 2,
      startTimeUnixNano: `${NOW_MS}000000`,
      endTimeUnixNano: expect.stringMatching(/^\d{19}$/),
      attributes: [
        { key: "http.request.method", value: { stringValue: "GET" } },
        { key: "http.route", value: { stringValue: "/api/v1/rates/on/:date" } },
        { key: "http.response.status_code", value: { intValue: String(response.status) } },
      ],
    });
    expect(BigInt(sent.endTimeUnixNano)).toBeGreaterThan(BigInt(sent.startTimeUnixNano));
    for (const text of [SECRET, TOKEN, "192.0.2.7", "note", "base="]) expect(collector.everything).not.toContain(text);
  });

  test("is what the caller records, and the share of what begins here", async () => {
    const origin = await createOrigin({ traces: { ...settings(), sampledShare: 1 } });
    origin.services.spans = exporterWith().exporter;
    await origin.get("/health/live", { Traceparent: `00-${TRACE}-${PARENT}-00` });
    const begun = await origin.get("/no-such-path");
    expect(begun.headers.get("Traceparent")).toMatch(/-01$/);
    await origin.services.spans.stop();
    const [, traceId] = begun.headers.get("Traceparent")?.split("-") ?? [];
    expect(batches()).toMatchObject([[{ traceId }]]);
  });

  test("a fault is marked as one, and a client's is not", async () => {
    const { exporter } = exporterWith();
    for (const status of [404, 503]) exporter.add(span(status));
    await exporter.stop();
    expect(batches()).toMatchObject([[expect.not.objectContaining({ status: {} }), { status: { code: 2 } }]]);
  });

  test("goes in batches: a full one at once, others when they have waited, the rest at the end", async () => {
    const { exporter } = exporterWith({ batchMs: 20 });
    for (const status of [200, 201, 202, 203]) exporter.add(span(status));
    await collector.came(2);
    expect(statuses()).toEqual([[200, 201, 202], [203]]);
    exporter.add(span(204));
    await exporter.stop();
    expect(statuses().at(-1)).toEqual([204]);
  });
});

test("nothing is sent where no endpoint is set, and no new trace is said to be recorded", async () => {
  const origin = await createOrigin();
  expect(origin.services.env.traces).toBeUndefined();
  expect((await origin.get("/no-such-path")).headers.get("Traceparent")).toMatch(/-00$/);
});

describe("a collector that", () => {
  test("hangs: the oldest go, one request is open at a time, the end comes in its time", async () => {
    collector.mood = "hangs";
    const { exporter } = exporterWith({ deadlineMs: 400, batchMs: 60_000 });
    for (let status = 200; status < 260; status++) exporter.add(span(status));
    await collector.came(1);
    // Without its deadline it would never end.
    await exporter.stop();
    collector.mood = "well";
    await exporter.stop();
    const [first, ...others] = statuses();
    expect(first).toEqual([200, 201, 202]);
    expect(others.flat().length).toBeLessThanOrEqual(LIMITS.maxWaiting);
    expect(others.flat()).not.toContain(203);
  });

  test.each(["refuses", "is away"])("%s: it is logged once, until it takes spans again", async (how) => {
    const { exporter, lines } = exporterWith();
    if (how === "refuses") collector.mood = 500;
    else await collector.stop();
    for (let round = 0; round < 3; round++) {
      exporter.add(span(200));
      await exporter.stop();
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ event: "spans_lost" });
    if (how === "is away") collector = await Capture.start();
    if (how === "is away") return;
    collector.mood = "well";
    exporter.add(span(201));
    await exporter.stop();
    expect(statuses().at(-1)).toEqual([201]);
  });
});

describe("the origin as it is run", () => {
  const script = fileURLToPath(new URL("../../origin/index.ts", import.meta.url));
  const env = () => ({
    DATABASE_URL: "file::memory:",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.host}`,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "1",
  });

  test("sends its last spans when it is stopped", async () => {
    const { url, child, ended } = await startOrigin(script, env());
    await fetch(`${url}/health/live`);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(statuses()).toEqual([[200]]);
  });

  test("answers at once and stops in an orderly way where the collector hangs", async () => {
    collector.mood = "hangs";
    const { url, child, ended } = await startOrigin(script, env());
    // If each of them waited 2 s for the collector, this would not end in the test's time.
    for (let count = 0; count < 250; count++) await fetch(`${url}/health/live`);
    await collector.came(1);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});
