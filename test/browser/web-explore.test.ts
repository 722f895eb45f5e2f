import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useSite } from "./web-site.ts";

const site = useSite();

interface Dated {
  date: string;
  rate: string;
}

async function history(query: string): Promise<Dated[]> {
  return JSON.parse((await site.system.edge(`/api/v1/rates/historical?${query}`)).body).observations;
}

const readout = async (page: Page) => (await page.locator(".readout").first().textContent())?.replace(/\s+/g, " ");

/** Collects what is said to readers who listen. */
const recordAnnouncements = `
  globalThis.announcements = [];
  for (const region of document.querySelectorAll("[aria-live]"))
    new MutationObserver(() => region.textContent && announcements.push(region.textContent))
      .observe(region, { subtree: true, childList: true, characterData: true });`;

/** Where the cursor's line is. */
const placeOf = (page: Page) => page.locator(".u-cursor-x").first().getAttribute("style");

/** What the cursor is on: the day of the month, whatever the language. */
async function shownIn(page: Page) {
  const line = page.locator(".readout").first();
  const [day, rate] = [await line.locator("time").textContent(), await line.locator("b").first().textContent()];
  return { date: Number.parseInt(day ?? "", 10), rate, place: await placeOf(page) };
}

describe("the explorer", () => {
  test("keeps every choice in the URL, and shows it again", async () => {
    const { page } = await site.open("/explore");
    await page.locator(".explored canvas").waitFor();
    await page.getByRole("combobox", { name: "De", exact: true }).selectOption("EUR");
    await page.getByRole("combobox", { name: "Periodo", exact: true }).selectOption("3m");
    await page.getByLabel("Promedio móvil").selectOption("5");
    await page.getByLabel("Comparar con").selectOption("ecb");
    await page.getByRole("button", { name: "Tabla" }).click();
    await expect
      .poll(() => Object.fromEntries(new URL(page.url()).searchParams))
      .toEqual({
        base: "EUR",
        range: "3m",
        average: "5",
        with: "ecb",
        view: "table",
      });
    const url = new URL(page.url());
    const again = await site.open(url.pathname + url.search);
    await again.page.getByRole("heading", { level: 1, name: "EUR/MXN" }).waitFor();
    const expected = (await history("base=EUR&days=92")).map(({ rate }) => rate).reverse();
    await expect
      .poll(() => again.page.locator("section[aria-label='Tabla: Tabla'] td:nth-child(2)").allTextContents())
      .toEqual(expected);
  });

  test.each(["Asia/Tokyo", "Pacific/Honolulu"])(
    "says date, rate and mean under the cursor in %s",
    async (timezoneId) => {
      const { page } = await site.open("/explore?range=3m&average=5", { timezoneId });
      const chart = page.getByRole("application").first();
      await page.locator(".explored canvas").waitFor();
      const observations = await history("days=92");
      const press = async (...keys: string[]) => {
        await chart.focus();
        for (const key of keys) await page.keyboard.press(key);
      };
      await press("End", "ArrowLeft", "ArrowLeft", "ArrowLeft");
      const { date, rate } = observations.at(-4) as Dated;
      const day = new Intl.DateTimeFormat("es-MX", { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(date));
      const window = observations.slice(-8, -3).map((each) => Math.round(Number(each.rate) * 10_000));
      const mean = (window.reduce((sum, value) => sum + value, 0) / 50_000).toFixed(6);
      await expect.poll(() => readout(page)).toContain(`${day} ${rate}5 datos ${mean}`);
      await expect
        .poll(async () => {
          await page.clock.runFor(1_000);
          return await page.locator("[aria-live=polite]").allTextContents();
        })
        .toContainEqual(expect.stringContaining(`${day}: ${rate}`));
      await press("Home");
      await expect.poll(() => readout(page)).toContain(observations[0]?.rate);
      await press("PageDown");
      await expect.poll(() => readout(page)).toContain(observations[10]?.rate);
    },
  );

  test("keeps its cursor and what is enlarged whenever it is drawn again, and announces neither again", async () => {
    const { page } = await site.open("/explore?range=3m");
    const card = page.locator("section[aria-label='USD/MXN']");
    await card.locator("canvas").waitFor();
    await page.getByText("Las franjas").waitFor();
    await page.evaluate(recordAnnouncements);
    const plot = await card.locator(".u-over").boundingBox();
    const [left, top, width] = [plot?.x ?? 0, plot?.y ?? 0, plot?.width ?? 0];
    await page.mouse.move(left + width / 5, top + 50);
    await page.mouse.down();
    await page.mouse.move(left + width / 2, top + 50, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await card.getByRole("application").focus();
    for (const key of ["Home", "PageDown", "PageDown"]) await page.keyboard.press(key);
    const { date, rate } = (await history("days=92"))[20] as Dated;
    const shown = { date: Number(date.slice(-2)), rate, place: await placeOf(page) };
    await expect.poll(() => shownIn(page)).toEqual(shown);
    const announcements = () => page.evaluate<string[]>("announcements");
    // On a busy machine each key may be announced by itself.
    const newest = () => page.clock.runFor(1_000).then(async () => (await announcements()).at(-1));
    await expect.poll(newest).toContain(shown.rate);
    const announced = await announcements();

    const redraws = {
      theme: () => page.emulateMedia({ colorScheme: "dark" }),
      language: () => page.getByRole("button", { name: "English" }).click(),
    };
    for (const redraw of Object.values(redraws)) {
      await card.locator(".uplot").evaluate((element) => element.setAttribute("data-old", ""));
      await redraw();
      await page.clock.runFor(1_000);
      await card.locator(".uplot:not([data-old])").waitFor();
      await expect.poll(() => shownIn(page)).toEqual(shown);
    }
    await page.setViewportSize({ width: 700, height: 700 });
    await expect.poll(async () => (await shownIn(page)).place).not.toBe(shown.place);
    await page.setViewportSize({ width: 1280, height: 720 });
    await expect.poll(() => shownIn(page)).toEqual(shown);
    await page.clock.runFor(1_000);
    expect(await announcements()).toEqual(announced);
  });

  test("names the chart by what it shows, and its numbers are the API's", async () => {
    const { page } = await site.open("/explore?range=6m");
    const statistics = page.locator("section[aria-labelledby=statistics]");
    const [first, last] = await history("days=183").then((all) => [all[0], all.at(-1)]);
    const query = `from=${first?.date}&to=2023-12-29`;
    await statistics.getByText(last?.rate ?? "").waitFor();
    const change = JSON.parse((await site.system.edge(`/api/v1/rates/change?${query}`)).body);
    const moved = JSON.parse((await site.system.edge(`/api/v1/rates/statistics?${query}`)).body);
    for (const text of [change.high, change.low, moved.median, moved.mean])
      await statistics.getByText(text).first().waitFor();
    const name = await page.getByRole("figure").first().getAttribute("aria-label");
    for (const text of ["USD/MXN", change.low, change.high, change.end]) expect(name).toContain(text);
  });

  test("draws bars as candles with a name and a cursor, beside their table", async () => {
    const { page } = await site.open("/explore?range=1y&bars=month");
    const card = page.locator("section[aria-labelledby=bars]");
    const chart = card.getByRole("application");
    await card.locator("canvas").waitFor();
    const newest = await card.locator("tbody tr").first().locator("td").allTextContents();
    const [open, high, low, close] = newest;
    await chart.focus();
    await page.keyboard.press("End");
    const readout = async () => (await card.locator(".readout").textContent())?.replace(/\s+/g, " ");
    await expect.poll(readout).toContain(`${close}Inicio ${open}Máximo ${high}Mínimo ${low}`);
    await page.clock.runFor(1_000);
    await expect.poll(() => card.locator("[aria-live=polite]").textContent()).toContain(close);
    const count = await card.locator("tbody tr").count();
    await expect.poll(() => card.getByRole("figure").getAttribute("aria-label")).toContain(`${count} intervalos`);
  });

  test("saves a picture and the data", async () => {
    const { page, complaints } = await site.open("/explore?range=1m");
    await page.locator(".explored canvas").waitFor();
    const [picture] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Imagen PNG" }).click(),
    ]);
    expect(picture.suggestedFilename()).toMatch(/^USD-MXN-.*[.]png$/);
    const bytes = await readFile(await picture.path());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    const [table] = await Promise.all([page.waitForEvent("download"), page.getByText("Datos CSV").click()]);
    expect(await readFile(await table.path(), "utf8")).toContain("2023-12-29,");
    expect(complaints).toEqual([]);
  });

  test("says why a pair can't be shown", async () => {
    const { page } = await site.open("/explore?base=USD&quote=MXN&provider=nobody");
    await page.getByRole("alert").getByText("No se puede mostrar:").waitFor();
  });
});

describe("the world", () => {
  test("finds currencies by country, and every number is the API's", async () => {
    const { page } = await site.open("/world");
    const rows = page.locator(".currencies tbody tr");
    await rows.first().waitFor();
    const { rates } = JSON.parse((await site.system.edge("/api/v1/rates/latest?base=USD")).body) as {
      rates: Record<string, Dated>;
    };
    await expect.poll(() => rows.count()).toBe(Object.keys(rates).length);
    await page.getByLabel("Buscar moneda o país").fill("japon");
    await expect.poll(() => rows.count()).toBe(1);
    await expect.poll(() => rows.first().textContent()).toContain(rates.JPY?.rate);
    expect(new URL(page.url()).searchParams.get("q")).toBe("japon");
    const month = JSON.parse((await site.system.edge("/api/v1/rates/historical?base=USD&quote=JPY&days=30")).body) as {
      observations: Dated[];
    };
    const [first, last] = [month.observations[0]?.rate, month.observations.at(-1)?.rate];
    const line = rows.first().locator(".spark svg");
    await expect.poll(() => line.getAttribute("aria-label")).toBe(`En 30 días, de ${first} a ${last}`);
  });

  test("shows the crosses of eight", async () => {
    const { page } = await site.open("/world");
    const { rates } = JSON.parse((await site.system.edge("/api/v1/rates/latest?base=EUR&quotes=JPY")).body);
    const row = page.locator(".matrix tbody tr", { has: page.getByRole("rowheader", { name: "EUR" }) });
    await row.getByText(rates.JPY.rate).waitFor();
    await page.getByLabel("Moneda 8").selectOption("SEK");
    await page.locator(".matrix").getByRole("rowheader", { name: "SEK" }).waitFor();
    expect(new URL(page.url()).searchParams.get("matrix")).toMatch(/SEK$/);
  });
});

test("the rates of invoices come with their reasoning, by a pasted column of dates", async () => {
  const { page } = await site.open("/cfdi");
  await page.getByLabel("Fechas de causación").fill("10/04/2023\n2023-12-25\nlunes");
  const { rates } = JSON.parse((await site.system.edge("/api/v1/rates/cfdi?dates=2023-04-10,2023-12-25")).body) as {
    rates: { rate: string; steps: { es: string }[]; permalink: string }[];
  };
  const cells = page.locator("td.number");
  await expect.poll(() => cells.allTextContents()).toEqual(rates.map(({ rate }) => rate));
  await page.getByText("No se entienden como fechas: lunes.").waitFor();
  await page.locator("summary").first().click();
  await expect
    .poll(() => page.locator(".steps").first().locator("li").allTextContents())
    .toEqual(rates[0]?.steps.map(({ es }) => es));
  await expect.poll(() => page.locator("td a").first().getAttribute("href")).toBe(rates[0]?.permalink);
});
