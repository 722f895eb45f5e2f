import { addDays } from "#core/time/dates.ts";
import { compare, type Entrant } from "./compare.ts";
import type { Measure } from "./findings.ts";
import { TODAY } from "./pages.ts";
import type { Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const MANY = 1_000;

/** The built worker in workerd against a bare worker, hosted alike. */
export const edge: Measure = {
  name: "edge",
  title: "Edge: responses from one isolate, beside a bare worker that returns a constant of the same size",
  async run(settings) {
    await compare("edge", small, settings);
    await compare("edge", tenYears, settings);
  },
};

async function small(stage: Stage): Promise<Entrant[]> {
  const stack = await stage.edge();
  const response = await fetch(`${stack.urls.edge}${CURRENT}`);
  const body = await response.text();
  const tag = response.headers.get("etag") ?? "";
  const bytes = ["--bytes", String(body.length)];
  const bare = await stage.server("bare-worker.ts", bytes);
  const dressed = await stage.server("bare-worker.ts", [...bytes, "--headers", namesAndValues(response.headers)]);
  const ours = { url: stack.urls.edge, pid: stack.parts.edge.pid };
  return [
    { name: "bare worker, constant body", url: bare.url, pid: bare.part.pid, paths: ["/"] },
    { name: "bare worker, constant body with our headers", url: dressed.url, pid: dressed.part.pid, paths: ["/"] },
    { ...ours, name: "hot response", paths: [CURRENT], target: { min: 0.9, onRatio: true } },
    { ...ours, name: "304 Not Modified", paths: [CURRENT], headers: { "If-None-Match": tag } },
    { ...ours, name: "hot response, gzip accepted", paths: [CURRENT], headers: { "Accept-Encoding": "gzip" } },
    {
      ...ours,
      name: "a thousand queries, warm pages",
      paths: conversions(MANY),
      target: { min: 0.6, onRatio: true },
    },
    { ...ours, name: "every query new, warm pages", paths: conversions(100 * MANY) },
    { ...ours, name: "every query new, cross rates", paths: crossRates() },
  ];
}

/** The same against a constant as large as ten years of history. */
async function tenYears(stage: Stage): Promise<Entrant[]> {
  const stack = await stage.edge();
  const path = "/api/v1/rates/historical?days=3652";
  const { length } = await (await fetch(`${stack.urls.edge}${path}`)).text();
  const bare = await stage.server("bare-worker.ts", ["--bytes", String(length)]);
  const ours = { url: stack.urls.edge, pid: stack.parts.edge.pid };
  const everNew = Array.from({ length: 20 * MANY }, (_, index) => {
    const to = addDays(TODAY, -(index % 4_000));
    return `/api/v1/rates/historical?from=${addDays(to, -3_652 - Math.floor(index / 4_000))}&to=${to}`;
  });
  return [
    { name: "bare worker, constant of ten years' size", url: bare.url, pid: bare.part.pid, paths: ["/"] },
    { ...ours, name: "ten years of history, hot", paths: [path] },
    { ...ours, name: "ten years of history, every query new", paths: everNew },
  ];
}

/** So many different queries, all served from the same page. */
export function conversions(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/api/v1/convert?from=USD&to=MXN&amount=${index + 1}.10`);
}

function crossRates(): string[] {
  const pairs = ["base=EUR&quote=USD", "base=GBP&quote=JPY", "base=CAD&quote=EUR", "base=MXN&quote=USD"];
  return Array.from({ length: 8_000 }, (_, index) => addDays(TODAY, -index)).flatMap((date) =>
    pairs.map((pair) => `/api/v1/rates/on/${date}?${pair}`),
  );
}

function namesAndValues(headers: Headers): string {
  const ours = [...headers].filter(([name]) => !/^(content-length|date|connection|transfer-encoding)$/.test(name));
  return JSON.stringify(ours);
}
