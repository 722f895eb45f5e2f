import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { examplePath, operations } from "#core/api/html/operations.ts";
import type { Problem } from "#core/api/problem.ts";
import {
  DESKTOP,
  faintTexts,
  openPage,
  overflow,
  PHONE,
  START_TIMEOUT_MS,
  startChromium,
  tryIt,
  type WatchedPage,
} from "./chromium.ts";
import { LATEST_RATE, Site } from "./site.ts";

/** Those that can be tried: what stays open can't. */
const ALL = operations().filter(({ isLive }) => !isLive);
/** No provider is polled within the day here, and the problem says so. */
const statusOf = ({ path }: (typeof ALL)[number]) => (/\/(intraday|crosses)$/.test(path) ? 404 : 200);

let browser: Browser;
let site: Site;
beforeAll(async () => {
  [browser, site] = [await startChromium(), await Site.start()];
}, START_TIMEOUT_MS);
afterEach(async () => {
  site.pages.heal();
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

function openDocs(options = {}): Promise<WatchedPage> {
  return openPage(browser, `${site.origin}/docs`, options);
}

describe("the docs page", () => {
  test("shows every operation, the rate of the day and where rates come from", async () => {
    const { page } = await openDocs();
    const main = page.getByRole("main");
    for (const { id, summary } of ALL) {
      await main.getByRole("heading", { name: summary }).waitFor();
      await expect.poll(() => page.locator(`#${id}`).getByRole("button", { name: "Try it" }).count()).toBe(1);
    }
    await page.getByText(`1 USD = ${LATEST_RATE} MXN`).waitFor();
    await page.getByText("29 December 2023").first().waitFor();
    await page.getByRole("contentinfo").getByRole("link", { name: "Banco de México" }).waitFor();
  });

  test("shows the address, a command, the headers that matter and the body of an answer", async () => {
    const watched = await openDocs();
    const current = watched.page.locator("#currentRate");
    const url = `${site.origin}/api/v1/rates/current`;
    await expect.poll(() => current.locator(".url a").getAttribute("href")).toBe(url);
    await expect.poll(() => current.locator(".curl code").textContent()).toBe(`curl '${url}'`);
    const { status, headers, body } = await tryIt(watched, "currentRate");
    expect(status).toMatch(/^200 OK in \d+ ms, \d+ bytes$/);
    expect(headers).toEqual({
      ETag: expect.stringMatching(/^"[\w-]+"$/),
      "Cache-Control": "public, max-age=60",
    });
    expect(JSON.parse(body)).toMatchObject({ rate: LATEST_RATE, base: "USD", quote: "MXN" });
    expect(body).toContain('\n  "rate": "16.9190",\n');
  });

  test("answers every operation as it is filled in, one after the other on one page", async () => {
    const watched = await openDocs();
    for (const operation of ALL) {
      const link = watched.page.locator(`#${operation.id} .url a`);
      expect.soft(await link.getAttribute("href")).toBe(site.origin + examplePath(operation));
      expect.soft((await tryIt(watched, operation.id)).status, operation.path).toContain(`${statusOf(operation)}`);
    }
    // A browser complains of a 404 by itself.
    expect(watched.complaints.filter((one) => !/status of 404/.test(one))).toEqual([]);
  });

  test("asks for what the form says", async () => {
    const watched = await openDocs();
    const average = watched.page.locator("#averageRate");
    await average.locator("[name=window]").fill("2023-11");
    await watched.page.locator("#averageRate-base").fill("EUR");
    await average.locator("[name=basis]").selectOption("calendar");
    const { body } = await tryIt(watched, "averageRate");
    expect(JSON.parse(body)).toMatchObject({ window: "2023-11", base: "EUR", basis: "calendar" });
    expect(watched.requests.at(-1)).toBe(`${site.origin}/api/v1/rates/average/2023-11?base=EUR&basis=calendar`);
  });

  test("shows a problem, which says where on the page it is explained", async () => {
    const watched = await openDocs();
    await watched.page.locator("#convert").locator("[name=amount]").fill("1e5");
    const { status, body } = await tryIt(watched, "convert");
    expect(status).toContain("400 Bad Request");
    const { type, errors } = JSON.parse(body);
    expect(errors).toEqual([{ parameter: "amount", detail: expect.stringContaining("plain decimal") }]);
    await watched.page.goto(site.origin + type);
    await expect.poll(() => watched.page.locator(":target").textContent()).toContain("invalid_parameter");
  });

  test("shows why an answer is stale", async () => {
    site.pages.stale = "origin_unavailable";
    const watched = await openDocs();
    expect((await tryIt(watched, "currentRate")).headers["Paridad-Stale"]).toBe("origin_unavailable");
    await watched.page.getByText("29 December 2023; a newer one is overdue").waitFor();
  });

  test("says so when nothing can be served, and when the host is away", async () => {
    const watched = await openDocs();
    site.pages.failure.reads = Number.POSITIVE_INFINITY;
    const { status, headers, body } = await tryIt(watched, "currentRate");
    expect(status).toContain("503");
    expect(headers["Retry-After"]).toBe("30");
    expect(JSON.parse(body)).toMatchObject({ code: "unavailable" });
    await watched.page.context().setOffline(true);
    expect((await tryIt(watched, "series")).status).toContain("No response");
  });

  test("a long answer is cut short with a word about it", async () => {
    const watched = await openDocs();
    const history = watched.page.locator("#historicalRates");
    await history.locator("[name=from]").fill("2019-01-02");
    await history.locator("[name=to]").fill("2023-12-29");
    await history.locator("[name=fill]").selectOption("previous");
    const { body } = await tryIt(watched, "historicalRates");
    expect(body).toContain('    { "date": "2019-01-02", "rate": "19.5000" },\n');
    expect(body).toContain('    { "date": "2019-01-05", "rate": "19.4800", "carried_from": "2019-01-04" },\n');
    expect(body.length).toBeLessThan(41_000);
    expect(body).toMatch(/\n…\nThe rest is left out here; open the URL to see all of it\.$/);
  });

  test("copies a command that no parameter can break out of", async () => {
    const { page } = await openDocs({ permissions: ["clipboard-read", "clipboard-write"] });
    const on = page.locator("#rateOnDate");
    await on.locator("[name=date]").fill('\'; echo "$(id)" #/../&?');
    await on.getByRole("button", { name: "Copy" }).click();
    await on.getByRole("button", { name: "Copied" }).waitFor();
    const command: string = await page.evaluate("navigator.clipboard.readText()");
    expect(command).toBe(`curl '${site.origin}/api/v1/rates/on/%27%3B%20echo%20%22%24(id)%22%20%23%2F..%2F%26%3F'`);
  });

  test("works by keyboard", async () => {
    const { page } = await openDocs();
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await page.locator("#currentRate-quote").focus();
    await page.keyboard.type("EUR");
    const isOnButton = () => page.evaluate("document.activeElement.type === 'submit'");
    for (let presses = 0; presses < 20 && !(await isOnButton()); presses++) await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
    await page.locator("#currentRate .answer pre").getByText('"EUR"').waitFor();
  });

  test("names every field and every answer for those who do not see them", async () => {
    const { page } = await openDocs();
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll("input, select")].filter(({ labels }) => labels.length !== 1).map(({ id }) => id)`,
    );
    expect(unnamed).toEqual([]);
    const levels: number[] = await page.evaluate(
      `[...document.querySelectorAll("h1, h2, h3")].map((h) => +h.tagName[1])`,
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, index) => level - (levels[index - 1] ?? 0) <= 1)).toBe(true);
  });

  test("explains every problem at the anchor that its type points to", async () => {
    const codes: Record<Problem["code"], true> = {
      invalid_parameter: true,
      no_data: true,
      pair_not_served: true,
      not_found: true,
      method_not_allowed: true,
      unauthorized: true,
      insufficient_scope: true,
      object_not_found: true,
      quota_exceeded: true,
      conflict: true,
      idempotency_key_reused: true,
      unsupported_media_type: true,
      payload_too_large: true,
      rate_limited: true,
      upgrade_required: true,
      too_many_connections: true,
      rate_too_old: true,
      unavailable: true,
      bad_request: true,
      request_timeout: true,
      headers_too_large: true,
      internal: true,
    };
    const { page } = await openDocs();
    for (const code of Object.keys(codes)) expect(await page.locator(`#${code}`).textContent()).toContain(code);
    await expect.poll(() => page.locator(".problems article").count()).toBe(Object.keys(codes).length);
  });

  test("asks nobody but its own host, and the policy would not let it", async () => {
    const { page, requests, complaints } = await openDocs();
    await page.getByText(LATEST_RATE).first().waitFor();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${site.origin}/`) && !url.startsWith("data:"))).toEqual([]);
    const refused = await page.evaluate(`fetch("https://elsewhere.example/").then(() => false, () => true)`);
    expect(refused).toBe(true);
    const inserted = await page.evaluate(
      `(() => { try { document.body.innerHTML = "<p>"; return true } catch { return false } })()`,
    );
    expect(inserted).toBe(false);
    expect(complaints.join()).toContain("Content Security Policy");
  });

  test("is the same under the API's prefix", async () => {
    const { page, complaints } = await openPage(browser, `${site.origin}/api/v1/docs`);
    await page.getByText(`1 USD = ${LATEST_RATE} MXN`).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe.each(["light", "dark"] as const)("in a %s scheme", (colorScheme) => {
  test.each([PHONE, DESKTOP])("fits a window $width wide, with text that stands out", async (viewport) => {
    const watched = await openDocs({ colorScheme, viewport });
    const { page } = watched;
    for (const { id } of ALL) {
      await tryIt(watched, id);
      for (const summary of await page.locator(`#${id} summary`).all()) await summary.click();
    }
    await page.goto(`${site.origin}/docs#unavailable`);
    expect(await overflow(page)).toBe(0);
    expect(await faintTexts(page)).toEqual([]);
    const [red = 0] =
      String(await page.evaluate("getComputedStyle(document.body).backgroundColor")).match(/\d+/g) ?? [];
    expect(Number(red) < 128).toBe(colorScheme === "dark");
  });
});

describe("without its script", () => {
  test("every operation is there with an address that answers", async () => {
    const { page } = await openDocs({ javaScriptEnabled: false, viewport: PHONE });
    for (const operation of ALL) {
      const section = page.locator(`#${operation.id}`);
      await expect.poll(() => section.textContent()).toContain(operation.path);
      await expect.poll(() => section.getByRole("button").count()).toBe(0);
      const href = (await section.locator(".url a").getAttribute("href")) ?? "";
      expect((await fetch(site.origin + href)).status).toBe(statusOf(operation));
    }
  });
});
