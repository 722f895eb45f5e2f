import { withDeadline } from "../deadline.ts";

/** The window of the limits in wrangler.toml. */
export const RATE_LIMIT_PERIOD_SECONDS = 10;
const DEADLINE_MS = 50;

/** The limit of each key on private endpoints, as wrangler.toml has it. */
export const PRIVATE_LIMIT = { requests: 600, periodSeconds: 60 } as const;

/** Whether the client, by its address, is within its limit. */
export function isWithinLimit(limiter: RateLimit | undefined, request: Request, units = 1): Promise<boolean> {
  return isKeyWithinLimit(limiter, clientOf(request.headers.get("CF-Connecting-IP") ?? "local"), units);
}

/**
 * Whether a key is within its limit. A limiter counts calls, so a request of several units is several calls; a client over its
 * limit is refused after the first. A limiter that is absent, fails or hangs sets no limit.
 */
export async function isKeyWithinLimit(limiter: RateLimit | undefined, key: string, units = 1): Promise<boolean> {
  if (limiter === undefined || units === 0) return true;
  try {
    const count = async (calls: number) => {
      const outcomes = await Promise.all(Array.from({ length: calls }, () => limiter.limit({ key })));
      return outcomes.every(({ success }) => success);
    };
    const countAll = async () => (await count(1)) && (await count(units - 1));
    return await withDeadline(countAll(), DEADLINE_MS, "rate limit");
  } catch {
    return true;
  }
}

/** An IPv4 address, or the /64 network of an IPv6 one, which usually belongs to one client. */
export function clientOf(ip: string): string {
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
