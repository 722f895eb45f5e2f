const HIDDEN = "[hidden]";
const MAX_LENGTH = 2_000;
/** A shorter one would match harmless text. */
const MIN_SECRET_LENGTH = 8;

/**
 * Removes from a text: known secrets, API keys and access tokens, credentials after Bearer or Basic, values with a secret's name, queries and user
 * information of URLs, commands. Runs in linear time, because an error can quote anything.
 */
export function scrub(text: string, secrets: readonly string[] = []): string {
  return secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length)
    .reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text)
    .replace(COMMAND, `$1 ${HIDDEN}`)
    .replace(WORD, hideInUrl)
    .replace(HEADER, hideValue)
    .replace(SCHEME, `$1$2${HIDDEN}`)
    .replace(NAMED, hideValue)
    .replace(HEX_TOKEN, HIDDEN)
    .replace(OWN_SECRET, HIDDEN)
    .slice(0, MAX_LENGTH);
}

// No pattern restarts within a run that it failed on, which would take quadratic time: names match only from their first
// character, and one lookahead checks what a name must contain.

const COMMAND = /(command was:)[\s\S]*/i;
const WORD = /[^\s"'<>]+/g;
const SCHEME = /\b(bearer|basic)((?:\s|%20|[+:="'\\])+)[^\s"'\\,;]+/gi;
/** API keys, secrets of webhooks, and JWTs, which all begin alike. */
const OWN_SECRET = /\b(?:par_live_|whsec_|eyJ)[\w+/=-]{10,}(?:\.[\w-]+){0,4}/g;
const HEX_TOKEN = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi;

const SECRET = [
  "token|secret|passw|passphrase|pwd|credential|authori[sz]ation|signature|cookie|session[-_.]?id",
  "(?:api|access|account|private|signing|edge)[-_.]?keys?",
].join("|");
const SHORT_SECRET = "auth|pass|sig|jwt";
const START = String.raw`(?<![\w.-])`;
const HAS_SECRET = String.raw`(?=[\w.-]*?(?:${SECRET})|(?:[\w.-]*[-_.])?(?:${SHORT_SECRET})(?![\w.-]))`;
const HAS_HEADER = String.raw`(?=(?:proxy-)?authorization(?![\w.-])|(?:set-)?cookie(?![\w.-]))`;
/** A colon or an equals sign, plain or URL-encoded; a quote before it is escaped in JSON within JSON. */
const IS = String.raw`\\*["']?\s*(?:[:=]|%3a|%3d)\s*`;
const QUOTED = String.raw`\\+"[^"\\]*|\\+'[^'\\]*|"(?:[^"\\]|\\[\s\S])*|'(?:[^'\\]|\\[\s\S])*`;
/** A list, as EDGE_TOKENS is, continues after a comma; the next name and its value do not belong to it. */
const LIST = String.raw`[^\s"',;&<>]+(?:,[^\s"',;&<>:=]+(?=[\s"',;&<>]|$))*`;
const NAMED = new RegExp(String.raw`(${START}${HAS_SECRET}[\w.-]+${IS})(${QUOTED}|${LIST})`, "gi");
/** Such a header extends to the end of its line. */
const HEADER = new RegExp(String.raw`(${START}${HAS_HEADER}[\w.-]+${IS})(${QUOTED}|[^\r\n]+)`, "gi");

function hideValue(_: string, before: string, value: string): string {
  const [quote = ""] = /^\\*["']/.exec(value) ?? [];
  return before + quote + HIDDEN;
}

/** Hides user information, up to the last @ (a password may contain one), and the whole query. */
function hideInUrl(word: string): string {
  const scheme = word.indexOf("://");
  const at = scheme < 0 ? -1 : word.lastIndexOf("@");
  const shown = at > scheme ? `${word.slice(0, scheme)}://${HIDDEN}${word.slice(at)}` : word;
  const query = shown.indexOf("?");
  return query >= 0 && shown.includes("=", query) ? `${shown.slice(0, query)}?${HIDDEN}` : shown;
}
