/**
 * Reads the dashboard's home page from the deployment's assets, once per isolate: an isolate serves one deployment.
 * undefined: there are no assets, or they can't be read at the moment.
 */
export function homePageReader(assets: Fetcher | undefined): () => Promise<string | undefined> {
  let html: string | undefined;
  return async () => {
    if (html !== undefined || assets === undefined) return html;
    const response = await assets.fetch("https://assets/");
    const body = await response.text();
    // Only the text is kept: a promise would belong to the request that made it.
    if (response.ok) html = body;
    return html;
  };
}
