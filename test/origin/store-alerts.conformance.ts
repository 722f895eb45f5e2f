import { beforeEach, describe, expect, test } from "vitest";
import { addDays } from "#core/time/dates.ts";
import type { Store } from "../../origin/store/store.ts";
import { alertsWorld, dyingStore } from "./alerts-world.ts";
import { EUR } from "./data.ts";
import { readingOf } from "./store-readings.conformance.ts";

const HOUR_MS = 3_600_000;

/** The part of the conformance suite about which alerts fire. `current`: an emptied store, whose log goes on. */
export function describeAlerts(current: () => Store): void {
  describe("alerts", () => {
    let world: ReturnType<typeof alertsWorld>;
    beforeEach(async () => {
      world = alertsWorld(current());
      await world.empty();
      await world.evaluate();
    });

    const values = async (account?: string) =>
      (await world.told(account)).map(({ data }) => `${data.kind} ${data.date} ${data.value}`);

    test("fire once for a crossing, and again after the value was back", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      await world.alert("below", "17.50");
      for (const [date, value] of [
        ["2023-12-21", "17.40"],
        ["2023-12-22", "17.30"],
        ["2023-12-26", "17.60"],
        ["2023-12-27", "17.49"],
      ] as const) {
        await world.publish([[date, value]]);
        await world.evaluate();
      }
      expect(await values()).toEqual(["published 2023-12-21 17.40", "published 2023-12-27 17.49"]);
      expect((await world.told())[0]?.data).toMatchObject({ previous: "17.60", threshold: "17.5", pair: "USD/MXN" });
    });

    test("are evaluated in the order of the log after an outage, so that a spike in between is not lost", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      await world.alert("below", "17.50");
      await world.publish([["2023-12-21", "17.40"]]);
      await world.publish([["2023-12-22", "17.60"]]);
      await world.publish([["2023-12-26", "17.60"]]);
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-21 17.40"]);
    });

    test("fire as revised for a revision of the newest date, and for no revision of an older one", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      await world.publish([["2023-12-21", "17.60"]]);
      await world.alert("below", "17.50");
      await world.publish([["2023-12-20", "17.40"]]);
      await world.evaluate();
      expect(await values()).toEqual([]);
      await world.publish([["2023-12-21", "17.40"]]);
      await world.evaluate();
      expect(await values()).toEqual(["revised 2023-12-21 17.40"]);
      expect((await world.told())[0]?.data.previous).toBe("17.60");
    });

    test("fire for nothing of a first fill, nor for what was there before them", async () => {
      await world.alert("below", "17.50");
      await world.publish([
        ["2023-12-20", "17.40"],
        ["2023-12-21", "17.60"],
        ["2023-12-22", "17.30"],
      ]);
      await world.publish([
        ["2023-01-02", "17.20"],
        ["2023-12-19", "17.20"],
      ]);
      await world.evaluate();
      expect(await values()).toEqual([]);
      await world.publish([["2023-12-26", "17.20"]]);
      await world.alert("below", "17.50");
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-26 17.20"]);
    });

    test("of a cross fire when the later leg arrives, whichever it is", async () => {
      await world.publish([["2023-12-20", "17.00"]]);
      await world.publish([["2023-12-20", "18.70"]], EUR);
      await world.alert("above", "1.15", { watched: world.pair("EUR/USD") });
      await world.publish([["2023-12-21", "20.00"]], EUR);
      await world.evaluate();
      expect(await values()).toEqual([]);
      await world.publish([["2023-12-21", "17.00"]]);
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-21 1.17647059"]);
    });

    test("of a change fire for the percentage over their window", async () => {
      await world.publish([
        ["2023-12-19", "17.00"],
        ["2023-12-20", "17.10"],
      ]);
      await world.alert("above", "1", { watched: world.pair("USD/MXN", 2) });
      await world.alert("below", "-1", { watched: world.pair("USD/MXN", 1) });
      await world.publish([["2023-12-21", "17.20"]]);
      await world.publish([["2023-12-22", "17.00"]]);
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-21 1.176471", "published 2023-12-22 -1.162791"]);
    });

    test.each([1, 5, 9, 52])("of a weekly rate's change over %i fixings fire", async (window) => {
      world = alertsWorld(current(), ["banxico", "nbp"]);
      const weeks = Array.from({ length: 60 }, (_, week): [string, string] => [
        addDays("2022-10-26", 7 * week),
        "0.9900",
      ]);
      const publish = async (observations: [string, string][], year: number) => {
        world.clock.ms += HOUR_MS;
        const at = new Date(world.clock.ms).toISOString();
        const rest = { provider: "nbp", series: "nbp.AED", year, batch_id: `nbp-${year}-${at}`, fetched_at: at };
        await current().commit(readingOf(observations, rest), world.clock.ms);
      };
      for (const year of [2022, 2023])
        await publish(
          weeks.filter(([date]) => date.startsWith(String(year))),
          year,
        );
      await world.evaluate();
      await world.alert("above", "1", { watched: world.pair("AED/PLN", window) });
      await publish([["2023-12-20", "1.0100"]], 2023);
      await world.evaluate();
      expect(await values()).toEqual(["published 2023-12-20 2.020202"]);
    });

    test("fire the same if the evaluation is killed at every statement, one after the other", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      await world.webhook();
      for (const threshold of ["17.50", "17.30", "17.70"]) await world.alert("below", threshold);
      await world.alert("above", "17.50");
      await world.publish([["2023-12-21", "17.40"]]);
      await world.publish([["2023-12-22", "17.60"]]);
      await world.publish([["2023-12-26", "17.20"]]);
      let kills = 0;
      for (let last = 0; ; last++) {
        const dying = dyingStore(current(), last);
        const isDone = await world.evaluate(dying).then(
          ({ done }) => done,
          () => false,
        );
        if (isDone) break;
        kills++;
      }
      expect(kills).toBeGreaterThan(10);
      const told = (await world.told()).map(({ data }) => `${data.condition} ${data.threshold} ${data.date}`);
      expect(told.sort()).toEqual(
        [
          "above 17.5 2023-12-22",
          "below 17.3 2023-12-26",
          "below 17.5 2023-12-21",
          "below 17.5 2023-12-26",
          "below 17.7 2023-12-21",
        ].sort(),
      );
      const { deliveries } = await world.claim();
      expect(deliveries).toHaveLength(4);
    });

    test("fire the same if two evaluators run at once, and if the log is read again from its beginning", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      for (let cents = 0; cents < 50; cents++) await world.alert("below", `17.${String(50 - cents).padStart(2, "0")}`);
      await world.publish([["2023-12-21", "17.20"]]);
      await Promise.all([world.evaluate(), world.evaluate()]);
      expect(await world.told()).toHaveLength(30);
      await current().events.setCursor("alerts", 0, world.clock.ms);
      await world.evaluate();
      expect(await world.told()).toHaveLength(30);
    });

    test("are each account's own", async () => {
      await world.publish([["2023-12-20", "17.60"]]);
      const own = await world.alert("below", "17.50");
      await world.alert("below", "17.45", { account: "acc_b" });
      await world.publish([["2023-12-21", "17.40"]]);
      await world.evaluate();
      expect(await world.told("acc_a")).toHaveLength(1);
      expect(await world.told("acc_b")).toHaveLength(1);
      await world.rows(async (alerts) => {
        expect(await alerts.find("acc_b", own)).toBeUndefined();
        expect(await alerts.remove("acc_b", own)).toBe(false);
        expect(await alerts.list("acc_b", 0, 10)).toHaveLength(1);
        await alerts.update("acc_b", own, { note: "not mine" }, world.clock.ms);
        expect((await alerts.find("acc_a", own))?.row.note).toBeNull();
      });
    });
  });
}
