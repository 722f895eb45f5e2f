import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { AttemptReport, Claim } from "#core/wire/deliveries.ts";
import { SecretBox } from "../../origin/alerts/secret-box.ts";
import { listOf, rowsOf } from "../../origin/store/sql-session.ts";
import type { Store } from "../../origin/store/store.ts";
import { alertsWorld } from "./alerts-world.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The part of the conformance suite about what a claim leases. `current`: an emptied store, whose log goes on. */
export function describeClaims(current: () => Store): void {
  describe("a claim of deliveries", () => {
    let world: ReturnType<typeof alertsWorld>;
    let account: string;
    beforeEach(async () => {
      world = alertsWorld(current());
      await world.empty();
      await world.evaluate();
      await world.publish([["2023-12-20", "17.60"]]);
      account = `acc_${world.clock.ms}_${Math.random()}`;
    });

    const fire = async (count: number) => {
      for (let index = 0; index < count; index++) await world.alert("below", "17.50", { account });
      await world.publish([["2023-12-21", "17.40"]]);
      await world.evaluate();
    };
    const reported = ({ lease_id, deliveries }: Claim, result: Partial<AttemptReport> = { status: 204 }) =>
      world.report(
        lease_id,
        deliveries.map(({ id }) => ({ id, duration_ms: 5, ...result })),
      );
    const typesOf = ({ deliveries }: Claim) => deliveries.map(({ body }) => JSON.parse(body).type as string);
    const moveTo = async (publicId: string, url: string) => {
      const webhook = await world.find(publicId, account);
      if (webhook === undefined) throw new Error("no webhook");
      await world.rows(async (_, rows) => {
        await rows.update(webhook, { url, status: "pending" }, world.clock.ms);
        await rows.ping(webhook, world.clock.ms);
      });
    };
    const setDisabled = (atMs: number | null) =>
      current().transaction("test", async (session) => {
        await session.run(sql`DELETE FROM accounts WHERE id = ${account}`);
        await session.run(sql`INSERT INTO accounts (id, name, plan, created_at_ms, disabled_at_ms)
          VALUES (${account}, 'Test', 'free', 0, ${atMs})`);
      });

    test("that is repeated has what its lease still holds, and no more", async () => {
      await world.webhook({ account });
      await fire(3);
      const lease = "2b9a1f0c-7d58-4c7e-9e0e-0d9f4a1b2c3d";
      const first = await world.claim(lease);
      expect(first.deliveries).toHaveLength(3);
      const [one] = first.deliveries;
      await world.report(lease, [{ id: one?.id ?? 0, status: 204, duration_ms: 5 }]);
      const again = await world.claim(lease);
      expect(again.deliveries).toEqual(first.deliveries.slice(1));
      expect((await world.claim()).deliveries).toEqual([]);
      expect(await reported(again)).toMatchObject({ delivered: 2 });
    });

    test("sends nothing but pings to a URL that has not answered one, and then what waited", async () => {
      const { publicId } = await world.webhook({ account });
      await fire(2);
      await moveTo(publicId, "https://moved.example.org/");
      const first = await world.claim();
      expect(typesOf(first)).toEqual(["webhook.ping"]);
      expect((await world.claim()).deliveries).toEqual([]);
      await reported(first);
      const second = await world.claim();
      expect(second.deliveries.map(({ url }) => url)).toEqual(Array(2).fill("https://moved.example.org/"));
      expect(typesOf(second)).toEqual(["alert.triggered", "alert.triggered"]);
    });

    test("sends what came while a URL had not answered a ping, and takes no retry until then", async () => {
      const { publicId } = await world.webhook({ account });
      await moveTo(publicId, "https://moved.example.org/");
      await fire(1);
      const webhook = await world.find(publicId, account);
      const listed = (await (webhook && world.rows((_, rows) => rows.deliveries(webhook, undefined, 10)))) ?? [];
      const retried = [];
      for (const { id } of listed) retried.push(await world.rows((_, rows) => rows.retry(account, id, world.clock.ms)));
      expect(listed.map(({ type }) => type)).toEqual(["alert.triggered", "webhook.ping"]);
      expect(retried).toMatchObject(["pending", { type: "webhook.ping", status: "due" }]);
      const ping = await world.claim();
      expect(typesOf(ping)).toEqual(["webhook.ping"]);
      await reported(ping);
      world.clock.ms += HOUR_MS;
      expect(typesOf(await world.claim())).toEqual(["alert.triggered"]);
    });

    test("finds what is due behind a long backlog of an endpoint that is paused", async () => {
      const paused = await world.webhook({ account, url: "https://paused.example.org/" });
      const other = await world.webhook({ account, url: "https://other.example.org/" });
      const [first, second] = [await world.find(paused.publicId, account), await world.find(other.publicId, account)];
      if (first === undefined || second === undefined) throw new Error("no webhook");
      const health = { failingSinceMs: world.clock.ms, timeouts: 3, pausedUntilMs: world.clock.ms + HOUR_MS };
      await world.rows((_, rows) => rows.update(first, { health }, world.clock.ms));
      await current().transaction("test", async (session) => {
        const row = [account, "alert.triggered", "{}", world.clock.ms];
        await session.run(sql`INSERT INTO alert_events (account_id, type, body, at_ms)
          VALUES ${rowsOf(Array.from({ length: 1_600 }, () => row))}`);
      });
      await world.rows((_, rows) => rows.replay(first, 0, 1_600, world.clock.ms));
      world.clock.ms += 10;
      await world.rows((_, rows) => rows.ping(second, world.clock.ms));
      expect((await world.claim()).deliveries.map(({ url }) => url)).toEqual(["https://other.example.org/"]);
    });

    test("gives up after a day what waits for a ping to be answered; it can be replayed", async () => {
      const { publicId } = await world.webhook({ account });
      await fire(1);
      await moveTo(publicId, "https://moved.example.org/");
      for (let ended = 0; ended < 30; ended++) {
        await reported(await world.claim(), { status: 500, error: "http" });
        world.clock.ms += HOUR_MS;
      }
      const webhook = await world.find(publicId, account);
      const listed = webhook && (await world.rows((_, rows) => rows.deliveries(webhook, undefined, 10)));
      expect(listed?.map(({ type, status, attempts }) => [type, status, attempts])).toEqual([
        ["webhook.ping", "failed", 3],
        ["alert.triggered", "failed", 0],
      ]);
      expect(webhook && (await world.rows((_, rows) => rows.replay(webhook, 0, 10, world.clock.ms)))).toBe(1);
    });

    test("ends when its endpoint moves: what the former URL says proves nothing of the new one", async () => {
      const { publicId } = await world.webhook({ account, isEnabled: false });
      const pending = await world.find(publicId, account);
      if (pending) await world.rows((_, rows) => rows.ping(pending, world.clock.ms));
      const former = await world.claim();
      await moveTo(publicId, "https://victim.example.org/");
      expect(await reported(former)).toEqual({ delivered: 0, failed: 0, disabled: 0 });
      expect((await world.find(publicId, account))?.status).toBe("pending");
      await reported(await world.claim(), { status: 410, error: "http" });
      expect((await world.find(publicId, account))?.status).toBe("disabled");
    });

    test("has nothing of an account that is disabled, until it is no more", async () => {
      await world.webhook({ account });
      await fire(1);
      await setDisabled(world.clock.ms);
      expect((await world.claim()).deliveries).toEqual([]);
      world.clock.ms += HOUR_MS;
      expect((await world.claim()).deliveries).toEqual([]);
      await setDisabled(null);
      world.clock.ms += HOUR_MS;
      expect(typesOf(await world.claim())).toEqual(["alert.triggered"]);
    });

    test("passes over an endpoint whose secret can't be opened, and over a former secret", async () => {
      const broken = await world.webhook({ account, url: "https://broken.example.org/" });
      const rotated = await world.webhook({ account, url: "https://rotated.example.org/" });
      const other = new SecretBox(randomBytes(32).toString("base64"));
      const sealedByOther = async (column: string, { publicId, secret }: { publicId: string; secret: string }) =>
        current().transaction("test", async (session) => {
          const sealed = other.seal(secret, publicId);
          await session.run(sql`UPDATE endpoints SET ${sql.raw(column)} = ${sealed},
            previous_until_ms = ${world.clock.ms + 24 * HOUR_MS} WHERE public_id = ${publicId}`);
        });
      await sealedByOther("secret", broken);
      await sealedByOther("previous_secret", rotated);
      await fire(1);
      const { deliveries } = await world.claim();
      expect(deliveries.map(({ url }) => url)).toEqual(["https://rotated.example.org/"]);
      expect(deliveries[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    });

    test("is not empty because nobody can sign what comes first", async () => {
      const unsigned: string[] = [];
      for (let index = 0; index < 25; index++) unsigned.push((await world.webhook({ account })).publicId);
      const { publicId } = await world.webhook({ account, url: "https://last.example.org/" });
      await fire(1);
      await current().transaction("test", (session) =>
        session.run(sql`UPDATE endpoints SET secret = '1.AAAA' WHERE public_id IN ${listOf(unsigned)}`),
      );
      const last = await world.find(publicId, account);
      const health = { failingSinceMs: world.clock.ms, timeouts: 0, pausedUntilMs: 0 };
      if (last) await world.rows((_, rows) => rows.update(last, { health }, world.clock.ms));
      expect((await world.claim()).deliveries.map(({ url }) => url)).toEqual(["https://last.example.org/"]);
    });

    test("counts no lease that has expired as a call in flight", async () => {
      const { publicId } = await world.webhook({ account });
      await fire(6);
      await world.claim();
      world.clock.ms += 121 * SECOND_MS;
      const webhook = await world.find(publicId, account);
      const health = { failingSinceMs: null, timeouts: 3, pausedUntilMs: world.clock.ms + 20 * SECOND_MS };
      if (webhook) await world.rows((_, rows) => rows.update(webhook, { health }, world.clock.ms));
      expect((await world.claim()).deliveries).toEqual([]);
      // The account repeats one that waits for the end of the pause.
      const listed = webhook && (await world.rows((_, rows) => rows.deliveries(webhook, undefined, 10)));
      const well = { failingSinceMs: null, timeouts: 0, pausedUntilMs: 0 };
      if (webhook) await world.rows((_, rows) => rows.update(webhook, { health: well }, world.clock.ms));
      for (const { id } of listed ?? []) await world.rows((_, rows) => rows.retry(account, id, world.clock.ms));
      expect((await world.claim()).deliveries).toHaveLength(4);
    });

    test("whose URL is as long as it may be ends with 410 as well, and its account is told", async () => {
      await world.webhook({ account, url: `https://long.example.org/${"x\\".repeat(1_000)}` });
      await world.webhook({ account, url: "https://other.example.org/" });
      await fire(1);
      expect(await reported(await world.claim(), { status: 410, error: "http" })).toMatchObject({ disabled: 2 });
      const [, long] = await world.told(account);
      expect(long).toMatchObject({ type: "endpoint.disabled", data: { reason: "gone" } });
      expect(long?.data.url).toMatch(/^https:\/\/long\.example\.org\/[x/]+…$/);
      expect(JSON.stringify(long).length).toBeLessThan(2_000);
    });
  });

  describe("a replay", () => {
    test("takes as many events as it may have", async () => {
      const world = alertsWorld(current());
      await world.empty();
      const { publicId } = await world.webhook();
      const count = 10_000;
      await current().transaction("test", async (session) => {
        const row = ["acc_a", "alert.triggered", "{}", world.clock.ms];
        for (let done = 0; done < count; done += 1_000)
          await session.run(sql`INSERT INTO alert_events (account_id, type, body, at_ms)
            VALUES ${rowsOf(Array.from({ length: 1_000 }, () => row))}`);
      });
      const webhook = await world.find(publicId);
      const replay = () => webhook && world.rows((_, rows) => rows.replay(webhook, 0, count, world.clock.ms));
      expect(await replay()).toBe(count);
      expect(await replay()).toBe(0);
    });
  });
}
