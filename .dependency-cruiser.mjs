/** The import law: worker → core ← origin, tools and tests above all, one home for each vendor's SDK. Type imports count. */

const FOLDERS = "^(core|worker|origin|pulumi|tools|test)/";

/** Packages whose API is the material that a folder's files are made of; every other is met in one file. */
const WIDE = {
  core: ["zod", "hono", "@hono/zod-openapi"],
  worker: ["zod", "hono"],
  origin: ["zod", "hono", "drizzle-orm"],
  pulumi: ["zod", "@pulumi/pulumi", "@pulumi/aws", "@pulumi/policy"],
};

const packages = (names) => `node_modules/(${names.join("|")})/`;

/** What a folder's files may import besides packages. */
const reach = (folder, allowed) => ({
  name: `${folder}-reaches-no-further`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: { path: FOLDERS, pathNot: `^(${[folder, ...allowed].join("|")})/` },
});

const oneHome = (folder) => ({
  name: `one-home-per-sdk-in-${folder}`,
  comment: "A vendor's SDK is met in one file, so that it can be replaced. Tools read their own settings.",
  severity: "error",
  module: { path: "node_modules/", pathNot: packages(WIDE[folder]), numberOfDependentsMoreThan: 1 },
  from: { path: `^${folder}/`, pathNot: "[.]config[.]ts$" },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    reach("core", []),
    reach("worker", ["core"]),
    reach("origin", ["core"]),
    reach("pulumi", ["core"]),
    reach("tools", ["core", "worker", "origin", "pulumi"]),
    {
      name: "core-stands-on-four-packages",
      comment: "Anything else would tie it to one host. jose runs in both, and is met in one file.",
      severity: "error",
      from: { path: "^core/" },
      to: { pathNot: ["^core/", packages([...WIDE.core, "jose"])] },
    },
    {
      name: "worker-uses-nothing-of-node",
      severity: "error",
      from: { path: "^worker/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-by-its-name",
      comment: "Hosts import #core/…, not ../core/…",
      severity: "error",
      from: { path: FOLDERS, pathNot: "^core/" },
      to: { path: "^core/", dependencyTypesNot: ["aliased-subpath-import"] },
    },
    {
      name: "no-circle",
      comment:
        "Of modules that load each other; two types may name each other. The aliases forward to a package of their name.",
      severity: "error",
      from: { pathNot: "^worker/zod" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "all-is-found", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^cloudflare:" } },
    {
      name: "all-is-declared",
      comment: "What is imported is in package.json.",
      severity: "error",
      from: { path: FOLDERS, pathNot: "^pulumi/policies/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"], pathNot: "^cloudflare:" },
    },
    ...Object.keys(WIDE).map(oneHome),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
