import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { afterAttempt, type EndpointHealth, MAX_ATTEMPTS, nextAttemptMs } from "#core/alerts/webhook-schedule.ts";
import { newSecret, signatureHeaders } from "#core/alerts/webhook-signature.ts";
import { targetFault } from "#core/alerts/webhook-target.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));

describe("signatures", () => {
  it("are verified by the reference library, with each secret of a rotation", async () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, fc.uuid(), async (body, id) => {
        const secrets = [newSecret(random), newSecret(random)];
        const headers = { ...(await signatureHeaders(id, Date.now(), body, secrets)) };
        for (const secret of secrets)
          expect(() => new Webhook(secret).verify(body, headers, { jsonParse: false })).not.toThrow();
        expect(() => new Webhook(newSecret(random)).verify(body, headers, { jsonParse: false })).toThrow();
      }),
      { numRuns: 50 },
    );
  });
});

describe("attempts", () => {
  it("are eight, the last a day after the first", () => {
    let atMs = 0;
    for (let made = 1; made < MAX_ATTEMPTS; made++) atMs = nextAttemptMs(made, atMs, 0.5) ?? Number.NaN;
    expect(atMs).toBe(24 * HOUR_MS);
    expect(nextAttemptMs(MAX_ATTEMPTS, atMs, 0.5)).toBeUndefined();
  });

  it("are spread by a fifth", () => {
    expect(nextAttemptMs(1, 0, 0)).toBe(4 * SECOND_MS);
    expect(nextAttemptMs(1, 0, 1)).toBe(6 * SECOND_MS);
  });
});

describe("an endpoint", () => {
  const well: EndpointHealth = { failingSinceMs: null, timeouts: 0, pausedUntilMs: 0 };
  const timeOuts = (count: number) => {
    let health = well;
    for (let index = 0; index < count; index++) health = afterAttempt(health, { error: "timeout" }, 0).next;
    return health.pausedUntilMs;
  };

  it("is paused after three timeouts in a row, then for twice as long", () => {
    expect([2, 3, 4, 5].map(timeOuts)).toEqual([0, 20 * SECOND_MS, 40 * SECOND_MS, 80 * SECOND_MS]);
    expect(timeOuts(40)).toBe(HOUR_MS);
  });

  it("is left alone for as long as it asks", () => {
    const { next } = afterAttempt(well, { error: "http", status: 503, retryAfterMs: 7_000 }, 1_000);
    expect(next.pausedUntilMs).toBe(8_000);
    expect(afterAttempt(well, { error: "http", status: 429 }, 0).next.pausedUntilMs).toBe(20 * SECOND_MS);
  });

  it("is not paused by a failure that asks for no pause", () => {
    const { next } = afterAttempt(well, { error: "http", status: 500 }, 1_000);
    expect(next).toEqual({ failingSinceMs: 1_000, timeouts: 0, pausedUntilMs: 0 });
  });

  it("is well again after one success", () => {
    const { next } = afterAttempt(well, { error: "timeout" }, 5);
    expect(next.failingSinceMs).toBe(5);
    expect(afterAttempt(next, { status: 204 }, 9)).toEqual({ next: well });
  });

  it("is disabled when it says that it is gone, or after five days of failures", () => {
    expect(afterAttempt(well, { error: "http", status: 410 }, 0).disabled).toBe("gone");
    const failing = { ...well, failingSinceMs: 0 };
    expect(afterAttempt(failing, { error: "http", status: 500 }, 5 * 24 * HOUR_MS - 1).disabled).toBeUndefined();
    expect(afterAttempt(failing, { error: "http", status: 500 }, 5 * 24 * HOUR_MS).disabled).toBe("failing");
  });
});

describe("targets", () => {
  const rules = { isLocal: false, ownHosts: ["paridad.example.com"] };
  const fault = (url: string) => targetFault(url, rules);

  it("may be public https URLs", () => {
    for (const url of [
      "https://hooks.example.org/a?b=c",
      "https://hooks.example.org:443/",
      "https://xn--bcher-kva.example",
    ])
      expect(fault(url)).toBeUndefined();
  });

  it.each([
    "http://hooks.example.org",
    "https://hooks.example.org:8443",
    "https://user:pass@hooks.example.org",
    "https://user@hooks.example.org",
    "https://hooks.example.org/#x",
    "ftp://hooks.example.org",
    "javascript:alert(1)",
    "hooks.example.org",
    "",
    "https://127.0.0.1",
    "https://127.1",
    "https://0x7f.1",
    "https://2130706433",
    "https://017700000001",
    "https://①②⑦.⓪.⓪.①",
    "https://127.0.0.1.",
    "https://[::1]",
    "https://[::ffff:10.0.0.1]",
    "https://10.0.0.1",
    "https://169.254.169.254/latest/meta-data",
    "https://8.8.8.8",
    "https://localhost",
    "https://localhost.",
    "https://a.localhost",
    "https://printer.local",
    "https://printer.local.",
    "https://db.internal",
    "https://metadata.google.internal",
    "https://intranet",
    "https://router.home.arpa",
    "https://paridad.example.com/api/v1/rates/current",
    "https://PARIDAD.example.com.",
    "https://a.paridad.example.com",
    `https://hooks.example.org/${"a".repeat(2_048)}`,
  ])("may not be %s", (url) => expect(fault(url)).toMatch(/^must /));

  it("may be on this machine for developers, in the local environment alone", () => {
    const url = "http://127.0.0.1:8791/hook";
    expect(targetFault(url, { ...rules, isLocal: true })).toBeUndefined();
    expect(fault(url)).toBe("must begin with https://");
    expect(targetFault("http://10.0.0.1/", { ...rules, isLocal: true })).toMatch(/^must /);
  });
});
