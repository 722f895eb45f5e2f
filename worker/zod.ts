/**
 * Zod as the bundle has it (wrangler.toml aliases "zod" to this file): all but the error messages in some fifty languages
 * and the parsers of JSON Schema, which Zod's own entry keeps in every bundle. That is a fifth of the worker's size.
 */

export * from "../node_modules/zod/v4/classic/checks.js";
export * as coerce from "../node_modules/zod/v4/classic/coerce.js";
export * from "../node_modules/zod/v4/classic/compat.js";
export * from "../node_modules/zod/v4/classic/errors.js";
export * as iso from "../node_modules/zod/v4/classic/iso.js";
export * from "../node_modules/zod/v4/classic/parse.js";
export * from "../node_modules/zod/v4/classic/schemas.js";
export {
  config,
  flattenError,
  globalRegistry,
  NEVER,
  prettifyError,
  registry,
  treeifyError,
} from "../node_modules/zod/v4/core/index.js";
export * as z from "./zod.ts";
