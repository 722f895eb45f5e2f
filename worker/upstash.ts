/**
 * Upstash's Redis as the bundle has it (wrangler.toml aliases "@upstash/redis/cloudflare" to this file): its HTTP client alone.
 * RedisClient sends every command through that, and a class for each of some 240 commands would be an eighth of the bundle.
 * The file's name changes with the library's version: the build says so, and the new name stands in the package's cloudflare.mjs.
 */

// @ts-expect-error The package declares no types for its inner file.
import { HttpClient } from "../node_modules/@upstash/redis/chunk-4WQYU7T6.mjs";

interface Config {
  url: string;
  token: string;
}

export class Redis {
  protected readonly client: { request(request: { path: string[]; body: unknown }): Promise<unknown> };

  constructor({ url, token, ...options }: Config) {
    this.client = new HttpClient({ ...options, baseUrl: url, headers: { authorization: `Bearer ${token}` } });
  }
}
