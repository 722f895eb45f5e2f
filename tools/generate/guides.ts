import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownHtml } from "./markdown.ts";

const folder = new URL("../../docs/guides/", import.meta.url);
export const guidesFile = fileURLToPath(new URL("../../core/api/html/guides.json", import.meta.url));

/** The guides of docs/guides as HTML, since core reads no files. `invoice.es.md` is the Spanish of `invoice.md`. */
export function guidesText(): string {
  const guides = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => {
      const [slug = "", language = "en"] = name.replace(/\.md$/, "").split(".");
      const text = readFileSync(new URL(name, folder), "utf8");
      return { slug, language, title: /^# (.*)$/m.exec(text)?.[1] ?? slug, html: markdownHtml(text) };
    });
  return `${JSON.stringify(guides, null, 2)}\n`;
}
