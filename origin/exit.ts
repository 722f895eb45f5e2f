/** Longer than V8 compiles a function. */
const COMPILATION_MS = 200;

/**
 * Ends the process. Not at once: process.exit waits for what V8 compiles in the background, which may wait for a garbage
 * collection that the event loop would make, for ever (https://github.com/nodejs/node/issues/54918).
 */
export async function exit(code: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, COMPILATION_MS));
  process.exit(code);
}
