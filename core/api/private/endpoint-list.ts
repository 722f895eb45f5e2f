import { account } from "./account.ts";
import { createKey } from "./create-key.ts";
import type { PrivateEndpoint } from "./endpoint.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";

/** Every endpoint that needs a token, in the order of the OpenAPI document and the docs page. */
export const PRIVATE_ENDPOINTS: readonly PrivateEndpoint[] = [account, listKeys, createKey, revokeKey];
