/**
 * The configuration of a stack that stands in for another one whose region is lost: the same sizes in the other region,
 * from a copy, and nothing that needs the lost region.
 */
export function recoveryConfig(
  config: Record<string, string>,
  lost: string,
  region: string,
  snapshot: string,
): Record<string, unknown> {
  const section = (name: string): Record<string, unknown> => JSON.parse(config[`paridad:${name}`] ?? "{}");
  const edge = section("edge");
  return {
    ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parsed(value)])),
    "aws:region": region,
    "paridad:recoveryRegion": config["aws:region"],
    "paridad:environment": lost,
    "paridad:imageRepository": `paridad-${lost}/origin`,
    "paridad:database": { ...section("database"), snapshot },
    // Route 53 has no region: the zone is still there, and its old name points to what is lost.
    "paridad:edge": { ...edge, host: `recovery.${String(edge.zone)}` },
    // A copy would go to the region that is lost. Turn it on again once there is a second region to copy to.
    "paridad:backup": { ...section("backup"), copies: false },
    // The trail of the account records every region already.
    "paridad:audit": { ...section("audit"), trail: false },
  };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
