const HIDDEN = "[hidden]";
const LONGEST = 2_000;

/** A text without what nobody but us may see: known secrets, bearer tokens, queries, user information, commands. */
export function scrub(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 8) clean = clean.replaceAll(secret, HIDDEN);
  return clean
    .replace(/command was:[\s\S]*/i, `command was: ${HIDDEN}`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`)
    .replace(
      /\b(token|secret|password|api[-_]?key|authorization|bmx-token)\b(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
      `$1$2${HIDDEN}`,
    )
    .replace(/:\/\/[^/\s@]+@/g, `://${HIDDEN}@`)
    .replace(/\?[^\s"'<>]+=[^\s"'<>]*/g, `?${HIDDEN}`)
    .replace(/\b[0-9a-f]{64}\b/gi, HIDDEN)
    .slice(0, LONGEST);
}
