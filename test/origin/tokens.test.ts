import { afterAll, afterEach, expect, test, vi } from "vitest";

const compared = vi.hoisted(() => vi.fn());
vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  return {
    ...crypto,
    timingSafeEqual: (a: Buffer, b: Buffer) => {
      compared(a.byteLength, b.byteLength);
      return crypto.timingSafeEqual(a, b);
    },
  };
});

// Another file may have loaded it with the real crypto, and others shall not get this one.
vi.resetModules();
const { tokenCheck } = await import("../../origin/tokens.ts");
afterAll(() => void vi.resetModules());

const [OLD, NEW] = ["old-token-0123456789abcdef0123456789", "new-token-of-another-length-0123456789abcdef"];
afterEach(() => void compared.mockClear());

test("either of two tokens is good, whatever the case of the scheme", () => {
  const isValid = tokenCheck([OLD, NEW]);
  for (const good of [`Bearer ${OLD}`, `Bearer ${NEW}`, `bearer ${NEW}`]) expect(isValid(good), good).toBe(true);
});

test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  OLD,
  `Basic ${OLD}`,
  `Bearer ${OLD}x`,
  `Bearer ${OLD.slice(1)}`,
  `Bearer  ${OLD}`,
])("%j is not", (given) => expect(tokenCheck([OLD, NEW])(given)).toBe(false));

test("what is compared, and how often, does not depend on what was sent", () => {
  const isValid = tokenCheck([OLD, NEW]);
  const sent = [`Bearer ${OLD}`, `Bearer ${NEW}`, "Bearer x", undefined, `Bearer ${"x".repeat(10_000)}`];
  for (const given of sent) {
    compared.mockClear();
    isValid(given);
    // Two digests of one length against each token, the one that matched first included.
    expect(compared.mock.calls).toEqual([
      [32, 32],
      [32, 32],
    ]);
  }
});
