import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { CLOCK } from "../../tools/dev/system.ts";
import { FIRST_RATE, publishFix, startPublishing } from "./web-publishing.ts";
import { useSite } from "./web-site.ts";

/** News over the real stream, from Banxico's publication to the reader's page. */

const site = useSite(startPublishing);

/** For what takes a busy machine long. */
const PATIENCE = { timeout: 120_000 };

const shown = (page: Page) => page.locator(".view.fix .figure b").textContent();

/** A page that follows the stream, whose clock stands still from then on: it can't poll, so what comes was sent to it. */
async function openFollowing(path: string) {
  const opened = await site.open(path);
  await opened.page.locator('[data-state="live"]').waitFor(PATIENCE);
  await opened.page.clock.pauseAt(Date.parse(CLOCK) + 3_600_000);
  return opened;
}

test("a rate is shown when it is published and again when it is revised, on pages that do not poll", async () => {
  const today = await openFollowing("/");
  const explorer = await openFollowing("/explore?range=1m");
  expect(await shown(today.page)).toBe(FIRST_RATE);
  for (const rate of ["17.4321", "17.4322"]) {
    await publishFix(site.system, "2023-12-29", rate);
    await expect.poll(() => shown(today.page), PATIENCE).toBe(rate);
    expect(await today.page.locator(".view.fix time").first().getAttribute("datetime")).toBe("2023-12-29");
    expect(await today.page.locator(".readout b").first().textContent()).toBe(rate);
    await expect.poll(() => explorer.page.locator(".readout").first().textContent(), PATIENCE).toContain(rate);
  }
  await explorer.page.clock.resume();
  const readout = () => explorer.page.locator(".readout").first().textContent();
  await expect.poll(readout, PATIENCE).toContain("corregido antes 17.4321");
  expect(await explorer.page.getByText("Los rombos marcan").count()).toBe(1);
  await explorer.page.getByRole("button", { name: "Tabla" }).click();
  expect(await explorer.page.getByRole("row", { name: "29 dic 2023 corregido 17.4322" }).count()).toBe(1);
  expect([...today.complaints, ...explorer.complaints]).toEqual([]);
});

test("a page whose stream was cut off says since when, and shows what it missed once the edge is back", async () => {
  const { page } = await site.open("/");
  await page.locator('[data-state="live"]').waitFor(PATIENCE);
  const before = await shown(page);
  await site.system.stack.parts.edge.stop();
  const alert = page.getByRole("alert");
  // The end of the stream is noticed at once; the clock only speeds up the pause between attempts.
  await expect
    .poll(() => page.clock.runFor(1_000).then(() => alert.textContent()), PATIENCE)
    .toMatch(/No hay respuesta del servidor.*se recibió el 29 dic 2023, 14:\d\d:\d\d \(Ciudad de México\)/);
  expect(await page.locator("[data-state]").getAttribute("data-state")).toBe("cutOff");
  expect(await shown(page)).toBe(before);
  await site.system.stack.parts.edge.start();
  await publishFix(site.system, "2023-12-29", "17.5001");
  await expect.poll(() => page.clock.runFor(2_000).then(() => shown(page)), PATIENCE).toBe("17.5001");
  await expect.poll(() => alert.textContent(), PATIENCE).toBe("");
  await expect
    .poll(() => page.clock.runFor(2_000).then(() => page.locator('[data-state="live"]').count()), PATIENCE)
    .toBe(1);
});
