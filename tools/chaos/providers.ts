import { banxico } from "#core/providers/banxico.ts";
import { boc } from "#core/providers/boc.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import { ingestKeyOf } from "#core/wire/keys.ts";
import { until } from "../dev/system.ts";
import type { Strike } from "./strikes.ts";
import type { World } from "./world.ts";

/** One provider dead, slow, lying or rate-limited, while another publishes: neither its readers nor its news may notice. */

/** A provider and one of its rates. */
interface Side {
  id: string;
  name: string;
  /** The newest rate. */
  path: string;
  /** The fault by which the provider gives a date another value: it corrects it, or it lies. */
  giving(date: string, value: string): object;
}

interface Rate {
  date: string;
  rate: string;
}

/** Each strike has a currency of its own: of one series only five revisions a day are taken without a second reading. */
const CURRENCIES = ["USD", "EUR", "JPY", "GBP", "CAD"];
const OTHER_CURRENCIES = ["USD", "EUR", "JPY", "GBP", "CHF"];

function banxicoSide(index: number): Side {
  return sideOf(banxico, "Banxico", CURRENCIES[index] as string, ({ providerId: series }) => ({
    type: "revision",
    series,
  }));
}

/** One with a short history, so that a world is ready soon. */
function canadaSide(index: number): Side {
  return sideOf(boc, "BoC", OTHER_CURRENCIES[index] as string, ({ id: series }) => ({ type: "wrong_value", series }));
}

/** `faultOf`: by which the provider gives a date of a series another value. */
function sideOf({ id, series }: Provider, name: string, currency: string, faultOf: (series: Series) => object): Side {
  const found = series.find(({ base }) => base === currency);
  if (found === undefined) throw new Error(`${id} has no ${currency}`);
  const path = `/api/v1/rates/current?provider=${id}&base=${currency}&quote=${found.quote}`;
  return { id, name, path, giving: (date, value) => ({ ...faultOf(found), date, value }) };
}

/** What a provider suffers; the newest of its rates is what it may lie about. */
const WAYS: readonly [name: string, faultOf: (side: Side, newest: Rate) => object][] = [
  ["dead", () => ({ type: "reset" })],
  ["hanging", () => ({ type: "hang" })],
  ["12 s late", () => ({ type: "latency", ms: 12_000 })],
  ["rate-limited", () => ({ type: "rate_limit", seconds: 5 })],
  ["lying", (side, { date, rate }) => side.giving(date, `9${rate.slice(1)}`)],
];

/** From a provider's publication to its readers, with a tick of the cron every five seconds. */
const MAX_NEWS_MS = 30_000;
const POLL_MS = 250;

function isolation([way, faultOf]: (typeof WAYS)[number], struck: Side, other: Side): Strike {
  let before: { struck: Rate; other: Rate };
  return {
    name: `${struck.name}: ${way}, ${other.name} publishes`,
    providers: [struck.id, other.id],
    begin: async (world) => {
      before = { struck: await newestOf(world, struck), other: await newestOf(world, other) };
      const { date, rate } = before.other;
      await suffer(world, struck, [faultOf(struck, before.struck)]);
      await suffer(world, other, [other.giving(date, withOtherDigit(rate))]);
      void world.system.stack.tick();
    },
    during: async (world) => {
      const corrected = withOtherDigit(before.other.rate);
      const isInTime = await within(MAX_NEWS_MS, async () => (await newestOf(world, other)).rate === corrected);
      const { rate } = await newestOf(world, struck);
      return [
        ...(isInTime ? [] : [`${other.name}'s ${corrected} was not served within ${MAX_NEWS_MS / 1_000} s`]),
        ...(rate === before.struck.rate ? [] : [`${struck.name}'s ${before.struck.rate} became ${rate}`]),
      ];
    },
    end: async (world) => {
      for (const side of [struck, other]) await suffer(world, side, []);
      await until(`${other.name} has taken its correction back, and both are read`, async () => {
        // A reading from before it may be noted as the newest one only now.
        await Promise.all([struck, other].map((side) => readAgain(world, side)));
        const isBack = (await newestOf(world, other)).rate === before.other.rate;
        return isBack && (await isRead(world, struck)) && (await isRead(world, other));
      });
    },
  };
}

/** The strikes of both sides, one side after the other: a breaker that opens late is not met by the next strike. */
export const PROVIDER_STRIKES: readonly Strike[] = [
  ...WAYS.map((way, index) => isolation(way, canadaSide(index), banxicoSide(index))),
  ...WAYS.map((way, index) => isolation(way, banxicoSide(index), canadaSide(index))),
];

/** Reads of the second provider, for the load. */
export const SECOND_READS: readonly string[] = [
  canadaSide(0).path,
  "/api/v1/rates/historical?provider=boc&base=CAD&quote=EUR&days=10",
  "/api/v1/convert?provider=boc&from=USD&to=CAD&amount=100.10",
];

/** Puts faults in force. */
async function suffer(world: World, side: Side, faults: object[]): Promise<void> {
  await world.system.faults(side.id, faults);
  await readAgain(world, side);
}

/** Has a provider's last days read again at the next tick, but not its whole history; strikes in a row use up no budget. */
async function readAgain({ system }: World, { id }: Side): Promise<void> {
  const fields = (await system.redis("HKEYS", ingestKeyOf(id))) as string[];
  const forgotten = fields.filter((field) => /^(attempt:(sync|window)$|requests:minute:)/.test(field));
  if (forgotten.length > 0) await system.redis("HDEL", ingestKeyOf(id), ...forgotten);
}

/** Whether no breaker keeps a provider from being read. */
async function isRead({ system }: World, { id }: Side): Promise<boolean> {
  const { body } = await system.edge("/health");
  const { providers } = JSON.parse(body) as { providers: { id: string; circuit_breaker: string }[] };
  return providers.some((one) => one.id === id && one.circuit_breaker === "closed");
}

async function newestOf({ system }: World, { path }: Side): Promise<Rate> {
  return JSON.parse((await system.edge(path)).body) as Rate;
}

async function within(ms: number, check: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** A value that differs in its last digit only, which is not zero then: a correction that no guard holds back. */
function withOtherDigit(rate: string): string {
  return rate.slice(0, -1) + (rate.endsWith("1") ? "2" : "1");
}
