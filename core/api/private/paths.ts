import { PREFIX } from "../endpoint.ts";

/**
 * The beginnings of the paths that need an access token. The edge forwards all of them; a test holds the list of endpoints
 * to it.
 */
export const PRIVATE_ROOTS = ["account", "keys", "alerts", "webhooks", "deliveries", "stream/tickets"] as const;

export const TOKEN_PATH = `${PREFIX}/oauth/token`;

export const JWKS_PATH = "/.well-known/jwks.json";

/** As routers match them: all that the edge forwards. */
export const PRIVATE_ROUTES = [
  TOKEN_PATH,
  ...PRIVATE_ROOTS.flatMap((root) => [`${PREFIX}/${root}`, `${PREFIX}/${root}/*`]),
];

const PRIVATE_PATH = new RegExp(`^${PREFIX}/(?:${PRIVATE_ROOTS.join("|")})(?:/|$)`);

/** Whether a path belongs to the private API, whether or not there is such an endpoint. */
export function isPrivatePath(path: string): boolean {
  return PRIVATE_PATH.test(path) || path === TOKEN_PATH;
}
