import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { readEnv } from "../../origin/env.ts";
import { startServer } from "../../origin/server.ts";
import { createOrigin } from "./origin.ts";

/** The port that the load balancer connects to: TLS with the certificate that an instance makes for itself. */

let folder: string;
let tls: { port: number; certificateFile: string; keyFile: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paridad-tls-"));
  tls = { port: 0, certificateFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  const subject = ["-days", "400", "-subj", "/CN=paridad-origin", "-keyout", tls.keyFile, "-out", tls.certificateFile];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...key, ...subject]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start() {
  const { services } = await createOrigin({ host: "127.0.0.1", port: 0, tls });
  const server = await startServer(services);
  const port = Number(new URL(server.tlsUrl ?? "").port);
  return { server, port };
}

function get(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false, rejectUnauthorized: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject).end();
  });
}

test("both ports serve the same, and both drain", async () => {
  const { server, port } = await start();
  expect(await get(port, "/health/live")).toBe(200);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  await server.stop();
  await expect(get(port, "/health/live")).rejects.toThrow("ECONNREFUSED");
});

test("nothing older than TLS 1.2, and no clear text", async () => {
  const { server, port } = await start();
  const protocolOf = (maxVersion: "TLSv1.1" | "TLSv1.2") =>
    new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, minVersion: "TLSv1", maxVersion });
      socket.on("secureConnect", () => resolve(socket.getProtocol()) ?? socket.destroy());
      socket.on("error", () => resolve("refused"));
    });
  expect(await protocolOf("TLSv1.1")).toBe("refused");
  expect(await protocolOf("TLSv1.2")).toBe("TLSv1.2");
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  await server.stop();
});

test("without a certificate there is no second port, and half a setting is refused", () => {
  expect(readEnv({ TLS_PORT: "" }).tls).toBeUndefined();
  const whole = { TLS_PORT: "8443", TLS_CERTIFICATE_FILE: "a", TLS_KEY_FILE: "b" };
  expect(readEnv(whole).tls).toEqual({ port: 8443, certificateFile: "a", keyFile: "b" });
  for (const name of Object.keys(whole)) expect(() => readEnv({ ...whole, [name]: undefined })).toThrow(InvalidEnv);
});
