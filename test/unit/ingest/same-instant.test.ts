import { describe, expect, test } from "vitest";
import { type Applied, applyPoll, type Poll, type TickState } from "#core/ingest/ticks.ts";
import { type Instant, instantAt, type Tick, withTick } from "#core/rates/ticks.ts";

const EUR = "exchangerate-api.EUR";
const JPY = "exchangerate-api.JPY";
const START_MS = Date.parse("2026-11-26T18:00:00Z");
const at = (polls: number): Instant => instantAt(START_MS + polls * 30_000);

function poll(instant: Instant, values: Record<string, string>): Poll {
  return { provider: "exchangerate-api", instant, everySeconds: 30, nextUpdate: null, tracked: [EUR], values };
}

/** Applies polls of one day in turn, and keeps the history of EUR as a store would. */
class Kept {
  state: TickState | undefined;
  history: Tick[] = [];

  apply(one: Poll): Applied {
    const applied = applyPoll(this.state, one, (instant) => instant.slice(0, 10));
    for (const { tick, resumedAt } of applied.ticks) this.history = withTick(this.history, tick, resumedAt);
    this.state = applied.state;
    return applied;
  }
}

describe("another poll of the newest instant", () => {
  test("adds the series that the first one lacked", () => {
    const kept = new Kept();
    kept.apply(poll(at(0), { [EUR]: "1.10", [JPY]: "155" }));
    kept.apply(poll(at(1), { [JPY]: "156" }));
    const added = kept.apply(poll(at(1), { [EUR]: "1.11", [JPY]: "156" }));
    expect(added).toMatchObject({ outcome: "newest", ticks: [{ series: EUR, tick: [at(1), "1.11"] }] });
    expect(added.state.heads[EUR]).toEqual({ from: at(1), value: "1.11", seen: at(1) });
    expect(added.state.polls).toEqual([at(0), at(1)]);
    expect(kept.apply(poll(at(1), { [EUR]: "1.11", [JPY]: "156" }))).toMatchObject({ outcome: "duplicate", ticks: [] });
  });

  test("replaces nothing that the first one had: either may have been sent before the other", () => {
    const kept = new Kept();
    kept.apply(poll(at(0), { [EUR]: "1.10" }));
    kept.apply(poll(at(1), { [EUR]: "1.11" }));
    const { state } = kept;
    expect(kept.apply(poll(at(1), { [EUR]: "1.12" })).outcome).toBe("duplicate");
    expect(kept.state).toEqual(state);
  });

  test("changes nothing if it is the same, or of an older instant", () => {
    const kept = new Kept();
    kept.apply(poll(at(0), { [EUR]: "1.10" }));
    kept.apply(poll(at(1), { [EUR]: "1.11" }));
    const { state } = kept;
    expect(kept.apply(poll(at(1), { [EUR]: "1.110" })).outcome).toBe("duplicate");
    expect(kept.apply(poll(at(0), { [EUR]: "1.12", [JPY]: "155" })).outcome).toBe("duplicate");
    expect(kept.state).toEqual(state);
  });

  test("does not confirm a value that moved too far", () => {
    const kept = new Kept();
    kept.apply(poll(at(0), { [EUR]: "1.10" }));
    for (const value of ["1.30", "1.30", "1.31"]) kept.apply(poll(at(1), { [EUR]: value }));
    expect(kept.state?.heads[EUR]?.value).toBe("1.10");
  });

  test("confirms one that an earlier instant had", () => {
    const kept = new Kept();
    kept.apply(poll(at(0), { [EUR]: "1.10", [JPY]: "155" }));
    kept.apply(poll(at(1), { [EUR]: "1.30", [JPY]: "155" }));
    kept.apply(poll(at(2), { [JPY]: "155" }));
    expect(kept.apply(poll(at(2), { [EUR]: "1.30" })).state.heads[EUR]?.value).toBe("1.30");
  });
});
