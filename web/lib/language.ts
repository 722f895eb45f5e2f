/** The languages of the dashboard. */
export const LANGUAGES = ["es", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Words in both languages. The English ones are a file of their own, read by those who want them. */
export interface Dictionary<Text> {
  es: Text;
  en?: Text;
  /** Reads the English words. */
  load: () => Promise<void>;
}

/** Every dictionary of the page. */
export const dictionaries: Dictionary<unknown>[] = [];

/** A dictionary of a page or a part of it. Both languages have the same entries. */
export function dictionary<Text>(es: Text, load: () => Promise<{ default: Text }>): Dictionary<Text> {
  const made: Dictionary<Text> = {
    es,
    load: async () => {
      made.en ??= (await load()).default;
    },
  };
  dictionaries.push(made);
  return made;
}

/** The language of a reader: the one in the URL, the one chosen before, or the first known one that the browser prefers. */
export function languageOf(search: string, chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [new URLSearchParams(search).get("lang"), chosen, ...preferred];
  for (const candidate of candidates) {
    const found = LANGUAGES.find((language) => candidate?.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "es";
}
