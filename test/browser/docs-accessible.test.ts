import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DESKTOP, openPage, PHONE, START_TIMEOUT_MS, startChromium } from "./chromium.ts";
import { Site } from "./site.ts";
import { violations } from "./web-site.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  [browser, site] = [await startChromium(), await Site.start()];
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test.each(["/docs", "/docs/using", "/docs/es/moving"])(
  "%s is accessible in light and dark, on a phone and a desk",
  async (path) => {
    const { page } = await openPage(browser, `${site.origin}${path}`);
    await page.locator("h1").waitFor();
    for (const colorScheme of ["light", "dark"] as const)
      for (const viewport of [PHONE, DESKTOP]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        expect([colorScheme, viewport.width, await violations(page)]).toEqual([colorScheme, viewport.width, []]);
      }
  },
  240_000,
);
