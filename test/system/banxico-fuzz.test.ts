import fc from "fast-check";
import { expect, test } from "vitest";
import { reviewerOf } from "#core/ingest/review.ts";
import { policySchema } from "#core/ops/policy.ts";
import { banxico, TITLE_WORDS } from "#core/providers/banxico.ts";
import { isPage, type Page } from "#core/rates/page.ts";
import { createApp } from "../../origin/app.ts";
import { readEnv } from "../../origin/env.ts";
import { createServices } from "../../origin/services.ts";
import type { Store } from "../../origin/store/store.ts";
import { OriginClient } from "../../worker/clients/origin-client.ts";
import { collect } from "../../worker/ingest/collect.ts";
import { ProviderClient } from "../../worker/ingest/provider-client.ts";
import { publish } from "../../worker/ingest/publish.ts";
import { mutate } from "../mutate.ts";
import { TestBanxico, TestQueue, TestWatch } from "../unit/ingest/doubles.ts";
import { TestRedis } from "../unit/ingest/world.ts";
import { PATIENT } from "./platform-parts.ts";

/**
 * Banxico answers whatever it likes, and the whole way runs for real: client, parser, queue, the origin over its API, a
 * real store. Whatever came in, what is stored is right, is what Banxico said under the right name, and is in Redis too.
 */
const policy = policySchema.parse(PATIENT);
const START_MS = Date.parse("2023-12-27T18:30:00Z");
const TICKS = 4;
const TRUTH: Readonly<Record<string, readonly [string, string][]>> = Object.fromEntries(
  banxico.series.map(({ id }, index) => [
    id,
    [
      ["2022-12-30", `${10 + index}.0000`],
      ["2023-12-22", `${10 + index}.1000`],
      ["2023-12-26", `${10 + index}.2000`],
      ["2023-12-27", `${10 + index}.3000`],
    ],
  ]),
);

let nowMs = START_MS;
const now = () => nowMs;

test("whatever Banxico answers, nothing invalid is stored, and Redis holds what the store does", async () => {
  let stored = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(answerFault(), { minLength: TICKS, maxLength: TICKS }), async (faults) => {
      const world = await createWorld();
      const said = new Set<string>();
      world.site.instead = (url) => {
        const fault = faults[world.tick % faults.length];
        const honest = answerTo(url);
        const answer = fault === undefined ? honest : fault(honest);
        for (const line of sayings(answer)) said.add(line);
        return typeof answer === "string"
          ? new Response(answer, { headers: { "Content-Type": "application/json" } })
          : Response.json(answer);
      };
      for (world.tick = 0; world.tick < TICKS; world.tick++) await world.run();

      for (const page of await storedPages(world.store)) {
        stored += page.observations.length;
        expect(isPage(page)).toBe(true);
        for (const [date, value] of page.observations) {
          expect(reviewerOf(page.series, nowMs)(date, value), `${date} ${value}`).toBeUndefined();
          expect(said).toContain(`${page.series} ${date} ${value}`);
        }
        expect(await world.redis.page(page.series, page.year)).toEqual(page);
      }
      await world.store.close();
    }),
    { numRuns: 60 },
  );
  // Not all answers are refused: it would prove nothing.
  expect(stored).toBeGreaterThan(0);
});

/** The whole ingestion, from Banxico's answer to the store and to Redis, with a clock that moves by hand. */
async function createWorld() {
  nowMs = START_MS;
  const origin = await createServices(
    readEnv({ DATABASE_URL: "file::memory:", PROVIDERS: "banxico" }),
    () => undefined,
  );
  origin.now = now;
  await origin.store.migrate();
  const redis = new TestRedis(now);
  const queue = new TestQueue();
  const site = new TestBanxico();
  const watch = new TestWatch();
  const app = createApp(origin);
  const client = new OriginClient({
    url: "http://origin.test",
    token: "local-edge-token-0123456789abcdef",
    policy,
    fetch: async (input, init) => await app.request(String(input), init as RequestInit),
  });
  const banxicoClient = new ProviderClient({
    provider: banxico,
    url: "https://banxico.test",
    secret: "t".repeat(64),
    policy,
    redis,
    now,
    random: () => 0.5,
    fetch: site.fetch,
    pause: async () => undefined,
  });
  let ids = 0;
  const deps = {
    redis,
    origin: client,
    queue,
    clients: [banxicoClient],
    policy,
    now,
    random: () => 0.5,
    newId: () => `run-${nowMs}-${ids++}`,
  };
  const world = {
    tick: 0,
    redis,
    site,
    store: origin.store,
    async run() {
      await collect(deps, watch);
      await publish(queue.waiting.splice(0), deps, watch);
      nowMs += 61 * 60_000;
    },
  };
  return world;
}

async function storedPages(store: Store): Promise<Page[]> {
  const pages = await Promise.all(banxico.series.map(({ id }) => store.pages(id, 1990, 2099)));
  return pages.flat().filter(({ version }) => version > 0);
}

interface Body {
  bmx: { series: { idSerie: string; titulo: string; datos: { fecha: string; dato: string }[] }[] };
}

function answerTo(url: URL): Body {
  const ids = (url.pathname.split("/")[2] ?? "").split(",");
  const series = banxico.series
    .filter(({ providerId }) => ids.includes(providerId))
    .map(({ id, providerId }) => ({
      idSerie: providerId,
      titulo: (TITLE_WORDS[providerId] ?? []).join("  "),
      datos: (TRUTH[id] ?? []).map(([date, dato]) => ({ fecha: date.split("-").reverse().join("/"), dato })),
    }));
  return { bmx: { series } };
}

/** What an answer says of the series that it names rightly: "series date value". */
function* sayings(answer: unknown): Generator<string> {
  const list = (parsed(answer) as { bmx?: { series?: unknown } } | null)?.bmx?.series;
  for (const entry of Array.isArray(list) ? list : []) {
    const { idSerie, datos } = (entry ?? {}) as { idSerie?: unknown; datos?: unknown };
    const series = banxico.series.find(({ providerId }) => providerId === idSerie);
    for (const row of series && Array.isArray(datos) ? datos : []) {
      const { fecha, dato } = (row ?? {}) as { fecha?: unknown; dato?: unknown };
      yield `${series?.id} ${String(fecha).split("/").reverse().join("-")} ${String(dato).replaceAll(",", "")}`;
    }
  }
}

/** A text that was to be cut short is whole where it was shorter than the cut. */
function parsed(answer: unknown): unknown {
  if (typeof answer !== "string") return answer;
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

type Fault = (honest: Body) => unknown;

/** One answer's fault: none, a few mutations anywhere in its tree, or its text cut short. */
function answerFault(): fc.Arbitrary<Fault | undefined> {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("N/E", "0", "-1", "1e3", "17.0000", "10.35", "1,017.0000", "99.9", "0.0001", "NaN"),
    fc.constantFrom<unknown>(
      "28/12/2023",
      "24/12/2023",
      "31/12/2030",
      "30/02/2023",
      "26/12/2023",
      "SF46406",
      "dolar fix",
    ),
  );
  const mutation = fc.record({ path: fc.array(fc.nat(30), { minLength: 2, maxLength: 6 }), value });
  const mutated = fc.array(mutation, { minLength: 1, maxLength: 4 }).map(
    (mutations): Fault =>
      (honest) => {
        for (const one of mutations) mutate(honest, one.path, one.value);
        return honest;
      },
  );
  const cut = fc.nat(400).map(
    (length): Fault =>
      (honest) =>
        JSON.stringify(honest).slice(0, length),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 5, arbitrary: mutated },
    { weight: 1, arbitrary: cut },
  );
}
