import { PURGE_REQUESTED_KEY } from "#core/wire/keys.ts";
import type { RedisClient } from "../clients/redis-client.ts";
import type { Watch } from "../ingest/ports.ts";

/** Empties the cache in front of the worker; throws if that failed. */
export type PurgeAll = () => Promise<void>;

/**
 * Empties the edge's cache if an operator asked for it. The request stands until it is done, so that the next tick makes
 * up for a failure.
 */
export async function purgeOnRequest(
  redis: Pick<RedisClient, "send">,
  purgeAll: PurgeAll,
  watch: Watch,
): Promise<void> {
  const requested = await redis.send(["GET", PURGE_REQUESTED_KEY]).catch(() => null);
  if (requested === null) return;
  try {
    await purgeAll();
    await redis.send(["DEL", PURGE_REQUESTED_KEY]);
    watch.notice("the edge cache was emptied", {});
  } catch (error) {
    watch.exception(error, "emptying the edge cache");
  }
}
