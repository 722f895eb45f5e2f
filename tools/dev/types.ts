import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./build.ts";
import { Part } from "./part.ts";

/** TypeScript's own watch mode over the platform's code and its tests, as a part: it reports, and nothing waits for it. */
export function typeChecker(onLine: (line: string) => void): Part {
  const typescript = dirname(createRequire(import.meta.url).resolve("@typescript/native/package.json"));
  const projects = ["tsconfig.json", "worker/tsconfig.json"].map((file) => `${ROOT}${file}`);
  return new Part({
    name: "types",
    url: "",
    script: join(typescript, "bin/tsc"),
    args: ["-b", ...projects, "--watch", "--preserveWatchOutput", "--pretty", "false"],
    ready: /./,
    onLine,
  });
}

/** Starts it at a low priority. */
export async function startInBackground(part: Part): Promise<void> {
  const started = part.start();
  setPriority(part.pid, constants.priority.PRIORITY_LOW);
  await started;
}
