import { expect, test } from "vitest";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { SECRETS } from "../../tools/simulators/providers/mount.ts";
import { linesOf, readProvider } from "./provider-client.ts";

const NOW_MS = Date.parse("2026-03-20T21:00:10Z");
let nowMs = NOW_MS;

async function withSimulator(tickSeconds: number | undefined, run: (url: string) => Promise<void>) {
  nowMs = NOW_MS;
  const simulator = await startBanxico({ realNow: () => nowMs, tickSeconds });
  try {
    await run(`${simulator.url}/exchangerate-api`);
  } finally {
    await simulator.stop();
  }
}

async function parsed(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const want = { series: exchangeRateApi.series, span: "newest" } as const;
  const result = exchangeRateApi.parse(
    { status: response.status, headers: response.headers, body: await response.text() },
    want,
    nowMs,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result;
}

test("rates come once a day, and say when the next come", () =>
  withSimulator(undefined, async (url) => {
    const { series, nextUpdateMs = 0 } = await parsed(`${url}/latest/USD`);
    expect(series).toHaveLength(exchangeRateApi.series.length);
    expect(series[0]?.observations[0]?.[0]).toBe("2026-03-20T00:02:31Z");
    expect(nextUpdateMs).toBeGreaterThanOrEqual(Date.parse("2026-03-21T00:02:31Z"));
    expect(nextUpdateMs).toBeLessThan(Date.parse("2026-03-21T00:32:00Z"));
  }));

test("a tick of 30 seconds moves some currencies, others not, and pegs never", () =>
  withSimulator(30, async (url) => {
    const values: Map<string, string>[] = [];
    for (let tick = 0; tick < 4; tick++) {
      const { series, nextUpdateMs } = await parsed(`${url}/latest/USD`);
      const moment = new Date(NOW_MS - 10_000 + tick * 30_000).toISOString().replace(".000", "");
      expect(series[0]?.observations[0]?.[0]).toBe(moment);
      expect(nextUpdateMs).toBe(Date.parse(moment) + 30_000);
      values.push(new Map(series.map((one) => [one.series, one.observations[0]?.[1] ?? ""])));
      nowMs += 30_000;
    }
    const changesOf = (code: string) => new Set(values.map((one) => one.get(`exchangerate-api.${code}`))).size;
    const moved = exchangeRateApi.series.filter(({ quote }) => changesOf(quote) > 1);
    expect(moved.length).toBeGreaterThan(100);
    expect(changesOf("AED")).toBe(1);
    // Not at every tick: what stands still is no new observation.
    expect(moved.some(({ quote }) => changesOf(quote) === 2)).toBe(true);
  }));

test("a key is given four decimals, by header or path, and the old form is there", () =>
  withSimulator(undefined, async (url) => {
    const key = SECRETS["exchangerate-api"];
    const byHeader = await parsed(`${url}/latest/USD`, { Authorization: `Bearer ${key}` });
    expect(await parsed(`${url}/${key}/latest/USD`)).toEqual(byHeader);
    for (const { observations } of byHeader.series) expect(observations[0]?.[1]).toMatch(/^\d+(\.\d{1,4})?$/);
    const open = await parsed(`${url}/latest/USD`);
    expect(open.series.some(({ observations }) => /\.\d{6}$/.test(observations[0]?.[1] ?? ""))).toBe(true);
    expect((await parsed(`${url}/v4/latest/USD`)).series).toEqual(open.series);
  }));

test("another base or path is refused in their words", () =>
  withSimulator(undefined, async (url) => {
    const refused = async (path: string) => {
      const response = await fetch(url + path);
      return [response.status, ((await response.json()) as Record<string, string>)["error-type"]];
    };
    expect(await refused("/latest/XYZ")).toEqual([404, "unsupported-code"]);
    expect(await refused("/newest")).toEqual([400, "malformed-request"]);
    expect(await refused("/wrong-key/latest/USD")).toEqual([403, "invalid-key"]);
  }));

test("the adapter reads it through its own requests", async () => {
  const simulator = await startBanxico({ realNow: () => NOW_MS });
  try {
    const lines = linesOf(await readProvider(simulator, exchangeRateApi, "newest", NOW_MS));
    expect(lines).toHaveLength(exchangeRateApi.series.length);
  } finally {
    await simulator.stop();
  }
});
