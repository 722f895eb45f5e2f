/** Fields of a response that are written as JSON already, by name. */
export type Texts = Readonly<Record<string, () => string>>;

/** The content as JSON, as `JSON.stringify` writes it; fields that have a text are not looked at. */
export function toJson(content: object, texts?: Texts): string {
  if (texts === undefined) return JSON.stringify(content);
  const fields = Object.keys(content).flatMap((name) => {
    const isWritten = Object.hasOwn(texts, name);
    const text = isWritten ? texts[name]?.() : JSON.stringify(content[name as keyof typeof content]);
    return text === undefined ? [] : `${JSON.stringify(name)}:${text}`;
  });
  return `{${fields.join(",")}}`;
}
