import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";

const NOW_MS = Date.parse("2026-03-13T20:00:00Z");
const html = { type: "text/html;charset=UTF-8" };

function read(body: unknown, { status = 200, type = "application/json;charset=UTF-8", headers = {} } = {}) {
  const response = {
    status,
    headers: new Headers({ "Content-Type": type, ...headers }),
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
  return banxico.parse(response, { series: banxico.series, span: "newest" }, NOW_MS);
}

test("a rate limit known by its headers alone, by its reset alone, or as 429", () => {
  const reset = (headers: Record<string, string>, status = 400) => {
    const result = read("", { status, headers });
    return !result.ok && result.error.kind === "rate_limited" ? result.error.resetMs - NOW_MS : undefined;
  };
  expect(reset({ "Bmx-secondsToReset": "54" })).toBe(54_000);
  expect(reset({ "Bmx-timeReset": String(NOW_MS / 1_000 + 90) })).toBe(90_000);
  expect(reset({ "Bmx-timeReset": "1" })).toBe(1_000);
  expect(reset({ "Retry-After": "7" }, 429)).toBe(7_000);
  expect(reset({}, 429)).toBe(300_000);
});

test("a rate limit told in words only, with or without a time, whatever the status", () => {
  const words = (detalle: string, mensaje = "Límite de consultas superado.") => ({ error: { mensaje, detalle } });
  const resetOf = (body: unknown, options = {}) => {
    const result = read(body, { status: 400, ...options });
    return !result.ok && result.error.kind === "rate_limited" ? result.error.resetMs : undefined;
  };
  const until = "Podrá volver a consultar el servicio a las 2026-03-13 17:06:27 America/Mexico_City";
  const untilMs = Date.parse("2026-03-13T23:06:27Z");
  expect(resetOf(words(`El límite de consultas ha sido superado. ${until}`))).toBe(untilMs);
  expect(resetOf(words(until, "Error"))).toBe(untilMs);
  expect(resetOf(words(until), { status: 200 })).toBe(untilMs);
  expect(resetOf(words(until), { status: 503 })).toBe(untilMs);
  expect(resetOf(`<p>${until}</p>`, html)).toBe(untilMs);
  expect(resetOf(words(""))).toBe(NOW_MS + 300_000);
  expect(resetOf(words("LIMITE DE CONSULTAS SUPERADO", "Error"))).toBe(NOW_MS + 300_000);
  expect(resetOf(words("", "El límite de consultas del token ha sido superado"))).toBe(NOW_MS + 300_000);
  expect(resetOf(words(until.replace("03-13", "13-32")))).toBe(NOW_MS + 300_000);
  expect(resetOf(words(until.replace("2026", "2025")))).toBe(NOW_MS + 1_000);
  expect(resetOf(words("El formato de la fecha es incorrecto", "Formato"))).toBeUndefined();
});
