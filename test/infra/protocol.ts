import { createRequire } from "node:module";

/** Pulumi's generated protocol classes have no types that are worth their length here. */
// biome-ignore lint/suspicious/noExplicitAny: untyped in use, and only in tests.
export type Untyped = any;

/** Loads what Pulumi's SDK itself loads: its protocol and the gRPC that it speaks. */
export const load: (name: string) => Untyped = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
);
