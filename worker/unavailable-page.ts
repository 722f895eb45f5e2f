import { COMMON_HEADERS } from "#core/problem.ts";

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="30">
<title>Paridad: rates can't be read at the moment</title>
<style>
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; color: #1c2430; background: #fbfbf9 }
  h1 { font-size: 1.5rem; line-height: 1.3 }
  p { margin: 1rem 0 }
  @media (prefers-color-scheme: dark) { body { color: #e6e8ec; background: #14181f } }
</style>
<h1>Rates can't be read at the moment</h1>
<p>Nothing that holds this rate can be reached. Nothing is lost: the published rates are stored safely, and this page
asks again every 30 seconds.</p>
<p lang="es">Los tipos de cambio no se pueden consultar en este momento. No se ha perdido nada: esta página vuelve a
intentarlo cada 30 segundos.</p>
</html>
`;

/** Whether the request is a browser's that shows a page to a person. */
export function wantsPage(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.get("Accept") ?? "");
}

/** What a person sees when there is nothing to serve. It needs nothing else to be shown. */
export function unavailablePage(retryAfter: string): Response {
  return new Response(HTML, {
    status: 503,
    headers: {
      ...COMMON_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
      "Retry-After": retryAfter,
      Vary: "Accept",
    },
  });
}
