import { TIERS } from "../pages/page-source.ts";
import type { Provider } from "../providers/provider.ts";
import { PROVIDERS } from "../providers/provider-list.ts";
import { PREFIX } from "./endpoint.ts";
import { guideLinks } from "./guide-page.ts";
import assets from "./html/docs-assets.json" with { type: "json" };
import {
  type Operation,
  operationHtml,
  operations,
  privateOperationHtml,
  privateOperations,
  TRIAL,
} from "./html/operations.ts";
import { problemsHtml } from "./html/problems.ts";
import { escapeHtml } from "./html/text.ts";

const { style, styleHash, script, scriptHash } = assets;

const READING = `<dl class="notes">
<dt>Rates are strings</dt><dd>A rate is a decimal in a string, with the digits that were published, so that nothing is lost to floating point. Inverses and crosses are marked <code>derived</code>.</dd>
<dt>Dates are determination dates</dt><dd>Each rate has the date that its provider gave it, in the provider's time zone. Banco de México determines one on each bank business day and publishes it from 12:00 Mexico City time; <code>next_update</code> is when the next one is due, in UTC.</dd>
<dt><code>stale</code> and <code>Paridad-Stale</code></dt><dd>Set if a newer rate should already be there, or could not be checked for. The header gives the reason: <code>publication_missed</code> if the provider has not published, <code>awaiting_confirmation</code> if it has and the value is so unusual that it is checked first, <code>origin_unavailable</code> or <code>redis_and_origin_unavailable</code> if no newer rate could be looked for.</dd>
<dt>Which provider responds</dt><dd><code>provider</code> names one. Without it the pair alone decides: Banco de México for the peso, if it has both currencies; the central bank of one side that publishes the pair itself; then the European Central Bank, Banca d'Italia and Narodowy Bank Polski, the first that has both. It never depends on what is available, and rates of several providers are never mixed in one number.</dd>
<dt>URLs</dt><dd>Currency codes may be in lower case and a path may end in a slash. <code>_</code>, <code>utm_*</code>, <code>fbclid</code>, <code>gclid</code> and <code>msclkid</code> are ignored; any other unknown parameter is an error.</dd>
<dt><code>ETag</code> and <code>Cache-Control</code></dt><dd>Cache a response for its <code>max-age</code>, then send <code>If-None-Match</code>: a 304 without a body means that it is still current. On <code>CF-Cache-Status: HIT</code> it came from Cloudflare's cache.</dd>
<dt>Spreadsheets</dt><dd>Lists are CSV with <code>format=csv</code>, for Google Sheets' <code>IMPORTDATA</code>, Excel's Power Query (Data, From Web) and files; its first columns are <code>date,rate</code>. <code>locale=es</code> is for spreadsheets with decimal commas. A column of invoices is one request: <code>/rates/on?dates=2023-12-29,2023-12-25&amp;format=csv</code>.</dd>
<dt>Limits</dt><dd>10,000 requests in 10 s from one address; long histories cost more, beyond which the response is a 429 with <code>Retry-After</code>. <a href="/docs/using">Using the API</a> has the details.</dd>
<dt>Versions</dt><dd><code>v1</code> only grows: ignore fields that you do not know. Nothing is removed from it; what changed is in the <a href="/docs/changelog">changelog</a>.</dd>
<dt id="tokens">Access tokens</dt><dd>Accounts, alerts and webhooks need one; reading rates never does. An operator gives you an account and its first key. <code>POST ${PREFIX}/oauth/token</code> with <code>grant_type=client_credentials</code> and the key's <code>client_id</code> and <code>client_secret</code> responds with a token for ten minutes: send it as <code>Authorization: Bearer</code>, and use it until it expires. Give each program a key of its own, with the scopes that it needs; a revoked key is refused at once. A <code>POST</code> with an <code>Idempotency-Key</code> can be repeated for 24 hours without a second effect. <code>RateLimit-Policy</code> says how often a key may call. The public keys are at <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>.</dd>
<dt>Diagnostics</dt><dd>A request with <code>Cache-Control: no-cache</code> that reaches us gets a response for itself alone: <code>Paridad-Tier</code> says where it came from, nearest first (${TIERS.map((tier) => `<code>${tier}</code>`).join(", ")}), <code>Server-Timing</code> how many milliseconds that took, and <code>Traceparent</code> continues the one you sent.</dd>
</dl>`;

const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0b6e54"/><path d="M3 6h8M5 10h8" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>')}`;

/** The dashboard's pages (web/), whose header this page shares. */
const SITE_PAGES = [
  ["/", "Today"],
  ["/explore", "Explore"],
  ["/world", "World"],
  ["/cfdi", "CFDI"],
  ["/alerts", "Alerts"],
  ["/status", "Status"],
];

let made: string | undefined;

/**
 * A page to read and try the API: whole in one file, made from the OpenAPI document and the problems that there are.
 * It reads well without its script, which adds the current rate and the buttons to try each operation.
 */
export const docsPage = {
  /** Made on first use: it would be a tenth of an isolate's start-up time. */
  get html(): string {
    made ??= html(operations(), privateOperations());
    return made;
  },
  contentSecurityPolicy: [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    `script-src '${scriptHash}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; "),
};

function html(all: Operation[], own: Operation[]): string {
  const tags = [...new Set(all.map(({ tag }) => tag))];
  const of = (tag: string) => [...all, ...own].filter((operation) => operation.tag === tag);
  const ownTags = [...new Set(own.map(({ tag }) => tag))];
  const links = (tag: string) =>
    of(tag).map(({ id, method, path }) => {
      const name = `${method === "GET" ? "" : `${method} `}${path.replace(PREFIX, "")}`;
      return `<li><a href="#${id}"><code>${escapeHtml(name)}</code></a></li>`;
    });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Paridad: official exchange rates</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Read and try the API that serves the exchange rates of Banco de México, the ECB and other central banks, exact to the published digit.">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<link rel="service-desc" type="application/json" href="/openapi.json">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="brand"><span aria-hidden="true"></span><a href="/">Paridad</a></p>
<p class="pages">${SITE_PAGES.map(([path, name]) => `<a href="${path}">${name}</a>`).join(" ")}</p>
<h1>Official exchange rates, exact to the published digit.</h1>
<p class="parity" aria-live="polite"></p>
<p class="lead">Free to read from anywhere: no key, JSON over <code>GET</code>, open to every origin. All paths begin with <code>${PREFIX}</code>; a machine-readable version is in <a href="/openapi.json">openapi.json</a>.</p>
</header>
<nav aria-label="Contents">
${[...tags, ...ownTags].map((tag) => `<h2>${escapeHtml(tag)}</h2><ul>${links(tag).join("")}</ul>`).join("\n")}
<h2>Guides</h2><ul>${guideLinks("en")}</ul>
<h2>Reference</h2><ul><li><a href="#reading">Reading a response</a></li><li><a href="#problems">Problems</a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li><li><a href="/health">Health</a></li></ul>
</nav>
<main id="main" tabindex="-1">
${tags.map((tag) => `<h2>${escapeHtml(tag)}</h2>\n${of(tag).map(operationHtml).join("\n")}`).join("\n")}
${ownTags.map((tag) => `<h2>${escapeHtml(tag)}</h2>\n${of(tag).map(privateOperationHtml).join("\n")}`).join("\n")}
<section id="reading"><h2>Reading a response</h2>${READING}</section>
<section id="problems"><h2>Problems</h2>
<p>An error is <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable; <code>detail</code> is for humans and may change.</p>
<div class="problems">${problemsHtml()}</div></section>
</main>
<footer><p>Sources of the rates: ${PROVIDERS.map(sourceHtml).join(", ")}. They determine and publish them; Paridad passes them on unchanged and is neither run nor endorsed by them. A deployment has some or all of these: see <a href="${PREFIX}/providers">${PREFIX}/providers</a>.</p></footer>
${TRIAL}
<script type="module">${script}</script>
</body>
</html>
`;
}

function sourceHtml({ attribution, licence }: Provider): string {
  return `<a href="${escapeHtml(licence.url)}" rel="noreferrer">${escapeHtml(attribution.en)}</a>`;
}
