/** Ctrl-C in a terminal reaches Node twice: by itself, and by npm, which passes signals on. */
const SAME_SIGNAL_MS = 1_000;
const PARENT_POLL_MS = 500;

/**
 * Calls `stop` once when the process is asked to end: by a signal, or because the npm that started it is gone, which
 * can pass on neither SIGHUP nor SIGKILL. A second signal, later, ends the process at once.
 */
export function onEnd(stop: () => Promise<void>): void {
  let stoppingMs: number | undefined;
  const end = () => {
    if (stoppingMs === undefined) {
      stoppingMs = Date.now();
      void stop();
    } else if (Date.now() - stoppingMs > SAME_SIGNAL_MS) process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  // The reader of the output may be gone with the terminal.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", end);
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    end();
  }, PARENT_POLL_MS).unref();
}
