import { withDeadline } from "./deadline.ts";

/** The window of the limit in wrangler.toml. */
export const RATE_LIMIT_PERIOD_SECONDS = 10;
const DEADLINE_MS = 50;

/** Whether the reader may ask now. A limiter that is absent, fails or hangs limits nobody. */
export async function isWithinLimit(limiter: RateLimit | undefined, request: Request): Promise<boolean> {
  if (limiter === undefined) return true;
  try {
    const key = readerOf(request.headers.get("CF-Connecting-IP") ?? "local");
    return (await withDeadline(limiter.limit({ key }), DEADLINE_MS, "rate limit")).success;
  } catch {
    return true;
  }
}

/** An IPv4 address, or the /64 network of an IPv6 one, which one reader usually has to himself. */
export function readerOf(ip: string): string {
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = ip.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const full = [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ? tail.split(":") : [])];
  return `${full
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
