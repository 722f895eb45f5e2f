import type { TestProject } from "vitest/node";
import { startUpstash } from "../../tools/simulators/upstash/simulator.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** An Upstash simulator that tests share whose keys are their own; `redisToken` opens it. */
    upstashUrl: string;
    /** Simulators for one file each, to be emptied and broken at will. */
    upstashOf: Record<(typeof FILES)[number], string>;
    redisToken: string;
  }
}

const FILES = [
  "app",
  "archive",
  "clients",
  "edgeMinutes",
  "health",
  "ingest",
  "private",
  "rateLimit",
  "repair",
  "responses",
  "scrape",
] as const;
const REDIS_TOKEN = "token-of-the-worker-tests";

/** Starts what can't run inside workerd. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const start = () => startUpstash({ token: REDIS_TOKEN });
  const shared = await start();
  const own = await Promise.all(FILES.map(start));
  project.provide("upstashUrl", shared.url);
  project.provide("upstashOf", Object.fromEntries(FILES.map((file, index) => [file, own[index]?.url])) as never);
  project.provide("redisToken", REDIS_TOKEN);
  return async () => {
    await Promise.all([shared, ...own].map((simulator) => simulator.stop()));
  };
}
