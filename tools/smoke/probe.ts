import { connect } from "node:tls";

/** One answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  elapsedMs: number;
}

/** A way to ask the deployment under test. */
export interface Probe {
  /** True where there is neither TLS nor Cloudflare: what depends on them is not checked. */
  local: boolean;
  host: string;
  ask(path: string, options?: { method?: string; headers?: Record<string, string>; plain?: boolean }): Promise<Answer>;
  /** The protocol and the certificate's last day. */
  tls(): Promise<{ protocol: string; validTo: Date }>;
}

const timeoutMs = 10_000;

/**
 * Opens a probe on an address such as https://host. Plain http is refused but for this machine, so that nobody
 * takes a deployment for secure that was never asked securely. `versionOverride` names a version of the worker that
 * serves a part of the traffic, as Cloudflare's header does: `paridad-prd="ID"`.
 */
export function openProbe(address: string, versionOverride?: string): Probe {
  const base = new URL(address);
  const local = base.protocol === "http:";
  if (local && !["localhost", "127.0.0.1", "[::1]"].includes(base.hostname)) {
    throw new TypeError(`${address}: only https is checked, except on localhost`);
  }
  if (!local && base.protocol !== "https:") throw new TypeError(`${address}: must be an https:// address`);
  const override: Record<string, string> = versionOverride
    ? { "cloudflare-workers-version-overrides": versionOverride }
    : {};
  return {
    local,
    host: base.host,
    async ask(path, { method = "GET", headers = {}, plain = false } = {}) {
      const url = new URL(path, base);
      if (plain) url.protocol = "http:";
      const startMs = performance.now();
      const response = await fetch(url, {
        method,
        headers: { "user-agent": "paridad-smoke", ...override, ...headers },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, elapsedMs: performance.now() - startMs };
    },
    tls: () => inspectTls(base.hostname, Number(base.port || 443)),
  };
}

function inspectTls(host: string, port: number): Promise<{ protocol: string; validTo: Date }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, minVersion: "TLSv1.2", timeout: timeoutMs }, () => {
      const validTo = new Date(socket.getPeerCertificate().valid_to);
      resolve({ protocol: socket.getProtocol() ?? "none", validTo });
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error(`${host} does not answer on port ${port}`)));
    socket.once("error", reject);
  });
}
