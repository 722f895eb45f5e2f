import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fill, LANGUAGES, languageOf } from "../../../web/lib/language.ts";
import { PAGES } from "../../../web/shell.ts";

const text = fileURLToPath(new URL("../../../web/text/", import.meta.url));
const parts = readdirSync(`${text}es`).map((name) => name.replace(".ts", ""));

/** Every text of a part by its path, such as "views.fix". */
async function textsOf(language: string, part: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === "string") found.set(path, value);
    else for (const [key, inner] of Object.entries(value as object)) collect(inner, `${path}.${key}`);
  };
  const words = (await import(`${text}${language}/${part}.ts`)) as Record<string, unknown>;
  expect(Object.keys(words)).toEqual([part]);
  collect(words[part], part);
  return found;
}

const placesOf = (sentence = "") => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

describe.each(parts)("the words of %s", (part) => {
  it("are the same entries in every language, with the same places to fill in", async () => {
    const spanish = await textsOf("es", part);
    for (const language of LANGUAGES) {
      const others = await textsOf(language, part);
      expect([...others.keys()]).toEqual([...spanish.keys()]);
      for (const [path, sentence] of spanish)
        expect([path, placesOf(others.get(path))]).toEqual([path, placesOf(sentence)]);
    }
  });

  it("are empty in one language only if they are in the other", async () => {
    const [spanish, english] = await Promise.all([textsOf("es", part), textsOf("en", part)]);
    for (const [path, sentence] of spanish) expect([path, english.get(path) === ""]).toEqual([path, sentence === ""]);
  });
});

it("every page names the parts that there are", () => {
  expect(PAGES.flatMap(({ words }) => words).filter((part) => !parts.includes(part))).toEqual([]);
  expect(parts.filter((part) => !PAGES.some(({ words }) => words.includes(part)))).toEqual([]);
});

it.each([
  ["", null, [], "es"],
  ["", null, ["en-US", "es"], "en"],
  ["", null, ["de", "es-MX"], "es"],
  ["", "en", ["es-MX"], "en"],
  ["?lang=es", "en", ["en"], "es"],
  ["?lang=xx", null, ["EN-gb"], "en"],
])("with %j, %j chosen and %j preferred, a page is in %s", (search, chosen, preferred, expected) => {
  expect(languageOf(search, chosen, preferred)).toBe(expected);
});

it("fills the places of a sentence", () => {
  expect(fill("de {from} a {to}", { from: "A", to: "$&" })).toBe("de A a $&");
});
