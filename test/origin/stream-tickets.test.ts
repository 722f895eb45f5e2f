import { describe, expect, test } from "vitest";
import { verifyTicket } from "#core/auth/stream-ticket.ts";
import type { TrustedIssuer } from "#core/auth/verifier.ts";
import { createPrivateOrigin } from "./private.ts";

interface Created {
  ticket: string;
  expires_at: string;
}

const MINUTE_MS = 60_000;

describe("a stream ticket", () => {
  test("names the account, the key and the plan's streams, and holds for a minute", async () => {
    const { account, call, tokenOf, clock, services } = await createPrivateOrigin();
    const key = await account({ plan: "free" });
    const response = await call("POST", "/stream/tickets", await tokenOf(key, "stream:alerts"));
    expect([response.status, response.headers.get("Cache-Control")]).toEqual([201, "private, no-store"]);
    const { ticket, expires_at } = (await response.json()) as Created;
    const own = services.issuers[0] as TrustedIssuer;
    const verified = await verifyTicket(ticket, own, clock.ms);
    expect(verified).toMatchObject({ accountId: key.accountId, keyId: key.id, maxStreams: 5 });
    expect(Date.parse(expires_at)).toBe(typeof verified === "object" ? verified.expiresAtMs : 0);
    expect(Math.abs(Date.parse(expires_at) - clock.ms - MINUTE_MS)).toBeLessThanOrEqual(1_000);
    // Hosts' clocks may differ by half a minute.
    expect(await verifyTicket(ticket, own, Date.parse(expires_at) + 31_000)).toBe("invalid");
  });

  test("is no access token, and an access token is no ticket", async () => {
    const { account, call, tokenOf, clock, services, lines } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    const { ticket } = (await (await call("POST", "/stream/tickets", token)).json()) as Created;
    expect((await call("GET", "/account", ticket)).status).toBe(401);
    const own = services.issuers[0] as TrustedIssuer;
    expect(await verifyTicket(token, own, clock.ms)).toBe("invalid");
    expect(await verifyTicket(`${ticket.slice(0, -4)}AAAA`, own, clock.ms)).toBe("invalid");
    expect(await verifyTicket("", own, clock.ms)).toBe("invalid");
    expect(JSON.stringify(lines)).not.toContain(ticket);
  });

  test("is shown once, and each is another", async () => {
    const { account, call, tokenOf } = await createPrivateOrigin();
    const token = await tokenOf(await account());
    const create = async () =>
      (await (
        await call("POST", "/stream/tickets", token, undefined, { "Idempotency-Key": "once" })
      ).json()) as Created;
    const [first, second] = [await create(), await create()];
    expect([first.ticket.split(".").length, second.ticket]).toEqual([3, null]);
    const another = (await (await call("POST", "/stream/tickets", token)).json()) as Created;
    expect(another.ticket).not.toBe(first.ticket);
  });
});
