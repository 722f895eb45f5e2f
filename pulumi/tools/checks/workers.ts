import { fileURLToPath } from "node:url";
import { type Unstable_Config as Config, unstable_readConfig as readConfig } from "wrangler";
import type { Settings } from "../../config.ts";
import { type Check, expectThat, type Finding, note } from "./check.ts";

const files = { edge: "wrangler.toml", "webhooks' worker": "wrangler.deliver.toml" };

function read(file: string, env: string): Config {
  const config = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
  return readConfig({ config, env }, { hideWarnings: true });
}

const sorted = (list: unknown) =>
  String(list ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean)
    .sort()
    .join();

/** What both sides must say alike, or edge and origin serve different rates, or find each other not. */
function comparedWith({ edge, service }: Settings, worker: string, { vars, routes }: Config): Finding[] {
  const same = (name: string, said: unknown, wanted: string) =>
    expectThat(
      said === wanted,
      `${worker}: ${name} is the stack's`,
      `${worker}: ${name} is ${said || "not set"}, and the stack has ${wanted || "none"}`,
    );
  const found = [same("ORIGIN_URL", vars.ORIGIN_URL, `https://${edge.host}`)];
  if (edge.publicHost) found.push(same("PUBLIC_URL", vars.PUBLIC_URL, `https://${edge.publicHost}`));
  if (worker !== "edge") return found;
  const routed = (routes ?? []).map((route) => (typeof route === "string" ? route : route.pattern));
  const hosts = [edge.publicHost ?? "", ...service.facadeHosts.split(",")].filter(Boolean);
  const unrouted = hosts.filter((host) => !routed.includes(host));
  return [
    ...found,
    same("PROVIDERS", sorted(vars.PROVIDERS), sorted(service.providers)),
    same("EXTRA_CLOSURES", sorted(vars.EXTRA_CLOSURES), sorted(service.extraClosures)),
    same("FACADE_HOSTS", sorted(vars.FACADE_HOSTS), sorted(service.facadeHosts)),
    expectThat(unrouted.length === 0, "edge: each host has a route", `edge: no route leads to ${unrouted.join(", ")}`),
  ];
}

function certificate({ edge }: Settings, worker: string, { mtls_certificates }: Config): Finding[] {
  if (!edge.clientCa) return [];
  const id = mtls_certificates.find(({ binding }) => binding === "ORIGIN_CERTIFICATE")?.certificate_id ?? "";
  const isReal = /[1-9a-f]/.test(id);
  return [
    expectThat(
      isReal,
      `${worker}: shows certificate ${id}`,
      `${worker}: shows no certificate, and the load balancer asks for one: put the id of \`wrangler mtls-certificate upload\` there`,
    ),
  ];
}

/** The two workers' settings against the stack's: a recovery stack stands in for its environment once ORIGIN_URL points there. */
export const workers: Check = {
  name: "workers",
  run: async ({ settings }) => {
    const { stack, environment } = settings;
    if (stack !== environment)
      return [note(`ORIGIN_URL of both workers of ${environment} must point to ${settings.edge.host}`)];
    return Object.entries(files).flatMap(([worker, file]) => {
      const config = read(file, environment);
      return [...comparedWith(settings, worker, config), ...certificate(settings, worker, config)];
    });
  },
};
