import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { CLOCK, System } from "../dev/system.ts";
import { ensureCommands } from "../servers/packages.ts";
import type { Measure, Settings } from "./findings.ts";
import { median } from "./rounds.ts";

const PATHS = ["/", "/explore", "/world", "/cfdi", "/alerts", "/status"];
const MAX_PAINT_MS = 1_200;
const PAINT_ROUNDS = 5;
const CPU_SLOWDOWN = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 };
const STEP_MS = 300_000;
const STEPS_PER_HOUR = 12;
const HOURS = { usual: 8, long: 24 };
const MEGABYTE = 1e6;
const BARE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title><h1>Bare</h1></html>`;

/** What a reader waits for, and what a page that stays open takes. */
export const dashboard: Measure = {
  name: "dashboard",
  title: "Dashboard: first contentful paint beside a bare page, and memory of a page that stays open",
  async run(settings) {
    const commands = await ensureCommands({ chromium: "chromium" });
    const [system, browser] = await Promise.all([
      System.start({ providers: ["banxico", "ecb", "parities"], isUnlimited: true }),
      chromium.launch({ executablePath: commands.chromium ?? "chromium", args: ["--no-sandbox", "--disable-gpu"] }),
    ]);
    try {
      await system.fill();
      await paints(browser, system.stack.urls.edge, settings);
      for (const path of PATHS) await openForLong(browser, system.stack.urls.edge, path, settings);
    } finally {
      await browser.close();
      await system.stop();
    }
  },
};

/** In alternating rounds, with a slow processor and network and an empty cache. */
async function paints(browser: Browser, url: string, { report }: Settings): Promise<void> {
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(BARE));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bare = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const urls = [bare, ...PATHS.map((path) => url + path)];
  const tookMs = new Map<string, number[]>(urls.map((each) => [each, []]));
  for (let round = 0; round < PAINT_ROUNDS; round++)
    for (const each of urls) tookMs.get(each)?.push(await firstPaintMs(browser, each));
  await new Promise((resolve) => server.close(resolve));
  const bareMs = median(tookMs.get(bare) ?? []);
  report({ measure: "dashboard", what: "first contentful paint: bare page", value: bareMs, unit: "ms" });
  for (const path of PATHS) {
    const value = median(tookMs.get(url + path) ?? []);
    const target = { max: MAX_PAINT_MS };
    const what = `first contentful paint: ${path}`;
    report({ measure: "dashboard", what, value, unit: "ms", ratio: bareMs / value, of: "a bare page", target });
  }
}

async function firstPaintMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await page.goto(url);
  const ms: number = await page.evaluate(`new Promise((resolve) =>
    new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
    }).observe({ type: "paint", buffered: true }))`);
  await context.close();
  return ms;
}

/** A page whose clock is moved on, with real requests: what is left after a collection of garbage. */
async function openForLong(browser: Browser, url: string, path: string, { report, long }: Settings): Promise<void> {
  const context = await browser.newContext();
  await context.clock.install({ time: CLOCK });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(url + path);
  await page.locator("#app .top").waitFor();
  await page.waitForLoadState("networkidle");
  const hours = long ? HOURS.long : HOURS.usual;
  await pass(page, 1);
  const early = await stateOf(session);
  await pass(page, hours - 1);
  const late = await stateOf(session);
  const row = (what: string, value: number, unit: string, first: number) =>
    report({ measure: "dashboard", what, value, unit, ratio: value / first, of: "after 1 hour" });
  row(`heap of ${path} after ${hours} hours`, late.heapBytes / MEGABYTE, "MB", early.heapBytes / MEGABYTE);
  row(`elements and texts of ${path} after ${hours} hours`, late.nodes, "", early.nodes);
  row(`event listeners of ${path} after ${hours} hours`, late.listeners, "", early.listeners);
  await context.close();
}

async function pass(page: Page, hours: number): Promise<void> {
  for (let step = 0; step < hours * STEPS_PER_HOUR; step++) {
    await page.clock.runFor(STEP_MS);
    await page.waitForLoadState("networkidle");
  }
}

async function stateOf(session: CDPSession) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  return { heapBytes: usedSize, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}
