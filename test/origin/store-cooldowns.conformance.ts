import { beforeEach, describe, expect, test } from "vitest";
import { thresholdUnits } from "#core/alerts/scaled.ts";
import type { AlertChange } from "#core/api/private/alerts-rows.ts";
import type { Store } from "../../origin/store/store.ts";
import { alertsWorld } from "./alerts-world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The part of the conformance suite about cool-downs of alerts. `current`: an emptied store, whose log goes on. */
export function describeCooldowns(current: () => Store): void {
  describe("cool-downs", () => {
    let world: ReturnType<typeof alertsWorld>;
    beforeEach(async () => {
      world = alertsWorld(current());
      await world.empty();
      await world.evaluate();
    });

    const values = async () => (await world.told()).map(({ data }) => `${data.kind} ${data.date} ${data.value}`);

    test("silence an alert until they end", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      await world.alert("below", "17.50", { cooldownMs: 3.5 * HOUR_MS });
      for (const [date, value] of [
        ["2023-12-21", "17.40"],
        ["2023-12-22", "17.60"],
        ["2023-12-26", "17.40"],
        ["2023-12-27", "17.45"],
        ["2023-12-28", "17.40"],
      ] as const)
        await world.publish([[date, value]]);
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-21 17.40", "published 2023-12-28 17.40"]);
    });

    /** Fired on the 21st and armed again, with a cool-down; then whether it fires on the 26th. */
    const firedOnce = async (cooldownMs: number) => {
      await world.publish([["2023-12-20", "17.60"]]);
      const id = await world.alert("below", "17.50", { cooldownMs });
      await world.publish([["2023-12-21", "17.40"]]);
      await world.publish([["2023-12-22", "17.60"]]);
      await world.evaluate();
      const change = async (by: AlertChange) => {
        world.clock.ms += 1_000;
        await world.rows((alerts) => alerts.update("acc_a", id, by, world.clock.ms));
      };
      const firesThen = async () => {
        await world.publish([["2023-12-26", "17.40"]]);
        await world.evaluate();
        return (await values()).length === 2;
      };
      const lastFired = () => world.rows(async (alerts) => (await alerts.find("acc_a", id))?.row.lastFiredAtMs);
      return { change, firesThen, lastFired };
    };

    test.each([
      ["shortened", 30 * DAY_MS, [{ cooldownMs: 0 }], true],
      ["lengthened", 0, [{ cooldownMs: 30 * DAY_MS }], false],
      ["lengthened and shortened again", 0, [{ cooldownMs: 30 * DAY_MS }, { cooldownMs: 1_000 }], true],
      ["as it was while the alert is paused", 30 * DAY_MS, [{ state: "off" }, { state: "armed" }], false],
      ["over while the alert is paused", 1_000, [{ state: "off" }, { state: "armed" }], true],
      ["of no more interest with another threshold", 30 * DAY_MS, [{ threshold: thresholdUnits("17.45") }], true],
      ["running with the same threshold", 30 * DAY_MS, [{ threshold: thresholdUnits("17.50") }], false],
    ] satisfies [string, number, AlertChange[], boolean][])("are %s", async (_what, ms, by, fires) => {
      const { change, firesThen } = await firedOnce(ms);
      for (const one of by) await change(one);
      expect(await firesThen()).toBe(fires);
    });

    test("of a new threshold start again: a longer one does not silence what has not fired", async () => {
      const { change, firesThen, lastFired } = await firedOnce(0);
      expect(await lastFired()).toBe(world.clock.ms);
      await change({ threshold: thresholdUnits("17.45") });
      expect(await lastFired()).toBeNull();
      await change({ cooldownMs: 30 * DAY_MS });
      expect(await firesThen()).toBe(true);
    });
  });
}
