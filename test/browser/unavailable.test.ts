import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { faintTexts, openPage, overflow, START_TIMEOUT_MS, startChromium } from "./chromium.ts";
import { LATEST_RATE, Site } from "./site.ts";

let browser: Browser;
let site: Site;
let url: string;
beforeAll(async () => {
  [browser, site] = [await startChromium(), await Site.start()];
  url = `${site.origin}/api/v1/rates/current`;
}, START_TIMEOUT_MS);
afterEach(async () => {
  site.pages.heal();
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

describe("when nothing can be served", () => {
  test.each(["light", "dark"] as const)(
    "a browser shows a page in two languages, readable in a %s scheme",
    async (colorScheme) => {
      site.pages.failure.reads = Number.POSITIVE_INFINITY;
      const { page, complaints } = await openPage(browser, url, { colorScheme, viewport: { width: 320, height: 640 } });
      expect(await page.title()).toContain("Paridad");
      await page.getByRole("heading", { level: 1, name: "Rates can’t be read at the moment" }).waitFor();
      await expect
        .poll(() => page.locator("[lang=es]").textContent())
        .toContain("Esta página volverá a intentarlo en 30 segundos.");
      expect(await overflow(page)).toBe(0);
      expect(await faintTexts(page)).toEqual([]);
      await expect.poll(() => page.locator("script").count()).toBe(0);
      expect(complaints.filter((complaint) => !complaint.includes("status of 503"))).toEqual([]);
    },
  );

  test("its link asks again", async () => {
    site.pages.failure.reads = 1;
    const { page } = await openPage(browser, url);
    await page.getByRole("link", { name: "Look now" }).click();
    await page.getByText(LATEST_RATE).waitFor();
  });

  test("it asks again by itself after the time in Retry-After", async () => {
    site.pages.failure = { reads: 1, retryAfterSeconds: 0 };
    const { page, requests } = await openPage(browser, url);
    await page.getByText(LATEST_RATE).waitFor();
    expect(requests.filter((request) => request === url)).toHaveLength(2);
  });

  test("a client gets a problem as before", async () => {
    site.pages.failure.reads = Number.POSITIVE_INFINITY;
    const response = await fetch(url);
    expect(response.status).toBe(503);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(response.headers.get("Vary")).toContain("Accept");
    expect(await response.json()).toMatchObject({ code: "unavailable", type: "/docs#unavailable" });
  });

  test("HEAD has the headers of the page", async () => {
    site.pages.failure.reads = Number.POSITIVE_INFINITY;
    const response = await fetch(url, { method: "HEAD", headers: { Accept: "text/html" } });
    expect(response.status).toBe(503);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("Retry-After")).toBe("30");
    expect(await response.text()).toBe("");
  });
});
