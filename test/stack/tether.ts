/**
 * Preloaded into each part of the stack: ends the part when the stack has gone, however it went, so that no process
 * stays behind. The channel is the stack's only hold on it and does not keep it alive.
 */
process.once("disconnect", () => process.exit(0));
process.channel?.unref();
