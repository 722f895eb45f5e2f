import type { Context } from "hono";
import type { SimulatorEnv } from "../server.ts";
import { mexicoCityTime } from "./clock.ts";

const tokenUrl = "https://www.banxico.org.mx/SieAPIRest/service/v1/token";

const errors = {
  token: {
    url: tokenUrl,
    mensaje: "Token inválido",
    detalle: "El token enviado no es válido, favor de verificar. Para obtener un token consultar la url adjunta.",
  },
  date: {
    mensaje: "Formato de fecha incorrecto.",
    detalle: "El formato de la fecha enviada es incorrecto. Debe ser yyyy-MM-dd.",
  },
  series: {
    mensaje: "Formato de series incorrecto.",
    detalle: "Formato de series debe ser SX####[-SX####][,SX####[-SX####]]",
  },
};

/** How an answer may be damaged on its way. */
export interface Damage {
  readonly contentType?: string | undefined;
  readonly isTruncated?: boolean;
  readonly paddingBytes?: number | undefined;
}

/** A JSON response with the headers of the real API, chunked and without a validator. */
export function jsonResponse(
  c: Context<SimulatorEnv>,
  body: unknown,
  status: 200 | 400 = 200,
  spoiling: Damage = {},
): Response {
  const text = JSON.stringify(body);
  const shown = spoiling.isTruncated ? text.slice(0, Math.ceil(text.length / 2)) : text;
  c.header("Content-Type", spoiling.contentType ?? "application/json;charset=UTF-8");
  c.header("Cache-Control", "no-store");
  c.header("Content-Language", "es");
  c.header("Access-Control-Allow-Origin", "*");
  c.header("Set-Cookie", "SRVCOOKIE=simulated; path=/; HttpOnly; Secure");
  c.header("Set-Cookie", "TS012f422b=simulated; Path=/; Domain=.www.banxico.org.mx", { append: true });
  c.header("Transfer-Encoding", "chunked");
  return c.body(streamOf(shown, spoiling.paddingBytes ?? 0), status);
}

/** Almost every error is a 400 and says in its body what it is. */
export function errorResponse(c: Context<SimulatorEnv>, kind: keyof typeof errors): Response {
  return jsonResponse(c, { error: errors[kind] }, 400);
}

/** The response to one request too many: a 400, not a 429, with the time in fields and headers, only in text, or not at all. */
export function limitResponse(
  c: Context<SimulatorEnv>,
  resetMs: number,
  nowMs: number,
  told: "fields" | "words" | "nothing" = "fields",
): Response {
  const timeReset = Math.ceil(resetMs / 1_000);
  const secondsToReset = Math.max(1, Math.ceil((resetMs - nowMs) / 1_000));
  const mensaje = "Límite de consultas superado.";
  if (told === "nothing") return jsonResponse(c, { error: { mensaje, detalle: "" } }, 400);
  const detalle = `El límite de consultas ha sido superado. Podrá volver a consultar el servicio a las ${mexicoCityTime(timeReset * 1_000)}`;
  if (told === "words") return jsonResponse(c, { error: { mensaje, detalle } }, 400);
  c.header("Bmx-timeReset", String(timeReset));
  c.header("Bmx-secondsToReset", String(secondsToReset));
  return jsonResponse(c, { error: { mensaje, detalle, timeReset, secondsToReset } }, 400);
}

/** The page of a firewall or of maintenance, with 200. */
export function htmlResponse(c: Context<SimulatorEnv>, status: 200 | 404 = 200): Response {
  const words =
    status === 404 ? "404 - No encontrado" : "The requested URL was rejected. Please consult with your administrator.";
  return c.html(`<!DOCTYPE html><html><head><title>${words}</title></head><body>${words}</body></html>`, status);
}

/** The text, then as many spaces as asked for, which JSON allows. */
function streamOf(text: string, paddingBytes: number): ReadableStream {
  const chunkBytes = 65_536;
  let left = paddingBytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(left, chunkBytes)).fill(0x20));
      left -= chunkBytes;
    },
  });
}
