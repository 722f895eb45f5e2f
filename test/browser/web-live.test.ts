import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { CLOCK } from "../../tools/dev/system.ts";
import { FIRST_RATE, publishFix, startPublishing, takeBackFix } from "./web-publishing.ts";
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

test("a rate is shown when it is published, revised and taken back, on pages that do not poll", async () => {
  const today = await openFollowing("/");
  const explorer = await openFollowing("/explore?range=1m");
  expect(await shown(today.page)).toBe(FIRST_RATE);
  const readouts = [today, explorer].map(({ page }) => page.locator(".readout").first());
  const publish = async (rate: string) => {
    await publishFix(site.system, "2023-12-29", rate);
    await expect.poll(() => shown(today.page), PATIENCE).toBe(rate);
    await expect.poll(() => today.page.locator(".view.fix time").first().getAttribute("datetime")).toBe("2023-12-29");
    const name = () => explorer.page.getByRole("figure").first().getAttribute("aria-label");
    await expect.poll(name, PATIENCE).toContain(`el último, ${rate}`);
  };
  await publish("17.4321");
  for (const each of readouts) await expect.poll(() => each.textContent()).toMatch(/^29 dic 2023\s+17.4321$/);
  for (const { page } of [today, explorer]) {
    await page.getByRole("application").first().focus();
    for (const key of ["End", "ArrowLeft"]) await page.keyboard.press(key);
  }
  await publish("17.4322");
  for (const each of readouts) await expect.poll(() => each.textContent()).toMatch(/^28 dic 2023\s+17.6000$/);
  const plot = explorer.page.locator(".uplot").first();
  await plot.evaluate((element) => element.setAttribute("data-old", ""));
  // With its time going on it is drawn again, and reads what caches still have of before.
  const read = explorer.page.waitForResponse(/historical/, PATIENCE);
  await explorer.page.clock.resume();
  await (await read).finished();
  await explorer.page.locator(".uplot:not([data-old])").first().waitFor();
  await explorer.page.getByText("Los rombos marcan").waitFor();
  await expect.poll(() => readouts[1]?.textContent()).toMatch(/^28 dic 2023\s+17.6000$/);
  for (const { page } of [today, explorer]) await page.keyboard.press("ArrowRight");
  await expect.poll(() => readouts[0]?.textContent()).toMatch(/^29 dic 2023\s+17.4322$/);
  await expect.poll(() => readouts[1]?.textContent()).toMatch(/^29 dic 2023\s+17.4322corregido antes 17.4321$/);
  await expect.poll(() => explorer.page.getByText("Los rombos marcan").count()).toBe(1);
  await explorer.page.getByRole("button", { name: "Tabla" }).click();
  await expect.poll(() => explorer.page.getByRole("row", { name: "29 dic 2023 corregido 17.4322" }).count()).toBe(1);
  await takeBackFix(site.system, "2023-12-29");
  await expect.poll(() => shown(today.page), PATIENCE).toBe(FIRST_RATE);
  expect(await today.page.locator(".view.fix time").first().getAttribute("datetime")).toBe("2023-12-28");
  await expect.poll(() => explorer.page.getByRole("row", { name: "29 dic 2023" }).count(), PATIENCE).toBe(0);
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
  await expect.poll(() => page.locator("[data-state]").getAttribute("data-state")).toBe("cutOff");
  expect(await shown(page)).toBe(before);
  await site.system.stack.parts.edge.start();
  await publishFix(site.system, "2023-12-29", "17.5001");
  await expect.poll(() => page.clock.runFor(2_000).then(() => shown(page)), PATIENCE).toBe("17.5001");
  await expect.poll(() => alert.textContent(), PATIENCE).toBe("");
  await expect
    .poll(() => page.clock.runFor(2_000).then(() => page.locator('[data-state="live"]').count()), PATIENCE)
    .toBe(1);
});
