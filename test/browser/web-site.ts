import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { CLOCK, System } from "../../tools/dev/system.ts";
import type { WatchedPage } from "./chromium.ts";

/** The dashboard over a whole stack, with what its tests do to a page. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A stack whose history is there, at the clock of all such tests. */
export async function startSite(): Promise<System> {
  const system = await System.start({ providers: ["banxico", "ecb", "parities"], isUnlimited: true });
  await system.fill();
  return system;
}

/** Opens a page whose clock is the stack's. */
export async function openAt(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "es-MX", ...options });
  if (options.javaScriptEnabled !== false) await context.clock.install({ time: CLOCK });
  const page = await context.newPage();
  const watched: WatchedPage = { page, complaints: [], requests: [] };
  page.on("request", (request) => watched.requests.push(request.url()));
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    // A browser says so whenever a stream ends; what a page does then is tested for itself.
    if (isComplaint && !message.location().url.includes("/stream")) watched.complaints.push(message.text());
  });
  await page.goto(url);
  return watched;
}

/** What axe finds wrong: the rule and the element of each violation. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target.join(" "))))`);
}

/** The elements that the Tab key reaches, from the top of the page to where it begins again. */
export async function reachedByTab(page: Page): Promise<string[]> {
  const reached: string[] = [];
  const focused = `(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    element.dataset.reached ??= String(document.querySelectorAll("[data-reached]").length);
    const outline = getComputedStyle(element).outlineStyle;
    return element.dataset.reached + " " + outline + " " + element.tagName;
  })()`;
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press("Tab");
    const name: string = await page.evaluate(focused);
    if (name === "" || reached.includes(name)) break;
    reached.push(name);
  }
  return reached;
}

/** The interactive elements that are shown and that the Tab key did not reach. */
export function unreached(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((element) => element.getClientRects().length > 0 && element.dataset.reached === undefined)
    .map((element) => element.outerHTML.slice(0, 80))`);
}
