import { once } from "node:events";
import { request } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { startServer } from "../../origin/server.ts";
import { NOW_MS, USD } from "./data.ts";
import { createOrigin } from "./origin.ts";
import { readingOf } from "./store-readings.conformance.ts";

let origin: Awaited<ReturnType<typeof createOrigin>>;

beforeEach(async () => {
  origin = await createOrigin();
  await origin.services.store.commit(readingOf([["2023-12-27", "16.95"]]), NOW_MS);
  await origin.services.store.commit(
    readingOf([
      ["2023-12-28", "16.90"],
      ["2023-12-29", "0"],
    ]),
    NOW_MS,
  );
});

const json = async (response: Response | Promise<Response>) =>
  (await response).json() as Promise<Record<string, never>>;

describe("the log", () => {
  test("has everything for the edge, and what is public for everyone else", async () => {
    const all = await json(origin.internal("events?after=0"));
    expect(all).toMatchObject({ next: 3, latest: 3 });
    expect((all.events as unknown as { type: string }[]).map(({ type }) => type)).toEqual([
      "rate.published",
      "rate.published",
      "rate.quarantined",
    ]);
    const response = await origin.get("/api/v1/events?after=1&pairs=eur/usd,usd/mxn");
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=1");
    expect(await json(response)).toMatchObject({
      events: [{ seq: 2, data: { rate: "16.90", previous: "16.95" } }],
      next: 3,
    });
    expect(await json(origin.get("/api/v1/events?types=rate.revised"))).toEqual({ events: [], next: 3, latest: 3 });
    const csv = await (await origin.get("/api/v1/events?limit=1&format=csv")).text();
    expect(csv.split("\r\n").slice(0, 2)).toEqual([
      "date,rate,seq,type,series,base,quote,previous,version,revised,at",
      `2023-12-27,16.95,1,rate.published,${USD},USD,MXN,,1,false,2023-12-29T20:00:00.123Z`,
    ]);
  });

  test("a response is never kept by this instance: the next event may come at any moment", async () => {
    expect(await json(origin.get("/api/v1/events?after=3"))).toMatchObject({ events: [] });
    await origin.services.store.commit(readingOf([["2023-12-26", "16.99"]]), NOW_MS);
    expect(await json(origin.get("/api/v1/events?after=3"))).toMatchObject({ events: [{ seq: 4 }] });
  });

  test.each([
    "events?after=-1",
    "events?limit=0",
    "events?limit=1001",
    "events?types=x",
    "events?other=1",
    // The log would go on after that instant, and caches would keep what a follower reads for a day.
    "events?known_at=2023-12-28T12:00:00Z",
  ])("/internal/%s is refused", async (path) => {
    expect((await origin.internal(path)).status).toBe(400);
  });

  test("cursors of known consumers move from where they are, and their lag is in the log", async () => {
    expect(await json(origin.internal("cursors/hub"))).toEqual({ seq: 0 });
    expect(await json(origin.internal("cursors/hub", { from: 0, to: 2 }))).toEqual({ seq: 2 });
    expect(await json(origin.internal("cursors/hub", { from: 0, to: 3 }))).toEqual({ seq: 2 });
    origin.clock.ms += 60_000;
    await origin.internal("cursors/hub");
    const lag = origin.lines.filter(({ event }) => event === "event_lag");
    expect(lag).toEqual([{ event: "event_lag", consumer: "hub", behind: 1, age_seconds: 60 }]);
    expect((await origin.internal("cursors/nobody")).status).toBe(404);
    for (const body of [{}, { from: -1, to: 2 }, "not json"])
      expect((await origin.internal("cursors/hub", body)).status).toBe(400);
  });
});

describe("the stream of the origin alone", () => {
  test("begins where its reader was, with what is news", async () => {
    const response = await origin.get("/api/v1/stream?after=1");
    expect(response.headers.get("Content-Type")).toBe("text/event-stream; charset=utf-8");
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("rate.published")) text += (await reader.read()).value;
    await reader.cancel();
    expect(text.match(/^(id|event): .+$/gm)).toEqual(["id: 1", "event: hello", "id: 2", "event: rate.published"]);
  });

  test("is a problem while the store can't be read", async () => {
    origin.mood.now = "fails";
    const response = await origin.get("/api/v1/stream");
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
  });

  test("ends with the instance, and HEAD of it at once", async () => {
    const server = await startServer({
      ...origin.services,
      env: { ...origin.services.env, host: "127.0.0.1", port: 0 },
    });
    const head = request(`${server.url}/api/v1/stream`, { method: "HEAD", agent: false }).end();
    const [response] = await once(head, "response");
    expect(response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    response.resume();
    await once(response, "end");
    await server.stop();
  });
});
