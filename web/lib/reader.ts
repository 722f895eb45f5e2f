import { signal } from "@preact/signals";
import { type Dictionary, dictionaries, type Language, languageOf } from "./language.ts";

const KEY = "paridad.language";

/** The language that the page is in. */
export const language = signal<Language>("es");

/** Shows the page in the reader's language once its words are there. Called before anything is shown. */
export async function followReader(): Promise<void> {
  await show(languageOf(location.search, remembered(), navigator.languages));
}

/** Changes the language, and remembers the choice. A `lang` in the URL is followed no longer. */
export async function choose(chosen: Language): Promise<void> {
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  history.replaceState(null, "", url);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  await show(chosen);
}

/** A page's words in its language. */
export function words<Text>({ es, en }: Dictionary<Text>): Text {
  return language.value === "en" && en ? en : es;
}

async function show(wanted: Language): Promise<void> {
  // Where the English words can't be had, the Spanish ones stay.
  const isThere = await Promise.all(wanted === "en" ? dictionaries.map(({ load }) => load()) : []).then(
    () => true,
    () => false,
  );
  if (isThere) language.value = document.documentElement.lang = wanted;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
