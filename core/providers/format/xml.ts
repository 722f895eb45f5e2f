/**
 * As much XML as two central banks need: workerd has no DOMParser. Comments, CDATA and entities do not occur in their
 * files, and a file with any is refused by its reader, for it finds other elements than it expects.
 */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Where its content begins in the text. */
  contentStart: number;
}

const START_TAG = /<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The start tags of a text, in order. */
export function* elementsOf(text: string): Generator<Element> {
  for (const match of text.matchAll(START_TAG)) {
    const attributes: Record<string, string> = {};
    for (const [, name, double, single] of (match[2] as string).matchAll(ATTRIBUTE))
      attributes[name as string] = double ?? single ?? "";
    yield { name: match[1] as string, attributes, contentStart: match.index + match[0].length };
  }
}

/** Whether a text is one element of that name, to its very end: a file that was cut is not. */
export function isDocumentOf(text: string, root: string): boolean {
  const [first] = elementsOf(text);
  return first?.name === root && text.trimEnd().endsWith(`</${root}>`);
}

/** The text of the only child of that name in `content`; undefined if there is none, or more than one. */
export function childText(content: string, name: string): string | undefined {
  const parts = content.split(`<${name}>`);
  const [text, ...more] = parts.length === 2 ? (parts[1] as string).split(`</${name}>`) : [];
  return more.length === 1 && text !== undefined && !text.includes("<") ? text.trim() : undefined;
}
