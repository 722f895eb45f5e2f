import { prefersHtml } from "./accept.ts";
import { PAGE_HEADERS } from "./headers.ts";
import assets from "./html/unavailable-assets.json" with { type: "json" };
import { type Problem, problemResponse } from "./problem.ts";

export type Unavailable = Extract<Problem, { code: "unavailable" }>;

/** The response if nothing can be served: a page to a browser, a problem to any other client. */
export function unavailableResponse(problem: Unavailable, request: Request): Response {
  const accept = request.headers.get("Accept") ?? undefined;
  const response = prefersHtml(accept) ? unavailablePage(problem) : problemResponse(problem, request.url);
  response.headers.set("Vary", "Accept");
  return response;
}

/** A self-contained page without script that reloads after Retry-After. */
export function unavailablePage({ retryAfterSeconds }: Unavailable): Response {
  return new Response(html(retryAfterSeconds), {
    status: 503,
    headers: {
      ...PAGE_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src '${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "Cache-Control": "no-store",
      "Retry-After": String(retryAfterSeconds),
      Vary: "Accept",
    },
  });
}

const { style, styleHash } = assets;

function html(seconds: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Paridad: rates can't be read at the moment</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="${seconds}">
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<p class="brand"><span aria-hidden="true"></span>Paridad</p>
<section>
<h1>Rates can’t be read at the moment</h1>
<p>Nothing that holds this rate can be reached just now. The fault is ours, not your request’s, and no rate is lost by it.</p>
<p>This page looks again in ${seconds} ${seconds === 1 ? "second" : "seconds"}. <a href="">Look now</a></p>
</section>
<section lang="es">
<h2>Por ahora no se pueden consultar los tipos de cambio</h2>
<p>En este momento no se alcanza nada que contenga este dato. La falla es nuestra, no de la solicitud, y no se pierde ningún tipo de cambio.</p>
<p>Esta página volverá a intentarlo en ${seconds} ${seconds === 1 ? "segundo" : "segundos"}. <a href="">Intentar ahora</a></p>
</section>
</main>
</body>
</html>
`;
}
