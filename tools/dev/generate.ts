import { ROOT, runNode } from "./build.ts";
import { type Watch, watchFiles } from "./watch.ts";

const TOOLS = ["assets", "openapi"];

/** Writes the files of core/api that are made from others, as `npm run assets` and `npm run openapi` do. */
export async function generate(print: (line: string) => void, signal: AbortSignal): Promise<void> {
  await Promise.all(
    TOOLS.map((tool) =>
      runNode([`${ROOT}tools/generate/${tool}.ts`], signal).catch((error: Error) => {
        if (!signal.aborted) print(`${tool}.json is as it was: ${reasonOf(error.message)}`);
      }),
    ),
  );
}

/** Writes them again whenever a style sheet, a page's script or the API's description changes. */
export function keepGenerated(print: (line: string) => void, signal: AbortSignal): Watch {
  return watchFiles([`${ROOT}core`], () => generate(print, signal), /\.(ts|css|js)$/);
}

/** The line that names the fault, of what Node prints with it. */
function reasonOf(text: string): string {
  return text.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? text.split("\n")[0] ?? text;
}
