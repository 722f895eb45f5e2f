import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { FIRST_RATE, publishFix, startPublishing } from "./web-publishing.ts";
import { reachedByTab, unreached, useSite, violations } from "./web-site.ts";

/** The page of alerts, from signing in to an attempt of a delivery, with a receiver that a test can break. */

const site = useSite(startPublishing);

/** For what takes a busy machine long: a delivery whose result was lost is only claimed again after 120 s. */
const PATIENCE = { timeout: 250_000 };

interface Key {
  client_id: string;
  client_secret: string;
}

const receiver = () => site.system.stack.urls.receiver;
const keyOf = async () => (await (await fetch(`${receiver()}/account`)).json()) as Key;
const received = async () => (await (await fetch(`${receiver()}/received`)).json()) as { type: string }[];
const misbehave = (faults: unknown[]) =>
  fetch(`${receiver()}/__faults`, { method: "PUT", body: JSON.stringify(faults) });

async function fillIn(page: Page, { client_id: id, client_secret: secret }: Key): Promise<void> {
  await page.getByLabel("Identificador de la clave").fill(id);
  await page.getByLabel("Secreto").fill(secret);
  await page.getByRole("button", { name: "Entrar" }).click();
}

async function openSignedIn() {
  const opened = await site.open("/alerts");
  await fillIn(opened.page, await keyOf());
  await opened.page.getByRole("heading", { name: "Sus alertas" }).waitFor();
  return opened;
}

async function createAlert(page: Page, condition: string, threshold: string): Promise<void> {
  await page.getByLabel("Avisar").selectOption({ label: condition });
  await page.getByLabel("Umbral").fill(threshold);
  await page.getByRole("button", { name: "Crear la alerta" }).click();
}

const alertOf = (page: Page, name: string) => page.locator(".list .entries > li", { hasText: name });

describe("signing in", () => {
  test("says that a key is wrong, and shows nothing", async () => {
    const { page } = await site.open("/alerts");
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("alert").getByText("Escriba el identificador y el secreto.").waitFor();
    await fillIn(page, { ...(await keyOf()), client_id: "wrong" });
    await page.getByRole("alert").getByText("No hay tal clave").waitFor();
    await expect.poll(() => page.locator(".list").count()).toBe(0);
  });

  test("keeps the secret out of URLs and storage; the token lasts as long as the tab, until the reader leaves", async () => {
    const key = await keyOf();
    const { page, requests } = await openSignedIn();
    const kept: string = await page.evaluate(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
    );
    expect(kept).toContain("paridad.session");
    expect(kept).not.toContain(key.client_secret);
    const token = /"token\\":\\"([^"\\]+)/.exec(kept.replaceAll("\\\\", "\\"))?.[1] ?? "";
    expect(token.length).toBeGreaterThan(100);
    expect(requests.filter((url) => url.includes(key.client_secret) || url.includes(token))).toEqual([]);
    await page.reload();
    await page.getByRole("heading", { name: "Sus alertas" }).waitFor();
    await page.getByRole("button", { name: "Salir" }).click();
    await page.getByRole("heading", { name: "Entrar" }).waitFor();
    await expect.poll(() => page.evaluate("sessionStorage.length")).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "Entrar" }).waitFor();
  });

  test("is renewed while the page is open, and over with its token once the page was loaded again", async () => {
    const { page } = await openSignedIn();
    const tokenOf = () => page.evaluate("sessionStorage.getItem('paridad.session')");
    const first = await tokenOf();
    await page.clock.runFor(9.5 * 60_000);
    await expect.poll(() => page.clock.runFor(1_000).then(tokenOf), PATIENCE).not.toBe(first);
    await expect.poll(() => page.locator(".list").count()).toBe(1);
    await page.reload();
    await page.getByRole("heading", { name: "Sus alertas" }).waitFor();
    const minuteLater = () => page.clock.runFor(60_000).then(() => page.getByText("La sesión terminó.").count());
    await expect.poll(minuteLater, PATIENCE).toBe(1);
  });
});

describe("an alert", () => {
  test("is refused with the reason, created, paused, enabled and deleted", async () => {
    const { page, complaints } = await openSignedIn();
    await page.getByText(`Ahora: ${FIRST_RATE}`).waitFor();
    await createAlert(page, "si sube de", "nada");
    await page.locator(".notice").getByText("threshold: must be a decimal as text").waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining("400")]);
    await createAlert(page, "si sube de", "99.5");
    const alert = alertOf(page, "USD/MXN por encima de 99.5");
    await alert.getByText("a la espera").waitFor();
    const others = Promise.withResolvers<void>();
    await page.route("**/api/v1/webhooks", (route) => others.promise.then(() => route.continue()));
    await alert.getByRole("button", { name: "Pausar" }).click();
    await alert.getByText("en pausa").waitFor();
    // What else the page reads again is not there yet: a click would be lost.
    const enable = alert.getByRole("button", { name: "Reanudar" });
    expect(await enable.getAttribute("aria-disabled")).toBe("true");
    others.resolve();
    await enable.click();
    await alert.getByText("a la espera").waitFor();
    await alert.getByRole("button", { name: "Borrar" }).click();
    await page.keyboard.press("Escape");
    await alert.getByRole("button", { name: "Borrar" }).press("Enter");
    // The first of the two that ask has the focus.
    await page.keyboard.press("Enter");
    await alert.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("list");
    expect(complaints).toEqual([]);
  });

  test("of another kind asks for what that kind needs", async () => {
    const { page } = await openSignedIn();
    await page.getByLabel("Qué vigilar").selectOption("change");
    await page.getByLabel("Fijaciones").fill("5");
    await createAlert(page, "si baja de", "-2");
    await alertOf(page, "USD/MXN: variación en 5 fijaciones menor que -2 %").waitFor();
    await page.getByLabel("Qué vigilar").selectOption("stale");
    await page.getByLabel("Umbral").fill("1");
    await page.getByRole("button", { name: "Crear la alerta" }).click();
    await alertOf(page, "banxico: más de 1 publicaciones faltan").waitFor();
  });
});

test("a webhook shows its secret once, its deliveries and their attempts, and each alert in the history as it fires", async () => {
  const { page, complaints } = await openSignedIn();
  await page.getByLabel("URL (https)").fill(`${receiver()}/hook`);
  await page.getByRole("button", { name: "Añadir" }).click();
  const secret = page.locator(".secret code");
  await expect.poll(() => secret.textContent()).toMatch(/^whsec_/);
  const first = await secret.textContent();
  await page.getByRole("button", { name: "Ya lo guardé" }).click();
  await secret.waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(first);
  const webhook = page.locator(".webhooks .entries > li").first();
  // On a busy machine the first ping may be late: the cron then sends it again.
  const later = () => Promise.all([page.clock.runFor(30_000), site.system.tick()]);
  await expect.poll(() => later().then(() => webhook.textContent()), PATIENCE).toContain("activo");

  await createAlert(page, "si baja de", "17.5");
  const alert = alertOf(page, "USD/MXN por debajo de 17.5");
  await alert.getByRole("button", { name: "Probar" }).click();
  await page.locator(".notice").getByText("Se envió una prueba a 1 webhooks.").waitFor();
  await expect.poll(async () => (await received()).length, PATIENCE).toBe(2);

  await misbehave([{ kind: "status", status: 500, times: 1 }]);
  await webhook.getByRole("button", { name: "Envíos" }).click();
  await page.locator('[data-state="live"]').waitFor(PATIENCE);
  // The clock stands still, so that nothing is polled: what comes was sent.
  await page.clock.pauseAt((await page.evaluate<number>("Date.now()")) + 60_000);
  await publishFix(site.system, "2023-12-29", "17.4000");
  const event = page.locator(".history tbody tr").first();
  await expect.poll(() => event.textContent(), PATIENCE).toContain("17.4000");
  await expect
    .poll(() => event.textContent())
    .toMatch(/USD\/MXN por debajo de 17\.5.*antes 17\.6000.*29 dic 2023.*publicado · versión \d+/);
  await alert.getByText("avisó").waitFor();
  await page.clock.resume();

  const delivery = webhook.locator(".entries > li", { hasText: "aviso" });
  await expect.poll(() => page.clock.runFor(30_000).then(() => delivery.textContent()), PATIENCE).toContain("500");
  await delivery.getByRole("button", { name: "Reintentar" }).click();
  await expect
    .poll(() => page.clock.runFor(30_000).then(() => delivery.textContent()), PATIENCE)
    .toContain("entregado");
  await expect.poll(() => delivery.locator(".attempts li").count()).toBe(2);
  expect((await received()).filter(({ type }) => type === "alert.triggered")).toHaveLength(2);

  // All was delivered: nothing is repeated.
  await webhook.getByRole("button", { name: "Reenviar lo perdido" }).click();
  await page.getByRole("button", { name: "Sí" }).click();
  await page.locator(".notice").getByText("Por enviar de nuevo: 0.").waitFor();

  await webhook.getByRole("button", { name: "Nuevo secreto" }).click();
  await page.getByRole("button", { name: "Sí" }).click();
  await secret.waitFor();
  await expect.poll(() => secret.textContent()).not.toBe(first);
  await page.locator(".secret").getByText("El anterior firma también hasta 30 dic").waitFor();
  expect(await violations(page)).toEqual([]);
  const reached = await reachedByTab(page);
  expect(reached.filter((each) => each.includes(" none "))).toEqual([]);
  expect(await unreached(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(["alert", "alert.es"])("the commands of the guide %s set an alert", async (name) => {
  const guide = readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), "utf8");
  const commands = Array.from(guide.matchAll(/^```console\n([\s\S]*?)^```$/gm), ([, code = ""]) => code).join("");
  const here = commands
    .replace("https://paridad.example.com", site.system.stack.urls.edge)
    .replace("https://example.org/hook", `${receiver()}/hook`);
  const { client_id: CLIENT_ID, client_secret: CLIENT_SECRET } = await keyOf();
  const env = { ...process.env, CLIENT_ID, CLIENT_SECRET };
  const { stdout } = await promisify(execFile)("sh", ["-ec", here], { env });
  expect(stdout).toMatch(/"secret":"whsec_.*"threshold":"16\.9".*"state":"armed".*"events":\[/s);
});
