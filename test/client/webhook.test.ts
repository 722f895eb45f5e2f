import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { verifyWebhook, type WebhookFault } from "../../client/src/index.ts";

const SECRET = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
const OLD_SECRET = `whsec_${Buffer.from("fedcba9876543210fedcba9876543210").toString("base64")}`;
const NOW_MS = Date.parse("2026-11-27T12:00:00Z");
const BODY = '{"type":"alert.triggered","data":{"rate":"17.50","note":"ñandú"}}';

/** A request as a server of Standard Webhooks signs it. */
function signed(secret = SECRET, atMs = NOW_MS) {
  const signature = new Webhook(secret).sign("msg_1", new Date(atMs), BODY);
  return {
    headers: { "webhook-id": "msg_1", "webhook-timestamp": String(atMs / 1000), "webhook-signature": signature },
    body: BODY as string | Uint8Array,
    secret: SECRET as string | string[],
    nowMs: NOW_MS,
  };
}

describe("a webhook", () => {
  test("that was signed with the secret is its content, as text or as bytes", async () => {
    const verified = { id: "msg_1", payload: JSON.parse(BODY) };
    expect(await verifyWebhook(signed())).toEqual(verified);
    expect(await verifyWebhook({ ...signed(), body: new TextEncoder().encode(BODY) })).toEqual(verified);
    expect(await verifyWebhook({ ...signed(), headers: new Headers(signed().headers) })).toEqual(verified);
  });

  test("is believed with either secret during a rotation, and with either signature", async () => {
    expect(await verifyWebhook({ ...signed(OLD_SECRET), secret: [SECRET, OLD_SECRET] })).toMatchObject({ id: "msg_1" });
    const both = signed();
    both.headers["webhook-signature"] =
      `v1a,xyz ${signed(OLD_SECRET).headers["webhook-signature"]} ${both.headers["webhook-signature"]}`;
    expect(await verifyWebhook(both)).toMatchObject({ id: "msg_1" });
  });

  type Request = ReturnType<typeof signed>;
  const cases: [what: string, fault: WebhookFault, change: (request: Request) => unknown][] = [
    ["with another body", "signature_invalid", (request) => ({ ...request, body: BODY.replace("17.50", "18.50") })],
    ["with another id", "signature_invalid", (request) => with_(request, "webhook-id", "msg_2")],
    ["of another secret", "signature_invalid", () => signed(OLD_SECRET)],
    ["with a signature that is none", "signature_invalid", (request) => with_(request, "webhook-signature", "v1,%%%")],
    [
      "with a signature of another kind",
      "signature_invalid",
      (request) => with_(request, "webhook-signature", "v2,AAAA"),
    ],
    ["that is too old", "timestamp_out_of_range", () => signed(SECRET, NOW_MS - 301_000)],
    ["from the future", "timestamp_out_of_range", () => signed(SECRET, NOW_MS + 301_000)],
    ["without a time", "timestamp_out_of_range", (request) => with_(request, "webhook-timestamp", "now")],
    ["without a signature", "headers_missing", (request) => with_(request, "webhook-signature", "")],
    ["for a secret that is none", "secret_invalid", (request) => ({ ...request, secret: "whsec_%%%" })],
  ];
  test.each(cases)("%s is refused: %s", async (_, fault, change) => {
    await expect(verifyWebhook(change(signed()) as Request)).rejects.toMatchObject({ fault });
  });
});

function with_(request: ReturnType<typeof signed>, name: string, value: string) {
  return { ...request, headers: { ...request.headers, [name]: value } };
}
