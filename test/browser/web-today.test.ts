import type { Page, Request } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useSite, violations } from "./web-site.ts";

const site = useSite();

const open = (options = {}) => site.open("/", options);

interface Rate {
  rate: string;
  determination_date: string;
  publication_date: string;
  applicable_date: string;
}

async function rateOf(view: string): Promise<Rate> {
  return JSON.parse((await site.system.edge(`/api/v1/rates/current?view=${view}`)).body);
}

describe("today's page", () => {
  test.each(["fix", "dof", "settlement"])("shows the rate of the view %s with its three dates", async (view) => {
    const { page } = await open();
    const card = page.locator(`.view.${view}`);
    const { rate, determination_date, publication_date, applicable_date } = await rateOf(view);
    await card.getByText(rate, { exact: true }).waitFor();
    const dates = await card.locator("time").evaluateAll((times) => times.map((time) => time.getAttribute("datetime")));
    expect(dates).toEqual([determination_date, publication_date, applicable_date]);
  });

  test.each(["Asia/Tokyo", "America/Mexico_City", "Pacific/Honolulu"])(
    "shows the same dates in %s",
    async (timezoneId) => {
      const { page } = await open({ timezoneId });
      const card = page.locator(".view.fix");
      await card.getByText("29 dic 2023").waitFor();
      await expect
        .poll(() => card.textContent())
        .toContain("2 ene 2024, 12:00 h (Ciudad de México) · dentro de 3 d 22 h");
      await page.locator(".plot").focus();
      await page.keyboard.press("Home");
      await expect.poll(() => page.locator(".readout").textContent()).toContain("30 nov 2023");
      await page.locator("summary").click();
      const [first] = await page.locator(".chart tbody th").allTextContents();
      expect(first).toBe("29 dic 2023");
    },
  );

  test("has a chart with a name, a cursor for the keyboard that says date and rate, and a table", async () => {
    const { page } = await open();
    const chart = page.getByRole("application");
    await chart.waitFor();
    const { observations } = JSON.parse((await site.system.edge("/api/v1/rates/historical?days=30")).body) as {
      observations: { date: string; rate: string }[];
    };
    const rates = observations.map(({ rate }) => rate).toSorted();
    const name = await page.getByRole("figure").getAttribute("aria-label");
    for (const rate of [rates[0], rates.at(-1), observations.at(-1)?.rate]) expect(name).toContain(rate);
    await chart.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    const third = observations.at(-3)?.rate ?? "";
    await page.locator(".chart [aria-live]").getByText(third).waitFor();
    await expect.poll(() => page.locator(".readout b").textContent()).toBe(third);
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".readout b").textContent()).toBe(observations.at(-1)?.rate);
    await page.getByText("Ver como tabla").click();
    await expect
      .poll(() => page.locator(".chart td").allTextContents())
      .toEqual(observations.map(({ rate }) => rate).reverse());
  });

  test("converts exactly, and says what is no amount", async () => {
    const { page } = await open();
    const result = page.locator(".result");
    await page.getByLabel("Importe").fill("1,234,567.89");
    const asked = await site.system.edge("/api/v1/convert?amount=1234567.89&from=USD&to=MXN");
    const { result: expected } = JSON.parse(asked.body) as { result: string };
    await expect.poll(async () => await result.locator("b").textContent()).toBe(`${expected} MXN`);
    await page.getByLabel("Importe").fill("1e5");
    await result.getByText("Escriba un importe").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Importe").fill("10");
    await page.getByRole("button", { name: "Invertir" }).click();
    await result.getByText("USD").first().waitFor();
  });

  test("copies the published text", async () => {
    const { page } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copiar Para pagos" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe((await rateOf("settlement")).rate);
  });

  test("is in the language that the reader chose, on the next page too", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { level: 1, name: "The dollar today" }).waitFor();
    await page.getByRole("link", { name: "World" }).click();
    await page.getByRole("heading", { level: 1, name: "All currencies" }).waitFor();
    await page.goto(`${site.url}/?lang=es`);
    await page.getByRole("heading", { level: 1, name: "El dólar hoy" }).waitFor();
  });
});

test("without a script the current rate and the way to the docs can be read", async () => {
  const { page } = await open({ javaScriptEnabled: false });
  const { rate, determination_date } = await rateOf("fix");
  await expect.poll(() => page.locator(".now").textContent()).toContain(`${rate} MXN ${determination_date}`);
  await expect.poll(() => page.getByRole("link", { name: "la documentación" }).getAttribute("href")).toBe("/docs");
  await page.goto(`${site.url}/explore`);
  await page.getByRole("link", { name: "today’s rate" }).click();
  await page.locator(".now").waitFor();
});

test("a rate that is published while the page is open is shown at once, and stays", async () => {
  const { page } = await open();
  await page.locator(".readout b").waitFor();
  const event = { series: "banxico.SF43718", base: "USD", quote: "MXN", date: "2024-01-02", rate: "17.0001" };
  const body = `id: 1\nevent: rate.published\ndata: ${JSON.stringify(event)}\n\n`;
  await page.context().route("**/api/v1/stream*", (route) => route.fulfill({ contentType: "text/event-stream", body }));
  await page.getByRole("button", { name: "Pausar" }).click();
  await page.getByRole("button", { name: "Reanudar" }).click();
  await page.locator(".view.fix b").getByText("17.0001").waitFor();
  await expect.poll(() => page.locator(".readout b").textContent()).toBe("17.0001");
  // The server has not heard of it: what it says is older.
  await page.clock.runFor(70_000);
  await expect.poll(() => page.locator(".view.fix b").first().textContent()).toBe("17.0001");
});

/** Waits for the end of requests, but for the stream's: what had begun before a pause goes on. */
function endOfRequests(page: Page): () => Promise<void> {
  const underWay = new Set<Request>();
  page.on("request", (request) => request.resourceType() !== "eventsource" && underWay.add(request));
  page.on("requestfinished", (request) => underWay.delete(request));
  page.on("requestfailed", (request) => underWay.delete(request));
  return async () => {
    await page.waitForLoadState("networkidle");
    await expect.poll(() => underWay.size).toBe(0);
  };
}

test("nothing is asked for while the page is paused or hidden", async () => {
  const { page, requests } = await open();
  const hasEnded = endOfRequests(page);
  await page.locator(".result b").waitFor();
  await page.getByRole("button", { name: "Pausar" }).click();
  await page.getByText("En pausa").waitFor();
  await hasEnded();
  const before = requests.length;
  await page.clock.runFor(300_000);
  expect(requests.slice(before)).toEqual([]);
  await page.getByRole("button", { name: "Reanudar" }).click();
  await expect.poll(() => requests.length).toBeGreaterThan(before);
  await page.evaluate(`Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`);
  // The converter follows what came last a moment later.
  for (let step = 0; step < 2; step++) {
    await page.clock.runFor(1_000);
    await hasEnded();
  }
  const whenHidden = requests.length;
  await page.clock.runFor(300_000);
  expect(requests.slice(whenHidden)).toEqual([]);
});

test("with the edge stopped the page says since when it shows what it shows, and recovers by itself", async () => {
  const { page } = await open();
  const { rate } = await rateOf("fix");
  await page
    .locator(".view.settlement b")
    .getByText((await rateOf("settlement")).rate)
    .waitFor();
  await site.system.stack.parts.edge.stop();
  await page.clock.runFor(31_000);
  const alert = page.getByRole("alert");
  await alert.getByText("No hay respuesta del servidor.").waitFor();
  await expect.poll(() => alert.textContent()).toMatch(/se recibió el 29 dic 2023, 14:0\d:\d\d \(Ciudad de México\)/);
  await expect.poll(() => page.locator(".view.fix b").first().textContent()).toBe(rate);
  expect(await violations(page)).toEqual([]);
  await site.system.stack.parts.edge.start();
  await expect.poll(() => page.clock.runFor(5_000).then(() => alert.textContent()), { timeout: 60_000 }).toBe("");
});
