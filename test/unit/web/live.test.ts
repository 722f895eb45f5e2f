import { afterEach, beforeEach, expect, it, vi } from "vitest";

/** What a page does when its stream is cut off. The browser is a double: only its own coming back is not shown here. */

class Source {
  static readonly CLOSED = 2;
  static readonly opened: Source[] = [];
  readyState = 1;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  readonly path: string;
  constructor(path: string) {
    this.path = path;
    Source.opened.push(this);
  }
  addEventListener(): void {}
  close(): void {
    this.readyState = Source.CLOSED;
  }
}

interface Modules {
  follow(followed: object): void;
  keepCurrent(feeds: object[], nextUpdate: () => undefined): void;
}

/** By their paths, because they need the types of a browser. */
const [LIVE, FEEDS] = ["../../../web/lib/live.ts", "../../../web/lib/feeds.ts"];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("document", { hidden: false, addEventListener: () => undefined });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a connection by another ticket is followed by a look at what came in between", async () => {
  const { follow, keepCurrent } = { ...(await import(LIVE)), ...(await import(FEEDS)) } as Modules;
  let looks = 0;
  const refresh = async () => void looks++;
  keepCurrent([{ refresh, received: {}, failure: {} }], () => undefined);
  let tickets = 0;
  const pathOf = () => Promise.resolve(`/stream?ticket=${++tickets}`);
  follow({ pathOf, types: [], onEvent: () => undefined, isSingleUse: true });
  await vi.advanceTimersByTimeAsync(0);
  Source.opened[0]?.onopen();
  await vi.advanceTimersByTimeAsync(1_000);
  const before = looks;
  Source.opened[0]?.onerror();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(Source.opened.map(({ path }) => path)).toEqual(["/stream?ticket=1", "/stream?ticket=2"]);
  expect(looks - before).toBe(1);
  Source.opened[1]?.onopen();
  await vi.advanceTimersByTimeAsync(0);
  expect(looks - before).toBe(2);
});
