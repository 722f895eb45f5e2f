import { boundedRoles, closedEndpoints, imdsV2, leastPrivilege, noSecretOutputs, noSsh } from "./access.ts";
import { audited, trailIsRead } from "./audited.ts";
import { encryptedStorage, rotatingKeys } from "./encryption.ts";
import { knownEdge, lockedDefaults, noOpenIngress, noPublicDatabase, privateBuckets, tlsOnly } from "./exposure.ts";
import { readersAreWatched, someoneIsTold } from "./notice.ts";
import { backups, keptLogs, protectedProduction, safeReleases, severalZones, supportedEngine } from "./resilience.ts";
import type { Rule } from "./rule.ts";
import { pinnedStart } from "./start.ts";
import { tagsEverywhere } from "./tagging.ts";

/** Every policy, in the order in which a reader would ask. */
export const rules: readonly Rule[] = [
  noPublicDatabase,
  noOpenIngress,
  lockedDefaults,
  tlsOnly,
  knownEdge,
  privateBuckets,
  encryptedStorage,
  rotatingKeys,
  imdsV2,
  noSsh,
  leastPrivilege,
  closedEndpoints,
  boundedRoles,
  noSecretOutputs,
  supportedEngine,
  backups,
  protectedProduction,
  severalZones,
  safeReleases,
  pinnedStart,
  keptLogs,
  audited,
  trailIsRead,
  readersAreWatched,
  someoneIsTold,
  tagsEverywhere,
];
