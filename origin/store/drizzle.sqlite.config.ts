/**
 * After a change of the schema: `npm install --no-save drizzle-kit@0.31.11`, then
 * `npx drizzle-kit generate --config origin/store/drizzle.sqlite.config.ts --name …`.
 * Not a dependency: it is needed for this alone, and brings two old copies of esbuild.
 */
export default {
  dialect: "sqlite",
  schema: ["./origin/store/schema.sqlite.ts", "./origin/store/accounts-schema.sqlite.ts"],
  out: "./origin/migrations/sqlite",
};
