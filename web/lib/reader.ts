import { signal } from "@preact/signals-core";
import { type Dictionary, type Language, languageOf } from "./language.ts";

const KEY = "paridad.language";

const dictionaries: Record<Language, Dictionary> = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** The language that the page is in. */
export const language = signal<Language>(languageOf(location.search, remembered(), navigator.languages));

/** Changes the language, and remembers the choice. A `lang` in the URL is followed no longer. */
export function choose(chosen: Language): void {
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  history.replaceState(null, "", url);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  language.value = chosen;
}

/** The words of a part, in the page's language. */
export function words<Part extends keyof Dictionary>(part: Part): Dictionary[Part] {
  return dictionaries[language.value][part];
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
