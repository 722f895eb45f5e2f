import { describe, expect, test } from "vitest";
import { PAGES } from "../../web/shell.ts";
import { overflow } from "./chromium.ts";
import { reachedByTab, unreached, useSite, violations } from "./web-site.ts";

/** What holds for every page: no complaint, no other host, accessible in every language, scheme and width. */

const WIDTHS = [320, 390, 1280];
const SCHEMES = ["light", "dark"] as const;
/** What each page shows once it has been read. */
const SHOWN: Record<string, string> = {
  index: "table >> text=JPY",
  explore: ".explored canvas",
  world: ".currencies tbody tr",
  status: ".days",
  cfdi: ".steps li",
  alerts: ".sign-in",
};

const site = useSite();

const pathOf = (name: string) => `/${name === "index" ? "" : name}`;

describe.each(PAGES.map(({ name }) => name))("%s", (name) => {
  test("is accessible and fits, in both languages and schemes, from phone to desk", async () => {
    const { page, complaints, requests } = await site.open(pathOf(name));
    await page
      .locator(SHOWN[name] ?? "h1")
      .first()
      .waitFor();
    for (const language of ["es", "en"]) {
      await page.locator(`html[lang=${language}]`).waitFor();
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          // A chart is drawn again shortly after its window changed.
          await expect.poll(() => overflow(page), { message: `${language} ${width}` }).toBe(0);
          if (width !== 390)
            await expect.poll(() => violations(page), { message: `${language} ${colorScheme} ${width}` }).toEqual([]);
        }
      }
      if (language === "es") await page.getByRole("button", { name: "English" }).click();
    }
    expect(complaints).toEqual([]);
    const origin = site.url;
    expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
  });

  test("is reached everywhere by the Tab key, with the focus in sight", async () => {
    const { page } = await site.open(pathOf(name));
    await page
      .locator(SHOWN[name] ?? "h1")
      .first()
      .waitFor();
    const reached = await reachedByTab(page);
    expect(reached.filter((each) => each.includes(" none "))).toEqual([]);
    expect(reached.length).toBeGreaterThan(8);
    expect(await unreached(page)).toEqual([]);
  });

  test("refuses markup as text, and requests to other hosts", async () => {
    const { page } = await site.open(pathOf(name));
    await page.locator("h1").waitFor();
    const inserted = await page.evaluate(
      `(() => { try { document.body.innerHTML = "<p>"; return true } catch { return false } })()`,
    );
    expect(inserted).toBe(false);
    expect(await page.evaluate(`fetch("https://elsewhere.example/").then(() => true, () => false)`)).toBe(false);
  });
});

test("a script that is not there is a 404 that nobody caches, not a page", async () => {
  for (const base of [site.url, site.system.stack.urls.origin]) {
    const response = await fetch(`${base}/assets/index-00000000.js`);
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  }
});

test("the edge and the origin serve the same pages under the same policy", async () => {
  const kept = [
    "Content-Type",
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
  ];
  const read = async (base: string, path: string) => {
    const response = await fetch(`${base}${path}`, { redirect: "manual" });
    const headers = kept.map((name) => [name, response.headers.get(name)]);
    return {
      status: response.status,
      headers: response.status === 200 ? headers : [],
      body: await response.text(),
      to: response.headers.get("Location"),
    };
  };
  const html = await (await fetch(`${site.url}/explore`)).text();
  const files = [...html.matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path);
  expect(files.length).toBeGreaterThan(3);
  for (const path of ["/", ...PAGES.slice(1).map(({ name }) => `/${name}`), ...files, "/index.html", "/explore.html"]) {
    const [edge, origin] = await Promise.all([read(site.url, path), read(site.system.stack.urls.origin, path)]);
    expect(edge).toEqual(origin);
    expect(edge.status).toBeLessThan(400);
  }
});
