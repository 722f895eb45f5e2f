import { expect, it } from "vitest";
import { BANXICO } from "../catalogues.ts";
import { madeUpFigures, world } from "./world.ts";

const NOW = "2023-12-29T20:00:00Z";
const figures = madeUpFigures("2023-12-29", "2023-11-01");

interface Listed {
  code: string;
  base: string;
  since: string;
  latest: string | null;
}

async function listed(path: "currencies" | "series", lost?: (year: number) => boolean) {
  const response = await world({ now: NOW, figures, ...(lost && { lost }) }).get(`/api/v1/${path}`);
  const body = (await response.json()) as Record<string, Listed[]>;
  return { response, list: body[path] ?? [] };
}

it.each([
  ["currencies", BANXICO.currencies.length],
  ["series", BANXICO.series.length],
] as const)("%s are listed although no page is to be had, and briefly cached", async (path, count) => {
  const { response, list } = await listed(path, () => true);
  expect(response.status).toBe(200);
  expect(list).toHaveLength(count);
  expect(list.every(({ latest, since }) => latest === null && since !== "")).toBe(true);
  expect(response.headers.get("Cache-Control")).toBe("public, max-age=5");
  expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe("public, max-age=5, stale-if-error=0");
});

it.each(["currencies", "series"] as const)("%s say the same fields with pages and without", async (path) => {
  const [without, having] = [await listed(path, () => true), await listed(path)];
  expect(having.list.map(({ latest }) => latest)).toEqual(having.list.map(() => "2023-12-29"));
  const blank = (list: Listed[]) => list.map((one) => ({ ...one, latest: null }));
  expect(blank(having.list)).toEqual(without.list);
});
