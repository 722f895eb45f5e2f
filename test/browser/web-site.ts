import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startFilled } from "../../tools/dev/filled.ts";
import { CLOCK, PATIENT, type System } from "../../tools/dev/system.ts";
import { PAGE_TIMEOUT_MS, START_TIMEOUT_MS, startChromium, type WatchedPage } from "./chromium.ts";

/** The dashboard over a whole stack, with what its tests do to a page. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the tests of the dashboard share: made once for a file, and ended after it. */
export interface DashboardSite {
  readonly system: System;
  readonly url: string;
  /** Opens a page of it, whose clock is the stack's. */
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** Starts Chromium and a stack for the tests of a file. By default its history is there. */
export function useSite(start: () => Promise<System> = startSite): DashboardSite {
  let browser: Browser;
  let system: System;
  beforeAll(async () => {
    [browser, system] = await Promise.all([startChromium(), start()]);
  }, START_TIMEOUT_MS);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  return {
    get system() {
      return system;
    },
    get url() {
      return system.stack.urls.edge;
    },
    open: (path, options) => openAt(browser, `${system.stack.urls.edge}${path}`, options),
  };
}

function startSite(): Promise<System> {
  const options = { providers: ["banxico", "ecb", "parities"], isUnlimited: true, vars: PATIENT };
  return startFilled(options, async (system) => (await system.edge("/api/v1/rates/compare")).status === 200);
}

async function openAt(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "es-MX", ...options });
  if (options.javaScriptEnabled !== false) await context.clock.install({ time: CLOCK });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const watched: WatchedPage = { page, complaints: [], requests: [] };
  page.on("request", (request) => watched.requests.push(request.url()));
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    watched.complaints.push(`${message.text()} ${message.location().url}`.trim());
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

/** The elements that the Tab key reaches, from where the focus is to where it comes by again. */
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
    if (reached.includes(name)) break;
    // Between the end of the page and its top nothing has the focus.
    if (name !== "") reached.push(name);
  }
  return reached;
}

/** The interactive elements that are shown and that the Tab key did not reach. */
export function unreached(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((element) => element.getClientRects().length > 0 && element.dataset.reached === undefined)
    .map((element) => element.outerHTML.slice(0, 80))`);
}
