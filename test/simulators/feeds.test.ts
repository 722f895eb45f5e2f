import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { DateSpan, Provider } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { startBanxico } from "../../tools/simulators/banxico/simulator.ts";
import { parseFeed, readFeeds } from "../../tools/simulators/providers/feeds.ts";
import { zipOf } from "../../tools/simulators/providers/zip.ts";
import type { Simulator } from "../../tools/simulators/server.ts";
import { linesOf, readProvider, setProviderFaults } from "./provider-client.ts";

const HISTORY = `Date,USD,JPY,GBP,HUF,CYP,
2023-12-29,1.105,156.33,0.86905,382.8,N/A,
2023-12-28,1.1114,156.57,0.8706,383.1,N/A,
2007-12-31,1.4721,164.93,0.73335,253.73,0.585274,
`;
const NBP_B = `[{"table":"B","no":"009/B/NBP/2026","effectiveDate":"2026-03-04","rates":[{"currency":"a","code":"AFN","mid":0.056626}]}]`;
const NORGES =
  "FREQ,BASE_CUR,QUOTE_CUR,TENOR,DECIMALS,CALCULATED,UNIT_MULT,COLLECTION,TIME_PERIOD,OBS_VALUE\n" +
  "B,HUF,NOK,SP,4,false,2,C,2026-03-16,2.857\nB,HUF,NOK,SP,4,false,2,C,2026-03-17,2.8514\n";
const BDI = (date: string, value: string) =>
  `Country,Currency,ISO Code,UIC Code,Rate,Rate convention,Reference date (CET)\nALBANIA,Lek,ALL,047,${value},Foreign currency amount for 1 Euro.,${date}\n\n\n# DISCLAIMER\n`;
const BCB = `{"value":[{"cotacaoCompra":3.66930,"cotacaoVenda":3.67020,"dataHoraCotacao":"2026-03-02 13:09:26.433","tipoBoletim":"Fechamento"}]}`;

let folder: string;
let simulator: Simulator | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paridad-feeds-"));
});
afterEach(async () => {
  await simulator?.stop();
  simulator = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** What the adapter reads of a simulator that is fed with these files. */
async function served(now: string, feeds: string[], id: string, span: DateSpan, names = ""): Promise<string[]> {
  const nowMs = Date.parse(now);
  simulator = await startBanxico({ realNow: () => nowMs, feeds: await readFeeds(feeds.map(parseFeed)) });
  const provider = PROVIDERS.find((one) => one.id === id) as Provider;
  const series = provider.series.filter((one) => names === "" || names.split(" ").includes(one.id));
  return linesOf(await readProvider(simulator, provider, span, nowMs, { series }));
}

test("the ECB's zip comes back value for value, from every endpoint", async () => {
  const feed = `ecb=${fileOf("hist.zip", zipOf("eurofxref-hist.csv", Buffer.from(HISTORY)))}`;
  const all = await served("2023-12-29T20:00:00Z", [feed], "ecb", "all");
  expect(all).toEqual([
    "ecb.CYP 2007-12-31 0.585274",
    "ecb.GBP 2007-12-31 0.73335",
    "ecb.GBP 2023-12-28 0.8706",
    "ecb.GBP 2023-12-29 0.86905",
    "ecb.HUF 2007-12-31 253.73",
    "ecb.HUF 2023-12-28 383.1",
    "ecb.HUF 2023-12-29 382.8",
    "ecb.JPY 2007-12-31 164.93",
    "ecb.JPY 2023-12-28 156.57",
    "ecb.JPY 2023-12-29 156.33",
    "ecb.USD 2007-12-31 1.4721",
    "ecb.USD 2023-12-28 1.1114",
    "ecb.USD 2023-12-29 1.105",
  ]);
  const provider = PROVIDERS.find(({ id }) => id === "ecb") as Provider;
  const nowMs = Date.parse("2023-12-29T20:00:00Z");
  const read = async (span: DateSpan) => linesOf(await readProvider(simulator as Simulator, provider, span, nowMs));
  expect(await read("newest")).toEqual(all.filter((line) => line.includes("2023-12-29")));
  expect(await read({ from: "2023-12-20", to: "2023-12-29" })).toEqual(all.filter((line) => line.includes("2023-12")));

  // With padded zeros a value has the scale of its series, as in the daily file.
  await setProviderFaults(simulator as Simulator, "ecb", [{ type: "zeros" }]);
  expect(await read("newest")).toContain("ecb.USD 2023-12-29 1.1050");
  expect(await read("newest")).toContain("ecb.USD 2023-12-29 1.105");
});

test("a value of a file is out when its provider would have published it", async () => {
  const feed = `ecb=${fileOf("hist.csv", HISTORY)}`;
  expect(await served("2023-12-29T14:00:00Z", [feed], "ecb", "newest", "ecb.USD")).toEqual([
    "ecb.USD 2023-12-28 1.1114",
  ]);
});

describe("formats", () => {
  it.each<[string, string, string, string, string[]]>([
    ["nbp", "b.json", NBP_B, "2026-03-05T20:00:00Z", ["nbp.AFN 2026-03-04 0.056626"]],
    [
      "norges",
      "exr.csv",
      NORGES,
      "2026-03-18T20:00:00Z",
      ["norges.HUF 2026-03-16 0.02857", "norges.HUF 2026-03-17 0.028514"],
    ],
    [
      "bcb",
      "ptax-AUD.json",
      BCB,
      "2026-03-03T20:00:00Z",
      ["bcb.AUD.buy 2026-03-02 3.66930", "bcb.AUD.sell 2026-03-02 3.67020"],
    ],
  ])("%s's own are read", async (id, name, content, now, lines) => {
    const range = { from: "2026-03-01", to: "2026-03-18" };
    const names = [...new Set(lines.map((line) => line.split(" ")[0]))].join(" ");
    expect(await served(now, [`${id}=${fileOf(name, content)}`], id, range, names)).toEqual(lines);
  });

  it("days of several files make one history, and the last stands", async () => {
    const feeds = [
      `bdi=${fileOf("a.csv", BDI("2026-02-09", "96.74"))}`,
      `bdi=${fileOf("b.csv", BDI("2026-02-10", "96.80"))}`,
      `bdi=${fileOf("c.csv", BDI("2026-02-10", "96.81"))}`,
    ];
    const range = { from: "2026-02-09", to: "2026-02-10" };
    expect(await served("2026-02-10T20:00:00Z", feeds, "bdi", range, "bdi.ALL")).toEqual([
      "bdi.ALL 2026-02-09 96.74",
      "bdi.ALL 2026-02-10 96.81",
    ]);
  });
});

describe("a feed that cannot be read names its flag", () => {
  it.each([
    ["ecb", "not as European Central Bank sends it (broken CSV)", "hello"],
    ["ecb", "zip without an end", "PK\x03\x04 and then nothing that is one"],
    ["ecb", "ecb.USD: no rate on 2023-12-29", HISTORY.replace("1.105", "1,105".replace(",", "x"))],
    ["ecb", "it holds no rate", "Date,XYZ,\n2023-12-29,1.1,\n"],
    ["nbp", "not as National Bank of Poland sends it (broken JSON)", "[{"],
    ["bcb", "the name of the file must hold the currency, e.g. bcb-USD.json", "{}"],
  ])("--feed %s=…: %s", async (id, reason, content) => {
    const file = fileOf("file", content);
    await expect(readFeeds([{ provider: id, file }])).rejects.toThrow(`--feed ${id}=${file}: ${reason}`);
  });

  it.each([
    ["ecb", "--feed must be PROVIDER=FILE, e.g. ecb=eurofxref-hist.zip, not 'ecb'"],
    ["=x", "--feed: there is no provider ''"],
    ["fed=x.csv", "--feed: there is no provider 'fed'; known are banxico, boc"],
  ])("%s: %s", (text, reason) => expect(() => parseFeed(text)).toThrow(reason));
});
