/** Which URLs a webhook may be sent to. The same rules when it is created and before each attempt. */

export interface TargetRules {
  /** On a developer's machine receivers run on loopback, in clear text. */
  isLocal: boolean;
  /** Host names of our own, which a delivery must not reach. */
  ownHosts: readonly string[];
}

export const MAX_URL_LENGTH = 2_048;

const LOCAL_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);
/** Names that lead into somebody's own network (RFC 6761, 6762, 8375, 9476). */
const PRIVATE_SUFFIXES = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "lan",
  "home.arpa",
  "corp",
  "home",
  "onion",
  "test",
];

/** Why a URL may not be called; undefined if it may. */
export function targetFault(text: string, { isLocal, ownHosts }: TargetRules): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  const url = URL.parse(text);
  if (url === null) return "must be an absolute URL";
  if (url.username !== "" || url.password !== "") return "must not contain a user name or password";
  if (url.hash !== "") return "must not contain a fragment";
  if (isLocal && url.protocol === "http:" && LOCAL_HOSTS.has(url.hostname)) return undefined;
  if (url.protocol !== "https:") return "must begin with https://";
  if (url.port !== "") return "must use port 443";
  // After parsing, every notation of an IPv4 address (0x7f.1, 2130706433, full-width digits) is four decimal numbers.
  const host = url.hostname.replace(/\.+$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "must name a host, not an IP address";
  if (!host.includes(".")) return "must name a public host";
  if (PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`))) return "must name a public host";
  if (ownHosts.some((own) => host === own || host.endsWith(`.${own}`))) return "must not be a host of this service";
  return undefined;
}
