import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownHtml } from "./markdown.ts";

const folder = new URL("../../docs/guides/", import.meta.url);
export const guidesFile = fileURLToPath(new URL("../../core/api/html/guides.json", import.meta.url));

const changelogFile = new URL("../../CHANGELOG.md", import.meta.url);

/**
 * The guides of docs/guides and the changelog as HTML, since core reads no files. `invoice.es.md` is the Spanish of
 * `invoice.md`.
 */
export function guidesText(): string {
  const guides = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => {
      const [slug = "", language = "en"] = name.replace(/\.md$/, "").split(".");
      return guideOf(slug, language, readFileSync(new URL(name, folder), "utf8"));
    });
  const changelog = guideOf("changelog", "en", readFileSync(changelogFile, "utf8"));
  return `${JSON.stringify([...guides, changelog], null, 2)}\n`;
}

function guideOf(slug: string, language: string, text: string) {
  return { slug, language, title: /^# (.*)$/m.exec(text)?.[1] ?? slug, html: markdownHtml(text) };
}
