import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import type { Claim } from "#core/wire/deliveries.ts";
import type { Store } from "../../origin/store/store.ts";
import { alertsWorld } from "./alerts-world.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The part of the conformance suite about webhooks. `current`: an emptied store, whose log goes on. */
export function describeDeliveries(current: () => Store): void {
  describe("deliveries", () => {
    let world: ReturnType<typeof alertsWorld>;
    beforeEach(async () => {
      world = alertsWorld(current());
      await world.empty();
      await world.evaluate();
      await world.publish([["2023-12-20", "17.60"]]);
    });

    /** Fires `count` alerts. */
    const fire = async (count = 1, account?: string) => {
      for (let index = 0; index < count; index++)
        await world.alert("below", "17.50", account === undefined ? {} : { account });
    };
    const publishLow = async () => {
      await world.publish([["2023-12-21", "17.40"]]);
      await world.evaluate();
    };
    const idsOf = ({ deliveries }: Claim) => deliveries.map(({ headers }) => headers["webhook-id"]);
    const failed = (claimed: Claim, status = 500) =>
      world.report(
        claimed.lease_id,
        claimed.deliveries.map(({ id }) => ({ id, error: "http", status, duration_ms: 5 })),
      );
    const succeeded = (claimed: Claim) =>
      world.report(
        claimed.lease_id,
        claimed.deliveries.map(({ id }) => ({ id, status: 204, duration_ms: 5 })),
      );

    test("are signed for the endpoint, with both secrets during a rotation", async () => {
      const { publicId, secret } = await world.webhook();
      await fire();
      await publishLow();
      world.clock.ms = Date.now();
      const next = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
      const webhook = await world.find(publicId);
      if (webhook) await world.rows((_, rows) => rows.rotate(webhook, next, world.clock.ms + 24 * HOUR_MS));
      const [first] = (await world.claim()).deliveries;
      const verify = (by: string) => () => new Webhook(by).verify(first?.body ?? "", first?.headers ?? {});
      expect(verify(secret)).not.toThrow();
      expect(verify(next)).not.toThrow();
      expect(verify(`whsec_${Buffer.alloc(32, 8).toString("base64")}`)).toThrow();
      expect(JSON.parse(first?.body ?? "")).toMatchObject({ type: "alert.triggered", data: { value: "17.40" } });
      world.clock.ms += 48 * HOUR_MS;
      const [second] = (await world.claim()).deliveries;
      expect(second?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    });

    test("are leased once, and again under the same id if nobody reports", async () => {
      await world.webhook();
      await fire(3);
      await publishLow();
      const first = await world.claim();
      expect(first.deliveries).toHaveLength(3);
      expect((await world.claim()).deliveries).toEqual([]);
      world.clock.ms += 121 * SECOND_MS;
      const second = await world.claim();
      expect(idsOf(second)).toEqual(idsOf(first));
      expect(await succeeded(first)).toEqual({ delivered: 0, failed: 0, disabled: 0 });
      expect(await succeeded(second)).toMatchObject({ delivered: 3 });
      expect(await succeeded(second)).toMatchObject({ delivered: 0 });
      world.clock.ms += 48 * HOUR_MS;
      expect((await world.claim()).deliveries).toEqual([]);
    });

    test("of claimers at once are never the same", async () => {
      for (let index = 0; index < 10; index++) await world.webhook({ url: `https://hooks.example.org/${index}` });
      await fire(2);
      await publishLow();
      const claims = await Promise.all([world.claim(), world.claim(), world.claim()]);
      const ids = claims.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(20);
    });

    test("of one endpoint are at most four at once, so that others are not held up by its backlog", async () => {
      const { publicId: slow } = await world.webhook({ url: "https://slow.example.org" });
      await fire(30);
      await world.webhook({ account: "acc_b", url: "https://fast.example.org" });
      await fire(1, "acc_b");
      await publishLow();
      const { lease_id, deliveries } = await world.claim();
      const count = (host: string) => deliveries.filter(({ url }) => url.includes(host)).length;
      expect([count("slow"), count("fast")]).toEqual([4, 1]);
      world.clock.ms += 3 * SECOND_MS;
      expect((await world.claim()).deliveries).toEqual([]);
      world.clock.ms += 3 * SECOND_MS;
      const [last, ...others] = deliveries.filter(({ url }) => url.includes("slow"));
      const done = ({ id = 0 } = {}) => ({ id, status: 204, duration_ms: 6_000 });
      await world.report(lease_id, others.map(done));
      // The last one still hangs: nothing more until it has ended.
      expect((await world.claim()).deliveries).toEqual([]);
      await world.report(lease_id, [done(last)]);
      world.clock.ms += 3 * SECOND_MS;
      expect((await world.claim()).deliveries).toHaveLength(4);
      expect((await world.find(slow))?.status).toBe("enabled");
    });

    test("of each endpoint come before second ones of another, and those that failed last", async () => {
      const { publicId: failing } = await world.webhook({ url: "https://failing.example.org" });
      for (let index = 0; index < 30; index++) await world.webhook({ url: `https://r${index}.example.org` });
      const webhook = await world.find(failing);
      const health = { failingSinceMs: world.clock.ms, timeouts: 0, pausedUntilMs: 0 };
      if (webhook) await world.rows((_, rows) => rows.update(webhook, { health }, world.clock.ms));
      await fire(3);
      await publishLow();
      const hosts = async () => (await world.claim()).deliveries.map(({ url }) => new URL(url).hostname.split(".")[0]);
      const [first, second] = [await hosts(), await hosts()];
      expect(new Set([...first, ...second.slice(0, 6)]).size).toBe(30);
      expect([...first, ...second]).not.toContain("failing");
    });

    test("are attempted eight times within a day, and then listed as failed", async () => {
      const { publicId } = await world.webhook();
      await fire();
      await publishLow();
      const startMs = world.clock.ms;
      let attempts = 0;
      for (; attempts < 20 && world.clock.ms < startMs + 48 * HOUR_MS; world.clock.ms += 60 * SECOND_MS) {
        const claimed = await world.claim();
        if (claimed.deliveries.length === 0) {
          world.clock.ms += 10 * 60 * SECOND_MS;
          continue;
        }
        await failed(claimed);
        attempts++;
      }
      expect(attempts).toBe(8);
      const webhook = await world.find(publicId);
      const [delivery] = webhook ? await world.rows((_, rows) => rows.deliveries(webhook, undefined, 10)) : [];
      expect(delivery).toMatchObject({ status: "failed", attempts: 8 });
      expect(delivery?.log.map(({ n, status, error }) => [n, status, error])).toEqual(
        Array.from({ length: 8 }, (_, index) => [index + 1, 500, "http"]),
      );
      await world.rows((_, rows) => rows.retry("acc_a", delivery?.id ?? 0, world.clock.ms));
      expect(await succeeded(await world.claim())).toMatchObject({ delivered: 1 });
      expect(await world.rows((_, rows) => rows.retry("acc_b", delivery?.id ?? 0, 0))).toBeUndefined();
    });

    test("pause an endpoint that hangs three times, and go on after it", async () => {
      await world.webhook();
      await fire(3);
      await publishLow();
      const { lease_id, deliveries } = await world.claim();
      const hung = deliveries.map(({ id }) => ({ id, error: "timeout" as const, duration_ms: 15_000 }));
      await world.report(lease_id, hung);
      world.clock.ms += 10 * SECOND_MS;
      expect((await world.claim()).deliveries).toEqual([]);
      world.clock.ms += 11 * SECOND_MS;
      expect((await world.claim()).deliveries.length).toBeGreaterThan(0);
    });

    test("end with 410, and the account is told and can have them replayed", async () => {
      const { publicId } = await world.webhook();
      const { publicId: other } = await world.webhook({ url: "https://other.example.org" });
      await fire(2);
      await publishLow();
      const claimed = await world.claim();
      const gone = claimed.deliveries.find(({ url }) => url.includes("hooks"));
      const results = [{ id: gone?.id ?? 0, error: "http" as const, status: 410, duration_ms: 5 }];
      expect(await world.report(claimed.lease_id, results)).toMatchObject({ disabled: 1 });
      const disabled = await world.find(publicId);
      expect(disabled).toMatchObject({ status: "disabled", disabledReason: "gone" });
      const last = (await world.told()).at(-1);
      expect(last).toMatchObject({ type: "endpoint.disabled", data: { endpoint_id: publicId, reason: "gone" } });
      world.clock.ms += HOUR_MS;
      const urls = (await world.claim()).deliveries.map(({ url }) => new URL(url).hostname);
      expect(new Set(urls)).toEqual(new Set(["other.example.org"]));
      expect((await world.find(other))?.status).toBe("enabled");

      const replayed = disabled && {
        due: await world.rows(async (_, rows) => {
          await rows.update(disabled, { status: "enabled", disabledReason: null }, world.clock.ms);
          return rows.replay(disabled, 0, 100, world.clock.ms);
        }),
      };
      expect(replayed).toEqual({ due: 3 });
    });

    test("that are replayed are none of alerts that tell other webhooks only", async () => {
      const [told, other] = [await world.webhook(), await world.webhook({ url: "https://other.example.org" })];
      await world.alert("below", "17.50", { endpointIds: [told.publicId] });
      await world.alert("below", "17.50", { endpointIds: [other.publicId, told.publicId] });
      await world.alert("below", "17.50");
      await publishLow();
      const events = (await world.told()).length;
      const webhook = await world.webhook({ url: "https://later.example.org" });
      const dueOf = async ({ publicId }: { publicId: string }) => {
        const found = await world.find(publicId);
        return found && world.rows((_, rows) => rows.replay(found, 0, 100, world.clock.ms));
      };
      expect([events, await dueOf(webhook), await dueOf(told), await dueOf(other)]).toEqual([3, 1, 0, 0]);
    });

    test("begin once a ping was answered", async () => {
      const { publicId } = await world.webhook({ isEnabled: false });
      const pending = await world.find(publicId);
      if (pending) await world.rows((_, rows) => rows.ping(pending, world.clock.ms));
      await fire();
      await publishLow();
      const first = await world.claim();
      expect(first.deliveries.map(({ body }) => JSON.parse(body).type)).toEqual(["webhook.ping"]);
      await failed(first);
      expect((await world.find(publicId))?.status).toBe("pending");
      world.clock.ms += 10 * SECOND_MS;
      await succeeded(await world.claim());
      expect((await world.find(publicId))?.status).toBe("enabled");
      expect((await world.told()).map(({ type }) => type)).toEqual(["alert.triggered"]);
    });

    test("keep secrets that open for their endpoint alone", async () => {
      const { publicId, secret } = await world.webhook();
      const { box } = world.deps;
      const sealed = box.seal(secret, publicId);
      expect(sealed).not.toContain(secret.slice(6, 20));
      expect(box.open(sealed, publicId)).toBe(secret);
      expect(() => box.open(sealed, "whk_other")).toThrow();
    });
  });
}
