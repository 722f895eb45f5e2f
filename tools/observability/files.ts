import { fileURLToPath } from "node:url";
import { DASHBOARDS } from "./dashboards.ts";
import { grafanaJson } from "./grafana.ts";
import { rulesYaml } from "./rules.ts";

const fileAt = (name: string) => fileURLToPath(new URL(`generated/${name}`, import.meta.url));

export const RULES_FILE = fileAt("rules.yaml");

/** The generated files and their texts. */
export function observabilityFiles(): [file: string, text: string][] {
  return [
    [RULES_FILE, rulesYaml()],
    ...DASHBOARDS.map((each): [string, string] => [fileAt(`dashboards/${each.uid}.json`), grafanaJson(each)]),
  ];
}
