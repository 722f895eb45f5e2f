/**
 * Preloaded into each part of the stack: ends the part, and what it has started, when the stack has gone, however it
 * went. The channel is the stack's only hold on it and does not keep it alive.
 */
process.once("disconnect", () => {
  try {
    // A part leads a process group of its own.
    process.kill(-process.pid, "SIGKILL");
  } finally {
    process.exit(0);
  }
});
process.channel?.unref();
