import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { basePath, defaultToken, startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { requestBanxico, setFaults } from "../../tools/simulators/banxico-client.ts";
import type { Simulator } from "../../tools/simulators/server.ts";

const data = [
  ["2023-12-27", "16.9190"],
  ["2023-12-28", "16.8935"],
  ["2023-12-29", "16.9190"],
] as const;
const range = "SF43718,SF46410/datos/2023-12-27/2023-12-29";
const realNow = () => Date.parse("2023-12-29T20:00:00Z");
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startBanxico({ data, realNow });
});
afterEach(() => simulator.stop());

async function under(fault: object, path = range) {
  expect((await setFaults(simulator, [fault])).status).toBe(200);
  return requestBanxico(simulator, path);
}

function seriesIn(
  text: string,
): { idSerie: string; titulo: string; datos?: { fecha: string; dato: string }[] | null }[] {
  return JSON.parse(text).bmx.series;
}

describe("on the way", () => {
  test("reset, and good again after as many as it says", async () => {
    await setFaults(simulator, [{ type: "reset", times: 2 }]);
    for (let i = 0; i < 2; i++) await expect(requestBanxico(simulator, range)).rejects.toThrow("fetch failed");
    expect((await requestBanxico(simulator, range)).status).toBe(200);
  });

  test("hang, until the client gives up or the simulator stops", async () => {
    await setFaults(simulator, [{ type: "hang" }]);
    const url = `${simulator.url}${basePath}/series/${range}`;
    await expect(fetch(url, { signal: AbortSignal.timeout(30) })).rejects.toThrow("timeout");
    const asked = requestBanxico(simulator, range);
    const cut = expect(asked).rejects.toThrow("fetch failed");
    while ((await (await fetch(`${simulator.url}/__requests`)).json().then(recent)).length < 2);
    await simulator.stop();
    await cut;
    simulator = await startBanxico({ data, realNow });
  });

  test("latency", async () => {
    const before = performance.now();
    await under({ type: "latency", ms: 30 });
    expect(performance.now() - before).toBeGreaterThan(25);
  });

  test("503 in plain text, or another status", async () => {
    const answer = await under({ type: "unavailable" });
    expect([answer.status, answer.text]).toEqual([503, "Service Unavailable"]);
    expect((await under({ type: "unavailable", status: 502 })).status).toBe(502);
  });

  test("200 with HTML", async () => {
    const answer = await under({ type: "html" });
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(answer.text).toMatch(/^<!DOCTYPE html>/);
  });

  test("truncated JSON, a wrong content type, an oversized body", async () => {
    const { text } = await under({ type: "truncated" });
    expect(text).toMatch(/^\{"bmx"/);
    expect(() => JSON.parse(text)).toThrow();
    expect((await under({ type: "content_type" })).headers.get("Content-Type")).toBe("text/plain");
    const large = await under({ type: "oversized", bytes: 200_000 });
    expect(large.text.length).toBeGreaterThan(200_000);
    expect(Object.keys(large.values.SF43718 ?? {})).toHaveLength(3);
  });

  test("a revoked token, and a limit reached now", async () => {
    expect((await under({ type: "token_revoked" })).text).toContain("Token inválido");
    const limited = await under({ type: "rate_limit", seconds: 7 });
    expect(limited.status).toBe(400);
    expect(limited.headers.get("Bmx-secondsToReset")).toBe("7");
    expect(JSON.parse(limited.text).error).toMatchObject({ secondsToReset: 7, timeReset: realNow() / 1_000 + 7 });
  });
});

describe("a limit", () => {
  const error = async (fault: object, path?: string) => {
    const { status, text } = await under(fault, path);
    return status === 400 ? JSON.parse(text).error : status;
  };

  test("told in words only, or without a time", async () => {
    const words = await error({ type: "rate_limit", seconds: 7, told: "words" });
    expect(Object.keys(words)).toEqual(["mensaje", "detalle"]);
    expect(words.detalle).toMatch(/a las \d{4}-\d\d-\d\d \d\d:\d\d:\d\d America\/Mexico_City$/);
    expect(await error({ type: "rate_limit", told: "nothing" })).toEqual({
      mensaje: "Límite de consultas superado.",
      detalle: "",
    });
  });

  test("of one class, or one token, leaves the others alone", async () => {
    expect(await error({ type: "rate_limit", class: "oportuna" })).toBe(200);
    expect(await error({ type: "rate_limit", class: "historica" })).toHaveProperty("timeReset");
    expect(await error({ type: "rate_limit", token: "another" })).toBe(200);
  });
});

describe("in the values", () => {
  const lastOf = (text: string, id = "SF43718") =>
    seriesIn(text)
      .find(({ idSerie }) => idSerie === id)
      ?.datos?.at(-1);

  test.each([
    [{ type: "not_available" }, "N/E"],
    [{ type: "comma_numbers" }, "193,045.50"],
    [{ type: "non_positive" }, "0.0000"],
    [{ type: "non_positive", value: "-1.5000" }, "-1.5000"],
  ])("%o spoils the last value", async (fault, dato) => {
    expect(lastOf((await under(fault)).text)).toEqual({ fecha: "29/12/2023", dato });
  });

  test("one that was taken back is left out", async () => {
    const { text } = await under({ type: "withdrawal", series: "SF43718", date: "2023-12-28" });
    const dates = (id: string) =>
      seriesIn(text)
        .find(({ idSerie }) => idSerie === id)
        ?.datos?.map(({ fecha }) => fecha);
    expect(dates("SF43718")).toEqual(["27/12/2023", "29/12/2023"]);
    expect(dates("SF46410")).toHaveLength(3);
  });

  test("of one series and date alone", async () => {
    const { values } = await under({ type: "not_available", series: "SF43718", date: "2023-12-28" });
    expect(values.SF43718).toEqual({ "2023-12-27": "16.9190", "2023-12-28": "N/E", "2023-12-29": "16.9190" });
    expect(Object.values(values.SF46410 ?? {})).not.toContain("N/E");
  });

  test("a revision changes a value that is there; an observation adds one", async () => {
    const revised = await under({ type: "revision", series: "SF43718", date: "2023-12-28", value: "16.9000" });
    expect(revised.values.SF43718?.["2023-12-28"]).toBe("16.9000");
    const nowhere = await under({ type: "revision", series: "SF43718", date: "2023-12-24", value: "16.9000" });
    expect(nowhere.values.SF43718).not.toHaveProperty("2023-12-24");
    const added = { type: "observation", series: "SF43718", date: "2024-01-02", value: "17.0500" };
    const whole = "SF43718/datos";
    expect((await under(added, whole)).values.SF43718).not.toHaveProperty("2024-01-02");
    await fetch(`${simulator.url}/__clock`, { method: "PUT", body: '{"now":"2024-01-02T18:00:00Z"}' });
    expect((await requestBanxico(simulator, whole)).values.SF43718).toHaveProperty("2024-01-02", "17.0500");
    expect((await requestBanxico(simulator, "SF60653/datos/oportuno")).values.SF60653).toEqual({
      "2024-01-04": "17.0500",
    });
  });

  test("a revision of settlement rates alone", async () => {
    const both = "SF43718,SF60653/datos/2023-12-29/2024-01-03";
    const own = (await requestBanxico(simulator, both)).values;
    const revised = await under({ type: "revision", series: "SF60653", date: "2024-01-02", value: "16.9000" }, both);
    expect(revised.values).toEqual({ ...own, SF60653: { ...own.SF60653, "2024-01-02": "16.9000" } });
  });

  test("a date in the future", async () => {
    expect(lastOf((await under({ type: "future_date" })).text)).toEqual({ fecha: "30/12/2023", dato: "17.0000" });
    const dated = await under({ type: "future_date", series: "SF46410", date: "2030-01-01", value: "20.0000" });
    expect(dated.values.SF46410).toHaveProperty("2030-01-01", "20.0000");
    expect(dated.values.SF43718).not.toHaveProperty("2030-01-01");
  });

  test("a row twice", async () => {
    const { text } = await under({ type: "duplicate_rows", series: "SF43718" });
    const datos = seriesIn(text).find(({ idSerie }) => idSerie === "SF43718")?.datos;
    expect(datos?.map(({ fecha }) => fecha)).toEqual(["27/12/2023", "28/12/2023", "29/12/2023", "29/12/2023"]);
  });
});

describe("in the series", () => {
  test.each([
    ["missing_datos", undefined],
    ["null_datos", null],
    ["empty_datos", []],
  ])("%s", async (type, datos) => {
    const series = seriesIn((await under({ type, series: "SF43718" })).text);
    expect(series.find(({ idSerie }) => idSerie === "SF43718")?.datos).toEqual(datos);
    expect(series.find(({ idSerie }) => idSerie === "SF46410")?.datos).toHaveLength(3);
  });

  test("one missing, one twice, one that nobody asked for", async () => {
    expect((await under({ type: "missing_series", series: "SF43718" })).ids).toEqual(["SF46410"]);
    expect((await under({ type: "missing_series" })).ids).toHaveLength(1);
    expect((await under({ type: "duplicate_series", series: "SF43718" })).ids.sort()).toEqual(
      "SF43718 SF43718 SF46410".split(" "),
    );
    expect((await under({ type: "unrequested_series" })).ids).toContain("SF99999");
  });

  test("a wrong title", async () => {
    const swapped = "Cotización de las divisas Libra esterlina";
    const series = seriesIn((await under({ type: "wrong_title", series: "SF46410", title: swapped })).text);
    expect(series.find(({ idSerie }) => idSerie === "SF46410")?.titulo).toBe(swapped);
    expect(series.find(({ idSerie }) => idSerie === "SF43718")?.titulo).toContain("(FIX)");
  });
});

describe("control", () => {
  test("a fault of one series leaves requests for others alone, and its count too", async () => {
    await setFaults(simulator, [{ type: "unavailable", series: "SF46410", times: 1 }]);
    expect((await requestBanxico(simulator, "SF43718/datos/oportuno")).status).toBe(200);
    expect((await requestBanxico(simulator, "SF46410/datos/oportuno")).status).toBe(503);
    expect((await requestBanxico(simulator, "SF46410/datos/oportuno")).status).toBe(200);
  });

  test("several at once; dropped together", async () => {
    await setFaults(simulator, [
      { type: "revision", series: "SF43718", date: "2023-12-28", value: "16.9000" },
      { type: "missing_series", series: "SF46410" },
    ]);
    const both = await requestBanxico(simulator, range);
    expect(both.ids).toEqual(["SF43718"]);
    expect(both.values.SF43718?.["2023-12-28"]).toBe("16.9000");
    await fetch(`${simulator.url}/__faults`, { method: "DELETE" });
    expect((await requestBanxico(simulator, range)).ids).toHaveLength(2);
  });

  test.each([
    [{ type: "html" }],
    [[{ type: "no_such_fault" }]],
    [[{ type: "latency" }]],
    [[{ type: "html", times: 0 }]],
    [[{ type: "html", series: "SF1" }]],
    [[{ type: "revision", series: "SF43718", date: "2023-02-30", value: "1" }]],
    [[{ type: "observation", series: "SF43718", date: "2023-12-28", value: "1,5" }]],
    [[{ type: "hang", surprise: true }]],
  ])("%o is refused, and says why", async (bad) => {
    const response = await setFaults(simulator, bad);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty(["issues", 0, "message"]);
    expect((await requestBanxico(simulator, range, { "Bmx-Token": defaultToken })).status).toBe(200);
  });
});

function recent(log: unknown): string[] {
  return (log as { recent: string[] }).recent;
}
