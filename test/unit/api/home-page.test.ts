import { expect, it } from "vitest";
import { RATE_PLACE, SITE_HEADERS } from "#core/api/site-headers.ts";
import { world } from "./world.ts";

const NOW = "2023-12-29T20:00:00Z";
const figures = { USD: [["2023-12-28", "16.8935"] as const, ["2023-12-29", "16.9190"] as const] };
const homePage = `<main>${RATE_PLACE}</main>`;

it("has the current rate written into it, for readers and for its script", async () => {
  const { get } = world({ now: NOW, figures, homePage });
  const response = await get("/");
  const html = await response.text();
  expect(html).toContain('<b>16.9190</b> <span>MXN</span> <time datetime="2023-12-29">2023-12-29</time>');
  const [, data = ""] = /<script type="application\/json" id="current">(.*)<\/script>/.exec(html) ?? [];
  expect(JSON.parse(data)).toEqual(await (await get("/api/v1/rates/current?view=fix")).json());
  expect(response.headers.get("Content-Security-Policy")).toBe(SITE_HEADERS["Content-Security-Policy"]);
  expect(response.headers.get("Cache-Control")).toBe("public, max-age=0");
  expect((await get("/", { headers: { "If-None-Match": response.headers.get("ETag") ?? "" } })).status).toBe(304);
});

it("is served without a rate where none can be read, and is not kept", async () => {
  const { get, faults } = world({ now: NOW, figures, homePage, lost: () => true });
  const response = await get("/");
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(homePage);
  expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe("public, max-age=0, stale-if-error=0");
  expect(faults).toEqual([]);
});

it("leads to the docs in a deployment without pages", async () => {
  const response = await world({ now: NOW, figures }).get("/");
  expect([response.status, response.headers.get("Location")]).toEqual([302, "/docs"]);
});
