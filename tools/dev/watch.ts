import { watch } from "chokidar";

/** Files that end up in a bundle. Style sheets and scripts of pages come in as generated JSON. */
const BUNDLED = /\.(ts|json|toml)$/;
/** Files that the dashboard is built of. */
export const PAGE_FILES = /\.(tsx?|css|svg)$/;
/** So that a save of several files, or a checkout, counts as one change. */
const SETTLED_MS = 150;

export interface Watch {
  /** Resolves when changes from now on are seen. */
  ready: Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Calls `changed` after files below `paths` were saved, in place or by a rename, as editors do. One
 * call at a time; what is saved during a call leads to another.
 */
export function watchFiles(paths: readonly string[], changed: () => Promise<void>, pattern: RegExp = BUNDLED): Watch {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isDue = false;
  const run = async () => {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    while (isDue) {
      isDue = false;
      await changed().catch((error) => console.error(error instanceof Error ? error.message : error));
    }
    isRunning = false;
  };
  const watcher = watch([...paths], {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !pattern.test(path),
  });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), SETTLED_MS);
  });
  const ready = new Promise<void>((resolve) => watcher.once("ready", resolve));
  const stop = async () => {
    clearTimeout(timer);
    await watcher.close();
  };
  return { ready, stop };
}
