import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

/** The signing keys of a stack on this machine: made once and kept in its folder, so that tokens outlive a restart. */
export function localTokenKeys(stateDir: string): string {
  const file = `${stateDir}/token-keys.json`;
  if (existsSync(file)) return readFileSync(file, "utf8");
  const { kty, crv, x, y, d } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(`${x}${y}`).digest("base64url");
  const text = JSON.stringify({ keys: [{ kty, crv, x, y, d, kid }] });
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return text;
}
