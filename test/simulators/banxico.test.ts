import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documentedLimits } from "../../tools/simulators/banxico/limits.ts";
import { type BanxicoOptions, basePath, defaultToken, startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { requestBanxico as ask } from "../../tools/simulators/banxico-client.ts";
import type { Simulator } from "../../tools/simulators/server.ts";

const rows = [
  ["2023-12-22", "16.9738"],
  ["2023-12-26", "16.9568"],
  ["2023-12-27", "16.9190"],
  ["2023-12-28", "16.8935"],
  ["2023-12-29", "16.9190"],
  ["2024-01-02", "17.0500"],
] as const;
const noon = Date.parse("2023-12-29T18:00:00Z");
let nowMs = noon;
let simulator: Simulator;

async function start(options: BanxicoOptions = {}): Promise<Simulator> {
  await simulator?.stop();
  simulator = await startBanxico({ data: rows, realNow: () => nowMs, ...options });
  return simulator;
}

beforeEach(async () => {
  nowMs = noon;
  await start();
});
afterEach(async () => {
  await simulator.stop();
  simulator = undefined as unknown as Simulator;
});

describe("answers", () => {
  test("a range, in the shape and with the headers of the real API", async () => {
    const { status, headers, text } = await ask(simulator, "SF43718/datos/2023-12-23/2023-12-28");
    const space = " ".repeat(42);
    expect(status).toBe(200);
    expect(text).toBe(
      `{"bmx":{"series":[{"idSerie":"SF43718","titulo":"Tipo de cambio${space}Pesos por dólar E.U.A. Tipo de cambio para solventar obligaciones denominadas en moneda extranjera Fecha de determinación (FIX)","datos":[{"fecha":"26/12/2023","dato":"16.9568"},{"fecha":"27/12/2023","dato":"16.9190"},{"fecha":"28/12/2023","dato":"16.8935"}]}]}}`,
    );
    expect(headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Content-Language")).toBe("es");
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(headers.get("Transfer-Encoding")).toBe("chunked");
    expect(headers.getSetCookie()).toHaveLength(2);
    for (const absent of ["ETag", "Last-Modified", "Content-Length"]) expect(headers.get(absent)).toBeNull();
  });

  test("one day, nothing in the range, the last value, the whole history", async () => {
    expect((await ask(simulator, "SF43718/datos/2023-12-29/2023-12-29")).values.SF43718).toEqual({
      "2023-12-29": "16.9190",
    });
    const empty = await ask(simulator, "SF43718/datos/2023-12-23/2023-12-24");
    expect(JSON.parse(empty.text).bmx.series[0]).not.toHaveProperty("datos");
    expect((await ask(simulator, "SF43718/datos/oportuno")).values.SF43718).toEqual({ "2023-12-29": "16.9190" });
    expect(Object.entries((await ask(simulator, "SF43718/datos")).values.SF43718 ?? {})).toEqual(rows.slice(0, 5));
    expect((await ask(simulator, "SF43718/datos/oportuno?decimales=sinCeros")).text).toContain('"dato":"16.919"');
  });

  test("metadata", async () => {
    const { text } = await ask(simulator, "SF43718");
    expect(JSON.parse(text).bmx.series).toEqual([
      {
        idSerie: "SF43718",
        titulo: expect.stringContaining("(FIX)"),
        fechaInicio: "22/12/2023",
        fechaFin: "29/12/2023",
        periodicidad: "Diaria",
        cifra: "Tipo de Cambio",
        unidad: "Pesos por Dólar",
        versionada: false,
      },
    ]);
    expect((await ask(simulator, "SF43718?locale=en")).text).toContain('"fechaFin":"12/29/2023"');
    expect((await ask(simulator, "SF43718/datos/oportuno?locale=en")).text).toContain('"fecha":"29/12/2023"');
  });

  test("series come in another order than asked for, ranges spread, unknown ones left out", async () => {
    const five = ["SF43718", "SF46410", "SF46407", "SF46406", "SF60632"];
    expect((await ask(simulator, `${five}/datos/oportuno`)).ids).toEqual(
      "SF43718 SF46406 SF46410 SF60632 SF46407".split(" "),
    );
    expect((await ask(simulator, "SF43718,SF46406/datos/oportuno")).ids).toEqual(["SF46406", "SF43718"]);
    expect((await ask(simulator, "SF46406-SF46410/datos/oportuno")).ids.sort()).toEqual(
      "SF46406 SF46407 SF46410".split(" "),
    );
    expect((await ask(simulator, "SF43718,SF1/datos/oportuno")).ids).toEqual(["SF43718"]);
    const unknown = await ask(simulator, "SF1/datos/oportuno");
    expect([unknown.status, unknown.headers.get("Content-Type")]).toEqual([404, "text/html; charset=UTF-8"]);
  });

  test("the settlement rates follow the rule, over weekends and holidays and into the future", async () => {
    const { values } = await ask(simulator, "SF60653/datos");
    expect(values.SF60653).toEqual({
      "2023-12-27": "16.9738",
      "2023-12-28": "16.9568",
      "2023-12-29": "16.9190",
      "2023-12-30": "16.8935",
      "2023-12-31": "16.8935",
      "2024-01-01": "16.8935",
      "2024-01-02": "16.8935",
      "2024-01-03": "16.9190",
    });
  });
});

describe("the clock", () => {
  const last = async () => Object.keys((await ask(simulator, "SF43718/datos/oportuno")).values.SF43718 ?? {})[0];

  test("a FIX is out from 12:00 in Mexico City, in every answer", async () => {
    nowMs = noon - 1;
    expect(await last()).toBe("2023-12-28");
    expect((await ask(simulator, "SF43718/datos/2023-12-29/2024-12-31")).values.SF43718).toEqual({});
    expect(Object.keys((await ask(simulator, "SF43718/datos")).values.SF43718 ?? {}).at(-1)).toBe("2023-12-28");
    nowMs = noon;
    expect(await last()).toBe("2023-12-29");
    nowMs = Date.parse("2024-01-01T20:00:00Z");
    expect(await last()).toBe("2023-12-29");
    nowMs = Date.parse("2024-01-02T05:59:00Z");
    expect(await last()).toBe("2023-12-29");
    nowMs = Date.parse("2024-01-02T18:00:00Z");
    expect(await last()).toBe("2024-01-02");
    nowMs = Date.parse("2026-01-01T00:00:00Z");
    expect(await last()).toBe("2024-01-02");
  });

  test("publication may be late, even by more than the rest of the day", async () => {
    await start({ publicationDelayMs: 13 * 3_600_000 });
    nowMs = noon + 13 * 3_600_000 - 1;
    expect(await last()).toBe("2023-12-28");
    nowMs++;
    expect(await last()).toBe("2023-12-29");
  });

  test("is set by an offset or to an instant, and says what it is", async () => {
    const put = async (body: unknown) => {
      const response = await fetch(`${simulator.url}/__clock`, { method: "PUT", body: JSON.stringify(body) });
      return [response.status, await response.json()];
    };
    expect(await put({ now: "2024-01-02T20:00:00Z" })).toEqual([
      200,
      { offset_ms: Date.parse("2024-01-02T20:00:00Z") - noon, now: "2024-01-02T20:00:00.000Z" },
    ]);
    expect(await last()).toBe("2024-01-02");
    expect(await put({ offset_ms: -60_000 })).toEqual([
      200,
      { offset_ms: -60_000, now: new Date(noon - 60_000).toISOString() },
    ]);
    expect(await last()).toBe("2023-12-28");
    for (const bad of [{}, { now: "soon" }, { offset_ms: "1" }, []]) expect((await put(bad))[0]).toBe(400);
  });
});

describe("refusals", () => {
  const body = (answer: { text: string }) => JSON.parse(answer.text);

  test("a missing or wrong token; the header stands over the query", async () => {
    const invalid = {
      error: {
        url: "https://www.banxico.org.mx/SieAPIRest/service/v1/token",
        mensaje: "Token inválido",
        detalle: "El token enviado no es válido, favor de verificar. Para obtener un token consultar la url adjunta.",
      },
    };
    const wrong = { "Bmx-Token": "x".repeat(64) };
    for (const refused of [
      await ask(simulator, "SF43718/datos/oportuno", {}),
      await ask(simulator, `SF43718/datos/oportuno?token=${defaultToken}`, wrong),
    ]) {
      expect([refused.status, body(refused)]).toEqual([400, invalid]);
    }
    expect((await ask(simulator, `SF43718/datos/oportuno?token=${defaultToken}`, {})).status).toBe(200);
    await expect(startBanxico({ token: "short" })).rejects.toThrow("64");
  });

  test("dates and series that are none", async () => {
    for (const dates of ["2023-02-30/2023-03-01", "01-12-2023/2023-12-31", "2023-12-01/soon"]) {
      const refused = await ask(simulator, `SF43718/datos/${dates}`);
      expect([refused.status, body(refused).error.mensaje]).toEqual([400, "Formato de fecha incorrecto."]);
    }
    const many = Array.from({ length: 21 }, (_, i) => `SF${i}`);
    for (const ids of ["43718", "SF43718,", "SF1-SX2", many.join(",")]) {
      const refused = await ask(simulator, `${ids}/datos/oportuno`);
      expect([refused.status, body(refused)]).toEqual([
        400,
        {
          error: {
            mensaje: "Formato de series incorrecto.",
            detalle: "Formato de series debe ser SX####[-SX####][,SX####[-SX####]]",
          },
        },
      ]);
    }
  });

  test("the limits of each class: a 400 that says when, until the window ends", async () => {
    nowMs = Date.parse("2022-12-27T23:05:30Z");
    const { oportuna } = documentedLimits;
    for (let i = 0; i < oportuna.perWindow; i++) await ask(simulator, "SF43718");
    nowMs += 6_000;
    const refused = await ask(simulator, "SF43718/datos/oportuno");
    const timeReset = Date.parse("2022-12-27T23:06:30Z") / 1_000;
    expect([refused.status, body(refused)]).toEqual([
      400,
      {
        error: {
          mensaje: "Límite de consultas superado.",
          detalle:
            "El límite de consultas ha sido superado. Podrá volver a consultar el servicio a las 2022-12-27 17:06:30 America/Mexico_City",
          timeReset,
          secondsToReset: 54,
        },
      },
    ]);
    expect(refused.headers.get("Bmx-timeReset")).toBe(String(timeReset));
    expect(refused.headers.get("Bmx-secondsToReset")).toBe("54");
    expect((await ask(simulator, "SF43718/datos")).status).toBe(200);
    nowMs = timeReset * 1_000;
    expect((await ask(simulator, "SF43718")).status).toBe(200);
  });

  test("a day's limit lasts until midnight in Mexico City", async () => {
    await start({ limits: { historica: { perWindow: 100, windowMs: 300_000, perDay: 2 } } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(simulator, "SF43718/datos")).status);
    expect(statuses).toEqual([200, 200, 400]);
    const refused = body(await ask(simulator, "SF43718/datos")).error;
    expect(refused.timeReset).toBe(Date.parse("2023-12-30T06:00:00Z") / 1_000);
    nowMs = refused.timeReset * 1_000;
    expect((await ask(simulator, "SF43718/datos")).status).toBe(200);
  });
});

describe("data", () => {
  test("a CSV and a recorded body, which stands over it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "paridad-banxico-"));
    const [dataFile, recordedFile] = [join(folder, "fix.csv"), join(folder, "recorded.json")];
    await writeFile(dataFile, "date,fix\r\n2023-12-27,16.9190\r\n2023-12-28,16.8935\r\n");
    const datos = [{ fecha: "28/12/2023", dato: "18.7000" }];
    await writeFile(
      recordedFile,
      JSON.stringify({ bmx: { series: [{ idSerie: "SF46410", titulo: "El Euro, grabado", datos }] } }),
    );
    await start({ dataFile, recordedFile });
    const { values, text } = await ask(simulator, "SF43718,SF46410/datos");
    expect(values).toEqual({
      SF43718: { "2023-12-27": "16.9190", "2023-12-28": "16.8935" },
      SF46410: { "2023-12-27": expect.stringMatching(/^18\.\d{4}$/), "2023-12-28": "18.7000" },
    });
    expect(text).toContain("El Euro, grabado");
    await writeFile(dataFile, "date,fix\n2023-12-27,16.9\n2023-12-27,17\n");
    await expect(startBanxico({ dataFile })).rejects.toThrow("line 3");
    await rm(folder, { recursive: true });
  });

  test("made up: all series on bank days since they began, the same each time, without a jump", async () => {
    await simulator.stop();
    simulator = await startBanxico({ realNow: () => nowMs });
    const ids = "SF43718,SF46410,SF46406,SF46407,SF60632";
    const { values, text } = await ask(simulator, `${ids}/datos`);
    const first = Object.fromEntries(Object.entries(values).map(([id, of]) => [id, Object.keys(of)[0]]));
    expect(first).toEqual({
      SF43718: "1991-11-12",
      SF46410: "1999-01-04",
      SF46406: "1992-11-16",
      SF46407: "1992-11-16",
      SF60632: "1992-11-16",
    });
    expect(values.SF43718).not.toHaveProperty("2023-12-25");
    expect(Object.keys(values.SF43718 ?? {}).at(-1)).toBe("2023-12-29");
    for (const of of Object.values(values)) {
      const prices = Object.values(of);
      expect(prices.every((price) => /^\d+\.\d{4}$/.test(price))).toBe(true);
      const moves = prices.slice(1).map((price, i) => Math.abs(Math.log(Number(price) / Number(prices[i]))));
      expect(Math.max(...moves)).toBeLessThan(0.03);
    }
    const again = await startBanxico({ realNow: () => nowMs });
    expect((await ask(again, `${ids}/datos`)).text).toBe(text);
    await again.stop();
  });

  test("counts what it was asked by class, without tokens", async () => {
    await ask(simulator, `SF43718/datos/oportuno?token=${defaultToken}`, {});
    await ask(simulator, "SF43718/datos");
    await ask(simulator, "SF43718/datos", {});
    const log = await fetch(`${simulator.url}/__requests`);
    const path = `${basePath}/series/SF43718/datos`;
    expect(await log.json()).toEqual({
      counts: { oportuna: 1, historica: 2 },
      recent: [`${path}/oportuno`, path, path],
    });
  });
});
