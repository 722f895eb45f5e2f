import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate --config origin/store/drizzle.mysql.config.ts --name …`, after a change of the schema. */
export default defineConfig({
  dialect: "mysql",
  schema: "./origin/store/schema.mysql.ts",
  out: "./origin/migrations/mysql",
});
