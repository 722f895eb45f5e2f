import type { Context } from "hono";
import type { Catalogue } from "../../providers/catalogue.ts";

/**
 * Whether a read names a provider whose licence forbids redistribution. It needs the scope `rates:private`, and its
 * response is for its reader alone: the edge leaves it to the origin, and no host keeps it.
 */
export function namesPrivateProvider(c: Context, { providers }: Catalogue): boolean {
  const named = c.req.queries("provider") ?? [];
  return providers.some(({ id, isPrivate }) => isPrivate === true && named.includes(id));
}
