import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readCommandLine } from "../../origin/command-line.ts";
import { guidesFile, guidesText } from "./guides.ts";
import { writeIfChanged } from "./write.ts";

/**
 * `npm run assets` writes core/api/html/*-assets.json: the styles and the script of the HTML pages as text, since core
 * reads no files, each with the hash by which its page's Content-Security-Policy allows it. One file a page: the edge
 * renders the unavailable page alone.
 */
const folder = new URL("../../core/api/html/", import.meta.url);

/** The files' paths, each with the text that belongs there. */
export function assetFiles(): [path: string, text: string][] {
  const pages = {
    docs: { ...inline("style", "docs.css", "operations.css", "reference.css"), ...inline("script", "docs.js") },
    guide: inline("style", "guide.css"),
    unavailable: inline("style", "unavailable.css"),
  };
  return Object.entries(pages).map(([page, assets]) => [
    fileURLToPath(new URL(`${page}-assets.json`, folder)),
    `${JSON.stringify(assets, null, 2)}\n`,
  ]);
}

function inline<Kind extends "style" | "script">(kind: Kind, ...names: string[]) {
  const texts = names.map((name) => readFileSync(new URL(name, folder), "utf8").replace(/^\s+/gm, ""));
  const text = kind === "style" ? squeezed(texts.join("")) : texts.join("").replace(WHOLE_LINE_COMMENTS, "");
  if (/<\/|<!--|\r/.test(text)) throw new Error(`${names.join(", ")} can't stand inside of HTML as it is`);
  const hash = `sha256-${createHash("sha256").update(text).digest("base64")}`;
  return { [kind]: text, [`${kind}Hash`]: hash } as Record<Kind | `${Kind}Hash`, string>;
}

const WHOLE_LINE_COMMENTS = /^(\/\/.*|\/\*.*\*\/)\n/gm;

/** CSS without comments and the spaces that mean nothing. */
function squeezed(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s*([{};,])\s*/g, "$1")
    .replace(/: /g, ":")
    .replaceAll(";}", "}");
}

if (import.meta.main) {
  readCommandLine(
    "Usage: npm run assets\nWrites core/api/html/*-assets.json, the styles and script of the HTML pages, and guides.json, the guides.",
    {},
  );
  for (const [path, text] of assetFiles()) writeIfChanged(path, text);
  writeIfChanged(guidesFile, guidesText());
}
