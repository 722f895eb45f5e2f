import { ingestKeyOf } from "#core/wire/keys.ts";
import { until } from "../dev/system.ts";
import type { Strike } from "./strikes.ts";
import type { World } from "./world.ts";

/** One provider dead, slow, lying or rate-limited, while another publishes: neither its readers nor its news may notice. */

interface Side {
  id: string;
  name: string;
  /** Its newest rate. */
  path: string;
  /** The fault by which it gives a date another value: it corrects it, or it lies. */
  giving(date: string, value: string): object;
}

interface Rate {
  date: string;
  rate: string;
}

const BANXICO: Side = {
  id: "banxico",
  name: "Banxico",
  path: "/api/v1/rates/current?provider=banxico",
  giving: (date, value) => ({ type: "revision", series: "SF43718", date, value }),
};

/** One with a short history, so that a world is ready soon. */
const BANREP: Side = {
  id: "banrep",
  name: "Banrep",
  path: "/api/v1/rates/current?provider=banrep&base=USD&quote=COP",
  giving: (date, value) => ({ type: "wrong_value", series: "banrep.USD", date, value }),
};

/** What a provider suffers; the newest of its rates is what it may lie about. */
const WAYS: Record<string, (side: Side, newest: Rate) => object> = {
  dead: () => ({ type: "reset" }),
  hanging: () => ({ type: "hang" }),
  "12 s late": () => ({ type: "latency", ms: 12_000 }),
  "rate-limited": () => ({ type: "rate_limit", seconds: 5 }),
  lying: (side, { date, rate }) => side.giving(date, `9${rate.slice(1)}`),
};

/** From a provider's publication to its readers, with a tick of the cron every five seconds. */
const MAX_NEWS_MS = 45_000;
const POLL_MS = 250;

function isolation(way: string, struck: Side, other: Side): Strike {
  return {
    name: `${struck.name}: ${way}, ${other.name} publishes`,
    providers: [struck.id, other.id],
    begin: async (world) => {
      const [before, others] = [await truthOf(world, struck), await truthOf(world, other)];
      await suffer(world, struck, [WAYS[way]?.(struck, before) ?? {}]);
      await suffer(world, other, [other.giving(others.date, withOtherDigit(others.rate))]);
      void world.system.stack.tick();
    },
    during: async (world) => {
      const before = await truthOf(world, struck);
      const corrected = withOtherDigit((await truthOf(world, other)).rate);
      const isServed = async () => (await newestOf(world, other)).rate === corrected;
      const isInTime = await within(MAX_NEWS_MS, isServed);
      const { rate } = await newestOf(world, struck);
      return [
        ...(isInTime ? [] : [`${other.name}'s ${corrected} was not served within ${MAX_NEWS_MS / 1_000} s`]),
        ...(rate === before.rate ? [] : [`${struck.name}'s ${before.rate} became ${rate}`]),
      ];
    },
    end: async (world) => {
      for (const side of [struck, other]) await suffer(world, side, []);
      const { rate } = await truthOf(world, other);
      await until(`${other.name} has taken its correction back, and both are read`, async () => {
        // A reading from before it may be noted as the newest one only now.
        await Promise.all([struck, other].map((side) => readAgain(world, side)));
        const isBack = (await newestOf(world, other)).rate === rate;
        return isBack && (await isRead(world, struck)) && (await isRead(world, other));
      });
    },
  };
}

/** The strikes of both sides, one side after the other: a breaker that opens late is not met by the next strike. */
export const PROVIDER_STRIKES: readonly Strike[] = [
  ...Object.keys(WAYS).map((way) => isolation(way, BANREP, BANXICO)),
  ...Object.keys(WAYS).map((way) => isolation(way, BANXICO, BANREP)),
];

/** Reads of the second provider, for the load. */
export const SECOND_READS: readonly string[] = [
  BANREP.path,
  "/api/v1/rates/historical?provider=banrep&base=COP&quote=USD&days=10",
  "/api/v1/convert?provider=banrep&from=USD&to=COP&amount=100.10",
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

const truths = new WeakMap<World, Map<Side, Rate>>();

/** What a world's provider publishes when nothing strikes it: what was served before the first strike. */
async function truthOf(world: World, side: Side): Promise<Rate> {
  const known = truths.get(world) ?? new Map<Side, Rate>();
  truths.set(world, known);
  const truth = known.get(side) ?? (await newestOf(world, side));
  known.set(side, truth);
  return truth;
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
