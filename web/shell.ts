import { escapeHtml } from "#core/api/html/text.ts";
import { RATE_PLACE } from "#core/api/site-headers.ts";

/** A page of the dashboard: its file without ".html", which is also the name of its script. */
export interface Page {
  name: string;
  title: string;
  description: string;
  /** The parts of the dictionaries that it needs. */
  words: readonly string[];
}

/** The pages in the order of the navigation. Their words in Spanish, as they are before a script runs. */
export const PAGES: readonly Page[] = [
  {
    name: "index",
    title: "Paridad: el tipo de cambio FIX de hoy",
    description: "El tipo de cambio FIX de Banco de México, exacto al último dígito publicado, con sus fechas.",
    words: ["common", "today"],
  },
  {
    name: "explore",
    title: "Explorar el historial · Paridad",
    description: "Cualquier par y proveedor: gráfica, promedios, volatilidad, barras, tabla y CSV.",
    words: ["common", "explore"],
  },
  {
    name: "world",
    title: "Todas las monedas · Paridad",
    description: "Una moneda frente a todas las demás, con el dato más reciente de cada banco central.",
    words: ["common", "world"],
  },
  {
    name: "cfdi",
    title: "Tipo de cambio para CFDI · Paridad",
    description: "El tipo de cambio de una factura según el artículo 20 del CFF, con su porqué.",
    words: ["common", "cfdi"],
  },
  {
    name: "alerts",
    title: "Alertas · Paridad",
    description: "Avisos cuando un tipo de cambio cruza un umbral, con su historial y sus webhooks.",
    words: ["common", "alerts"],
  },
  {
    name: "status",
    title: "Estado del servicio · Paridad",
    description: "Qué ha publicado cada proveedor, qué falta y cómo responde el servicio.",
    words: ["common", "status"],
  },
];

/** The files that a page's HTML names. */
export interface PageFiles {
  script: string;
  /** Loaded by the script: named here so that the browser fetches them at once. */
  chunks: readonly string[];
  styles: readonly string[];
  icon: string;
  /** The page's words in every language, as JSON. */
  words: string;
}

/** A page's HTML. All that a reader sees comes from its script, but for the words to those who run none. */
export function pageHtml(
  { name, title, description }: Page,
  { script, chunks, styles, icon, words }: PageFiles,
): string {
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${escapeHtml(description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}" type="image/svg+xml">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join("\n")}
${chunks.map((href) => `<link rel="modulepreload" href="${href}">`).join("\n")}
<script type="module" src="${script}"></script>
</head>
<body>
<div id="app">
<header class="top"><div class="bar"><a class="brand" href="/"><span aria-hidden="true"></span>Paridad</a></div></header>
<main class="wait" id="main">
${name === "index" ? `<h1 class="plain">Paridad</h1>\n${RATE_PLACE}` : `<h1>${escapeHtml(title.replace(" · Paridad", ""))}</h1>`}
<noscript>
${name === "index" ? NO_SCRIPT_HOME : NO_SCRIPT}
</noscript>
</main>
</div>
<script type="application/json" id="words">${words.replaceAll("<", "\\u003c")}</script>
</body>
</html>
`;
}

const LINKS_ES = `<a href="/docs">la documentación</a>, <a href="/api/v1/rates/historical?days=30&amp;format=csv">los últimos 30 días en CSV</a> y <a href="/api/v1/rates/latest">todas las monedas en JSON</a>`;
const LINKS_EN = `<a href="/docs">the documentation</a>, <a href="/api/v1/rates/historical?days=30&amp;format=csv">the last 30 days as CSV</a> and <a href="/api/v1/rates/latest">all currencies as JSON</a>`;

const NO_SCRIPT_HOME = `<p>Tipo de cambio FIX: pesos por dólar, con la fecha en que lo determinó Banco de México. Recargue la página para ver el más reciente. Sin JavaScript también hay ${LINKS_ES}.</p>
<p lang="en">The FIX: pesos per dollar, with the date on which Banco de México determined it. Reload the page to see the newest. Without JavaScript there are also ${LINKS_EN}.</p>`;

const NO_SCRIPT = `<p>Esta página necesita JavaScript. Sin él hay <a href="/">el tipo de cambio de hoy</a>, ${LINKS_ES}.</p>
<p lang="en">This page needs JavaScript. Without it there are <a href="/">today’s rate</a>, ${LINKS_EN}.</p>`;
