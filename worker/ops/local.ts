import { escapeHtml } from "#core/api/html/text.ts";
import type { Env } from "../env.ts";

const PROBE_MS = 250;

/**
 * On a developer's machine, a 503 is nearly always a back end that was not started. Makes a function that names it: in
 * the problem or page that is returned, and in the log once. Elsewhere, and if all back ends are there, responses stay as they are.
 */
export function missingBackEnds(env: Env, send: typeof fetch = fetch): (response: Response) => Promise<Response> {
  const backEnds = { origin: env.originUrl, Redis: env.redisUrl };
  let lastDetail = "";
  return async (response) => {
    if (env.environment !== "local") return response;
    const probes = Object.entries(backEnds).map(async ([name, url]) =>
      (await listens(url, send)) ? [] : [`${new URL(url).host} (${name})`],
    );
    const missing = (await Promise.all(probes)).flat();
    const detail =
      missing.length > 0
        ? `Nothing listens on ${missing.join(" and ")}. Start the back ends: npm run dev -- --without-edge`
        : "";
    if (detail !== "" && detail !== lastDetail) console.warn(detail);
    lastDetail = detail;
    return detail === "" ? response : new Response(withDetail(await response.text(), detail), response);
  };
}

/** A problem with this detail, or the page for browsers with one more paragraph. */
function withDetail(body: string, detail: string): string {
  return body.startsWith("{")
    ? JSON.stringify({ ...JSON.parse(body), detail })
    : body.replace("</section>", `<p>${escapeHtml(detail)}</p>\n</section>`);
}

/** Whether anything responds there, with any status. */
async function listens(url: string, send: typeof fetch): Promise<boolean> {
  try {
    const response = await send(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) });
    await response.body?.cancel();
    return true;
  } catch (error) {
    // Slow, but listening.
    return error instanceof Error && error.name === "TimeoutError";
  }
}
