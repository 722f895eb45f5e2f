/**
 * After a change of the schema: `npm install --no-save drizzle-kit@0.31.11`, then
 * `npx drizzle-kit generate --config origin/store/drizzle.mysql.config.ts --name …`.
 * Not a dependency: it is needed for this alone, and brings two old copies of esbuild.
 */
export default {
  dialect: "mysql",
  schema: ["./origin/store/schema.mysql.ts", "./origin/store/accounts-schema.mysql.ts"],
  out: "./origin/migrations/mysql",
};
