export type SubnetTier = "public" | "private" | "database";

/** Where each tier begins, in subnets of a 256th of the network: 10.0.0.0/24…, 10.0.16.0/24…, 10.0.32.0/24… */
const firstSubnet: Record<SubnetTier, number> = { public: 0, private: 16, database: 32 };

/**
 * The address range of a tier's subnet in one zone. Each tier has room for 16 zones; a /16 network gives subnets
 * of 251 usable addresses, enough for ten instances, the load balancer's growth and every endpoint.
 */
export function subnetCidr(networkCidr: string, tier: SubnetTier, zoneIndex: number): string {
  const [address = "", bits = ""] = networkCidr.split("/");
  const networkBits = Number(bits);
  if (networkBits > 20) throw new RangeError(`${networkCidr} is too small: at most /20`);
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const subnetBits = networkBits + 8;
  const start = base + (firstSubnet[tier] + zoneIndex) * 2 ** (32 - subnetBits);
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${parts.join(".")}/${subnetBits}`;
}
