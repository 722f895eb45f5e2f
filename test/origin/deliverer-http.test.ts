import { expect, test } from "vitest";
import { DELIVER_TOKEN, webhooksWorld } from "./webhooks-world.ts";

/** The routes by which deliveries are made. */

test("deliveries are for the delivering worker only, whose token opens nothing else", async () => {
  const { internal, app } = await webhooksWorld();
  const authorization = { Authorization: `Bearer ${DELIVER_TOKEN}` };
  expect((await internal("deliveries/claim", {})).status).toBe(401);
  expect((await internal("deliveries/claim", {}, { Authorization: "" })).status).toBe(401);
  expect((await internal("deliveries/report", { lease_id: 1 }, authorization)).status).toBe(400);
  const long = { lease_id: "x".repeat(300_000), results: [] };
  expect((await internal("deliveries/report", long, authorization)).status).toBe(413);
  for (const path of ["evaluate", "events", "versions", "account-events", "accounts/x/events", "cursors/alerts"])
    expect([path, (await app.request(`/internal/${path}`, { headers: authorization })).status]).toEqual([path, 401]);
});
