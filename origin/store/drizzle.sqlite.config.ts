import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate --config origin/store/drizzle.sqlite.config.ts --name …`, after a change of the schema. */
export default defineConfig({
  dialect: "sqlite",
  schema: "./origin/store/schema.sqlite.ts",
  out: "./origin/migrations/sqlite",
});
