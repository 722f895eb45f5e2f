import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ensureCommands } from "../../tools/servers/packages.ts";

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
/** For hooks that start Chromium: it may have to be installed first. */
export const START_TIMEOUT_MS = 600_000;
/** How long is waited for what a page does: the machine may be busy. */
export const PAGE_TIMEOUT_MS = 120_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the machine's Chromium, installed first where it is absent, with a profile that lives as long as it. */
export async function startChromium(): Promise<Browser> {
  const commands = await ensureCommands({ chromium: "chromium" });
  return chromium.launch({ executablePath: commands.chromium ?? "chromium", args: FLAGS });
}

/** A page, and what it did that a page of ours should not. */
export interface WatchedPage {
  page: Page;
  /** Errors and warnings on the console, exceptions, violations of the Content-Security-Policy. */
  complaints: string[];
  requests: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const watched: WatchedPage = { page, complaints: [], requests: [] };
  page.on("request", (request) => watched.requests.push(request.url()));
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") watched.complaints.push(message.text());
  });
  await page.goto(url);
  return watched;
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
}

/** The texts that stand out too little from what is behind them: below 4.5 to 1 (WCAG 2.2, 1.4.3). */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(`(${findFaintTexts})()`);
}

/** Runs in the page, so that it may use nothing from here. */
const findFaintTexts = `function () {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) =>
    [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : color;
  };
  const faint = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!own || element.getClientRects().length === 0) continue;
    const [dark, light] = [channels(getComputedStyle(element).color), behind(element)].map(luminance).sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.push(contrast.toFixed(2) + ": " + element.textContent.slice(0, 40));
  }
  return faint;
}`;

/** Tries an operation of the docs page, and waits until its answer is shown. */
export async function tryIt({ page }: WatchedPage, id: string) {
  const operation = page.locator(`#${id}`);
  const status = operation.getByRole("status");
  await operation.getByRole("button", { name: "Try it" }).click();
  await status.locator("b").waitFor();
  const names = await operation.locator(".headers dt").allTextContents();
  const values = await operation.locator(".headers dd").allTextContents();
  return {
    status: await status.textContent(),
    headers: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    body: (await operation.locator(".answer pre").textContent()) ?? "",
  };
}
