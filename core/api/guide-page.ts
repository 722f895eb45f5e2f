import assets from "./html/guide-assets.json" with { type: "json" };
import guides from "./html/guides.json" with { type: "json" };
import { escapeHtml } from "./html/text.ts";

/** The guides of docs/guides, each a page in English and in Spanish. */

type Guide = (typeof guides)[number];

const { style, styleHash } = assets;

export const GUIDE_SECURITY_POLICY = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Paths of the guides, and their HTML. */
export function guidePages(): [path: string, html: () => string][] {
  return guides.map((guide) => [pathOf(guide), () => pageOf(guide)]);
}

/** Links to the guides in a language, for other pages. */
export function guideLinks(language: string): string {
  const inLanguage = guides.filter((guide) => guide.language === language);
  return inLanguage.map((guide) => `<li><a href="${pathOf(guide)}">${escapeHtml(guide.title)}</a></li>`).join("");
}

function pathOf({ slug, language }: Guide): string {
  return `/docs/${language === "en" ? "" : `${language}/`}${slug}`;
}

function pageOf(guide: Guide): string {
  const { slug, language, title, html } = guide;
  const other = guides.find((one) => one.slug === slug && one.language !== language);
  const isSpanish = language === "es";
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)} · Paridad</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>${style}</style>
</head>
<body>
<nav aria-label="${isSpanish ? "Guías" : "Guides"}"><ul><li><a href="/docs">${isSpanish ? "Referencia (en inglés)" : "Reference"}</a></li>${guideLinks(language)}</ul>${other ? `<p><a href="${pathOf(other)}" lang="${other.language}" hreflang="${other.language}">${isSpanish ? "In English" : "En español"}</a></p>` : ""}</nav>
<main>
${html}
</main>
</body>
</html>
`;
}
