import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_REVISIONS_PER_DAY } from "../../origin/store/state.ts";
import type { Store } from "../../origin/store/store.ts";
import { alertsWorld } from "./alerts-world.ts";
import { weekdaysOf } from "./data.ts";

/** Alerts over random series, held to a model that knows nothing of statements, passes or cursors. */

/** PARIDAD_SERIES=10000 tries as many; without it a few, for the ordinary suite. */
const SERIES = Number(process.env.PARIDAD_SERIES ?? 12);
const TEST_TIMEOUT_MS = 60_000 + SERIES * 1_000;
const HOUR_MS = 3_600_000;
const DATES = weekdaysOf(2023).filter((date) => date >= "2023-12-01");

interface RandomAlert {
  direction: "above" | "below";
  threshold: string;
  cooldownHours: number;
}

/** One hour: values of the next dates, or another value of a date so many publications back. */
interface Hour {
  kind: "next" | "revision";
  values: string[];
  back: number;
  /** Otherwise the evaluation is away, and comes later. */
  isEvaluated: boolean;
}

/** Narrow enough that no move has to be confirmed. */
const rate = fc.integer({ min: 1_700, max: 1_790 }).map((cents) => (cents / 100).toFixed(2));
const alert = fc.record({
  direction: fc.constantFrom("above" as const, "below" as const),
  threshold: rate,
  cooldownHours: fc.constantFrom(0, 0, 2, 5),
});
const hour: fc.Arbitrary<Hour> = fc.record({
  kind: fc.constantFrom("next" as const, "next" as const, "next" as const, "revision" as const),
  values: fc.array(rate, { minLength: 1, maxLength: 2 }),
  back: fc.constantFrom(0, 0, 1, 2),
  isEvaluated: fc.boolean(),
});
const series = fc.record({
  alerts: fc.array(alert, { minLength: 1, maxLength: 6 }),
  hours: fc.array(hour, { minLength: 3, maxLength: 9 }),
});

/** What is published of the newest date, hour by hour, and what each alert says of it. */
class Model {
  readonly fired: string[][];
  readonly #alerts: { alert: RandomAlert; isArmed: boolean; readyAtHour: number }[];

  constructor(alerts: readonly RandomAlert[]) {
    this.#alerts = alerts.map((one) => ({ alert: one, isArmed: true, readyAtHour: 0 }));
    this.fired = alerts.map(() => []);
  }

  see(atHour: number, kind: "published" | "revised", date: string, value: string): void {
    for (const [index, one] of this.#alerts.entries()) {
      const { direction, threshold, cooldownHours } = one.alert;
      const isBeyond = direction === "above" ? Number(value) > Number(threshold) : Number(value) < Number(threshold);
      if (!isBeyond) one.isArmed = true;
      else if (one.isArmed && atHour >= one.readyAtHour) {
        this.fired[index]?.push(`${kind} ${date} ${value}`);
        Object.assign(one, { isArmed: false, readyAtHour: atHour + cooldownHours });
      }
    }
  }
}

/** `current`: a store whose tables of rates are empty at the beginning of a test. */
export function describeCrossings(current: () => Store): void {
  const emptyRates = () =>
    current().transaction("test", async (session) => {
      for (const table of ["observations", "quarantine", "events", "event_cursors"])
        await session.run(sql`DELETE FROM ${sql.raw(table)}`);
    });

  async function crossingsOf({ alerts, hours }: { alerts: RandomAlert[]; hours: Hour[] }) {
    const world = alertsWorld(current());
    await world.empty();
    await emptyRates();
    const model = new Model(alerts);
    const dates = [...DATES];
    const published: [date: string, value: string][] = [[dates.shift() as string, "17.45"]];
    await world.publish(published);
    await world.evaluate();
    const ids = [];
    // More in a day would wait for a person.
    let revisions = 0;
    for (const { direction, threshold, cooldownHours } of alerts)
      ids.push(await world.alert(direction, threshold, { cooldownMs: cooldownHours * HOUR_MS }));
    for (const [index, { kind, values, back, isEvaluated }] of hours.entries()) {
      const newest = published.length - 1;
      if (kind === "next") {
        const next = values.map((value): [string, string] => [dates.shift() as string, value]);
        published.push(...next);
        await world.publish(next);
        for (const [date, value] of next) model.see(index, "published", date, value);
      } else if (revisions < MAX_REVISIONS_PER_DAY) {
        const at = Math.max(0, newest - back);
        const [date, before] = published[at] as [string, string];
        const value = values[0] as string;
        published[at] = [date, value];
        await world.publish([[date, value]]);
        if (value !== before) revisions++;
        if (value !== before && at === newest) model.see(index, "revised", date, value);
      }
      if (isEvaluated) await world.evaluate();
    }
    await world.evaluate();
    const told = await world.told();
    const said = ids.map((id) =>
      told.flatMap(({ data }) => (data.alert_id === id ? [`${data.kind} ${data.date} ${data.value}`] : [])),
    );
    return { said, expected: model.fired };
  }

  describe("random series", () => {
    test(
      "fire the alerts that a naive model finds, whenever they are evaluated",
      async () => {
        await fc.assert(
          fc.asyncProperty(series, async (one) => {
            const { said, expected } = await crossingsOf(one);
            expect(said).toEqual(expected);
          }),
          { numRuns: SERIES },
        );
      },
      TEST_TIMEOUT_MS,
    );
  });
}
