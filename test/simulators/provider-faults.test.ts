import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { compareDecimals, parseDecimal } from "#core/money/decimal.ts";
import { bdi } from "#core/providers/bdi.ts";
import { ecb } from "#core/providers/ecb.ts";
import { exchangeRateApi } from "#core/providers/exchangerate-api.ts";
import type { DateSpan, Provider } from "#core/providers/provider.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { simulatedProviders } from "../../tools/simulators/providers/mount.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { type DamagedBody, faultsOf, linesOf, readProvider, setProviderFaults } from "./provider-client.ts";

const NOW_MS = Date.parse("2026-03-20T21:00:00Z");
const SIMULATED = simulatedProviders().map(({ provider }) => provider);
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startBanxico({ realNow: () => NOW_MS });
});
afterEach(() => simulator.stop());

const providerOf = (id: string) => SIMULATED.find((one) => one.id === id) as Provider;
const read = (provider: Provider, span: DateSpan = "newest") => readProvider(simulator, provider, span, NOW_MS);

/** The provider's responses while one fault is in force. */
async function struck(provider: Provider, fault: object, span?: DateSpan) {
  const response = await setProviderFaults(simulator, provider.id, [fault]);
  expect(response.status, await response.clone().text()).toBe(200);
  const results = await read(provider, span);
  await setProviderFaults(simulator, provider.id, []);
  return results;
}

function errorOf([result]: Awaited<ReturnType<typeof read>>): DamagedBody["error"] | undefined {
  return result?.ok === false ? result.error : undefined;
}

/** The value that a series has last. */
function lastOf(results: Awaited<ReturnType<typeof read>>, series: string): string | undefined {
  return linesOf(results)
    .filter((line) => line.startsWith(`${series} `))
    .at(-1);
}

describe.each(SIMULATED.map((provider) => [provider.id, provider] as const))("%s", (_, provider) => {
  it.each([
    [{ type: "html" }, { kind: "transient", reason: "an HTML page" }],
    [{ type: "forbidden" }, { kind: "transient", reason: "status 403" }],
    [
      { type: "unavailable", status: 500 },
      { kind: "transient", reason: "status 500" },
    ],
    [
      { type: "rate_limit", seconds: 90 },
      { kind: "rate_limited", resetMs: NOW_MS + 90_000 },
    ],
    [
      { type: "rate_limit", told: false },
      { kind: "rate_limited", resetMs: NOW_MS + 1_200_000 },
    ],
  ])("%o is the error that its adapter documents", async (fault, error) => {
    expect(errorOf(await struck(provider, fault))).toEqual(error);
    expect(errorOf(await read(provider))).toBeUndefined();
  });

  it("is larger than it may be", async () => {
    const fault = { type: "oversized", bytes: provider.maxBodyBytes };
    expect(errorOf(await struck(provider, fault))).toEqual({ kind: "damaged_body" });
  });

  it("gives no wrong rate when the body is cut", async () => {
    const right = new Set(linesOf(await read(provider)));
    for (const result of await struck(provider, { type: "truncated" })) {
      if (result.ok) for (const line of linesOf([result])) expect(right).toContain(line);
      else expect(["transient", "invalid_response"]).toContain(result.error.kind);
    }
  });

  it("lies about one value, and about no other", async () => {
    const series = provider.series[0] as Provider["series"][number];
    const before = linesOf(await read(provider));
    const after = linesOf(await struck(provider, { type: "wrong_value", series: series.id, value: "123.45" }));
    const changed = after.filter((line) => !before.includes(line));
    expect(changed).toHaveLength(1);
    // Published for the series' unit, so that the point moves.
    expect(changed[0]).toMatch(new RegExp(`^${series.id} 2026-03-\\S+ 1\\.?2\\.?3\\.?45$`));
  });

  it("has a date that is not yet due", async () => {
    const results = await struck(provider, { type: "future_date", date: "2026-06-01" });
    const told = [JSON.stringify(results.map((one) => (one.ok ? "" : one.error))), ...faultsOf(results)].join("\n");
    expect(told).toMatch(/2026-06-01 is too far ahead|one to come/);
    const lines = results.flatMap((one) => (one.ok ? linesOf([one]) : []));
    expect(lines.filter((line) => line.includes("2026-06-01"))).toEqual([]);
  });
});

describe("one currency that is absent", () => {
  const missing = "not in the response";
  it.each([
    ["ecb", "ecb.GBP", missing],
    ["bdi", "bdi.GBP", undefined],
    ["nbp", "nbp.GBP", missing],
    ["boc", "boc.GBP", missing],
    ["bcb", "bcb.GBP.sell", undefined],
    ["banrep", "banrep.USD", undefined],
    ["bcch", "bcch.USD", undefined],
    ["bcra", "bcra.GBP", undefined],
    ["norges", "norges.GBP", missing],
    ["riksbank", "riksbank.GBP", missing],
    ["cbr", "cbr.GBP", missing],
    ["exchangerate-api", "exchangerate-api.GBP", missing],
  ])("of %s", async (id, series, reason) => {
    const results = await struck(providerOf(id), { type: "absent", series });
    expect(faultsOf(results)).toEqual(reason === undefined ? [] : [`${series}: ${reason}`]);
    expect(lastOf(results, series)).toBeUndefined();
  });
});

describe("drift of a format", () => {
  it.each([
    ["norges", "norges.DKK", 1, "per 1 instead of 100"],
    ["bcra", "bcra.VND", 1, "per 1 instead of 1000"],
  ])("%s changes a unit: the series is refused, the others are read", async (id, series, unit, reason) => {
    const results = await struck(providerOf(id), { type: "unit", series, unit });
    expect(faultsOf(results)).toContain(`${series}: ${reason}`);
    expect(lastOf(results, `${id}.USD`)).toBeDefined();
  });

  it("the Bank of Russia changes a unit, as it does: the rate is the same", async () => {
    const before = linesOf(await read(providerOf("cbr")));
    expect(linesOf(await struck(providerOf("cbr"), { type: "unit", series: "cbr.JPY", unit: 10 }))).toEqual(before);
  });

  it.each(["ecb", "bdi", "nbp", "boc", "bcra", "norges", "riksbank", "cbr", "exchangerate-api"])(
    "%s goes on with a code that is dead: it is passed over",
    async (id) => {
      const before = linesOf(await read(providerOf(id)));
      const results = await struck(providerOf(id), { type: "dead_code", code: "YUM", value: "60.5" });
      expect(linesOf(results)).toEqual(before);
    },
  );

  it.each([
    ["ecb", "ecb.GBP: no rate on 2026-03-20"],
    ["boc", "boc.GBP: no rate on 2026-03-09"],
    ["cbr", "cbr.GBP: no rate on 2026-03-21"],
  ])("%s changes the decimal mark of one series: it is refused", async (id, fault) => {
    const results = await struck(providerOf(id), { type: "decimal_mark", series: `${id}.GBP` });
    expect(faultsOf(results)).toEqual([fault]);
  });

  it.each([
    ["bdi", "invalid_response"],
    ["norges", "invalid_response"],
    ["nbp", "transient"],
    ["bcb", "transient"],
    ["riksbank", "transient"],
    ["bcra", "transient"],
    ["exchangerate-api", "transient"],
  ])("%s changes the decimal mark, which breaks the body", async (id, kind) => {
    expect(errorOf(await struck(providerOf(id), { type: "decimal_mark" }))).toMatchObject({ kind });
  });

  it("zeros are padded and stripped by turns, without another value", async () => {
    await setProviderFaults(simulator, "ecb", [{ type: "zeros" }]);
    const [padded, stripped] = [linesOf(await read(ecb)), linesOf(await read(ecb))];
    expect(padded.filter((line) => !stripped.includes(line)).length).toBeGreaterThan(0);
    expect(stripped.filter((line) => /\.\d*0$/.test(line))).toEqual([]);
    padded.forEach((line, index) => {
      const [a = "", b = ""] = [line.split(" ")[2], stripped[index]?.split(" ")[2]];
      expect(compareDecimals(parseDecimal(a), parseDecimal(b)), line).toBe(0);
    });
  });

  it("one date of a history is another, or is withdrawn", async () => {
    const span = { from: "2026-03-16", to: "2026-03-20" };
    const before = linesOf(await read(ecb, span));
    const wrong = { type: "wrong_value", series: "ecb.USD", value: "9.9", date: "2026-03-17" };
    const after = linesOf(await struck(ecb, wrong, span));
    expect(after.filter((line) => !before.includes(line))).toEqual(["ecb.USD 2026-03-17 9.9"]);
    const fewer = linesOf(await struck(ecb, { type: "absent", series: "ecb.USD", date: "2026-03-17" }, span));
    expect(before.filter((line) => !fewer.includes(line))).toMatchObject([
      expect.stringMatching(/^ecb.USD 2026-03-17/),
    ]);
  });
});

describe("ExchangeRate-API's errors", () => {
  it.each([
    ["invalid-key", 401, { kind: "unauthorized", reason: "invalid-key" }],
    ["plan-upgrade-required", 403, { kind: "unauthorized", reason: "plan-upgrade-required" }],
    ["quota-reached", 200, { kind: "rate_limited", resetMs: NOW_MS + 86_400_000 }],
    ["unsupported-code", 200, { kind: "bad_request", reason: "unsupported-code" }],
    ["no-data-available", 404, { kind: "transient", reason: "no-data-available" }],
    ["something-new", 400, { kind: "invalid_response", reason: "error-type something-new" }],
  ])("%s with %d", async (error_type, status, error) => {
    expect(errorOf(await struck(exchangeRateApi, { type: "error_body", error_type, status }))).toEqual(error);
  });

  it("the end of the endpoint is announced to those without a key", async () => {
    const at = "2026-06-01T00:00:00Z";
    await setProviderFaults(simulator, "exchangerate-api", [{ type: "end_of_life", at }]);
    const body = await (await fetch(`${simulator.url}/exchangerate-api/latest/USD`)).text();
    const want = { series: exchangeRateApi.series, span: "newest" } as const;
    const result = exchangeRateApi.parse({ status: 200, headers: new Headers(), body }, want, NOW_MS);
    expect(result).toMatchObject({ ok: true, notice: "the endpoint ends at 2026-06-01T00:00:00.000Z" });
  });
});

test("a provider that hangs or fails touches no other", async () => {
  await setProviderFaults(simulator, "ecb", [{ type: "hang" }]);
  const gone = new AbortController();
  const hanging = fetch(`${simulator.url}/ecb/eurofxref-daily.xml`, { signal: gone.signal }).catch(() => "gone");
  const requests = async () => JSON.stringify(await (await fetch(`${simulator.url}/ecb/__requests`)).json());
  await expect.poll(requests).toContain("eurofxref-daily.xml");
  expect(errorOf(await read(bdi))).toBeUndefined();
  gone.abort();
  expect(await hanging).toBe("gone");
});

test("a fault lasts as many requests as it says", async () => {
  await setProviderFaults(simulator, "ecb", [{ type: "unavailable", times: 1 }]);
  expect(errorOf(await read(ecb))).toEqual({ kind: "transient", reason: "status 503" });
  expect(errorOf(await read(ecb))).toBeUndefined();
});

test.each([
  ["ecb", { type: "unit", series: "ecb.USD", unit: 100 }, "not a fault that ecb's format can have"],
  ["ecb", { type: "absent", series: "bdi.USD" }, "not a series of ecb"],
  ["nbp", { type: "error_body", error_type: "x" }, "not a fault that nbp's format can have"],
  ["nbp", { type: "wrong_value", series: "nbp.USD", value: "x" }, "a decimal string"],
])("%s refuses %o", async (id, fault, reason) => {
  const response = await setProviderFaults(simulator, id, [fault]);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(reason);
});

test("credentials are needed where the provider asks for them, and are not logged", async () => {
  const series = "timeseries=F073.TCO.PRE.Z.D&firstdate=2026-03-01&lastdate=2026-03-20&function=GetSeries";
  const wrong = await fetch(`${simulator.url}/bcch/SieteRestWS.ashx?user=me&pass=not-this&${series}`);
  expect(await wrong.json()).toMatchObject({ Codigo: -5 });
  expect(await (await fetch(`${simulator.url}/bcch/__requests`)).text()).not.toContain("not-this");
  const key = { Authorization: "Bearer another" };
  const refused = await fetch(`${simulator.url}/exchangerate-api/latest/USD`, { headers: key });
  expect([refused.status, await refused.json()]).toMatchObject([403, { "error-type": "invalid-key" }]);
});
