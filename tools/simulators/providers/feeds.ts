import { readFile } from "node:fs/promises";
import { decodeBody } from "#core/providers/format/body.ts";
import { movePointLeft } from "#core/providers/format/values.ts";
import type { BodyEncoding, ParseResult, Provider, Want } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import type { Series } from "#core/rates/series.ts";
import { UsageError } from "../../../origin/command-line.ts";
import type { Feed } from "./book.ts";

/** A file in place of a provider's made-up values. */
export interface FeedFile {
  provider: string;
  file: string;
}

const MAX_FILE_BYTES = 64_000_000;
/** No date of a file lies ahead of this. */
const NOW_MS = Date.parse("2100-01-01T00:00:00Z");
const ALL_DATES = { from: "1900-01-01", to: "2099-12-31" };
const JSON_HEADERS = new Headers({ "Content-Type": "application/json" });

/** "ecb=FILE". Throws UsageError naming the flag. */
export function parseFeed(text: string): FeedFile {
  const [, provider, file] = /^([^=]*)=(.+)$/.exec(text) ?? [];
  if (provider === undefined || file === undefined)
    throw new UsageError(`--feed must be PROVIDER=FILE, e.g. ecb=eurofxref-hist.zip, not '${text}'`);
  checkProvider("--feed", provider);
  return { provider, file };
}

/** Throws UsageError if a flag names a provider that does not exist. */
export function checkProvider(flag: string, id: string): void {
  const known = PROVIDERS.map((provider) => provider.id);
  if (!known.includes(id)) throw new UsageError(`${flag}: there is no provider '${id}'; known are ${known.join(", ")}`);
}

/** What files say, by provider; later files stand over earlier ones. Throws an Error naming the flag and what is wrong. */
export async function readFeeds(files: readonly FeedFile[]): Promise<Map<string, Feed>> {
  const feeds = new Map<string, Map<string, Map<string, string>>>();
  for (const { provider: id, file } of files) {
    const provider = PROVIDERS.find((one) => one.id === id) as Provider;
    const feed = feeds.get(id) ?? new Map<string, Map<string, string>>();
    feeds.set(id, feed);
    for (const { series, observations } of await parsedFile(provider, file)) {
      const unit = provider.series.find((one) => one.id === series)?.unit ?? 1;
      const values = feed.get(series) ?? new Map<string, string>();
      feed.set(series, values);
      for (const [moment, value] of observations) values.set(moment, movePointLeft(value, -Math.log10(unit)));
    }
  }
  return feeds;
}

/** The file read by the provider's own adapter, so that what is served is what it reads. */
async function parsedFile(provider: Provider, file: string) {
  const flag = `--feed ${provider.id}=${file}`;
  const bytes = new Uint8Array(await readFile(file));
  const encoding: BodyEncoding = provider.id === "cbr" ? "windows-1251" : "zip";
  const body = await decodeBody(bytes, encoding, MAX_FILE_BYTES).catch((error: Error) => {
    throw new Error(`${flag}: ${error.message}`);
  });
  const response = { status: 200, headers: JSON_HEADERS, body };
  const results = wantsOf(provider, file).map((want) => provider.parse(response, want, NOW_MS));
  const result = results.find(({ ok }) => ok) ?? results[0];
  if (result === undefined)
    throw new Error(`${flag}: the name of the file must hold the currency, e.g. ${provider.id}-USD.json`);
  if (!result.ok) throw new Error(`${flag}: not as ${provider.name.en} sends it (${reasonOf(result)})`);
  const invalid = result.faults.find(({ kind }) => kind === "invalid");
  if (invalid) throw new Error(`${flag}: ${invalid.series}: ${invalid.reason}`);
  const series = result.series.filter(({ observations }) => observations.length > 0);
  if (series.length === 0) throw new Error(`${flag}: it holds no rate`);
  return series;
}

/** What a file may be of: one of a provider's tables or, where it does not name its currency, that of its name. */
function wantsOf(provider: Provider, file: string): Want[] {
  const groups: Series[][] = [...Map.groupBy(provider.series, ({ publication }) => publication).values()];
  if (provider.id !== "bcb") return groups.map((series) => ({ series, span: ALL_DATES }));
  const codes: string[] = /[^/\\]*$/.exec(file)?.[0].match(/[A-Z]{3}/g) ?? [];
  const series = provider.series.filter(({ base }) => codes.includes(base));
  return series.length === 0 ? [] : [{ series, span: ALL_DATES }];
}

function reasonOf(result: ParseResult): string {
  if (result.ok) return "";
  return "reason" in result.error ? result.error.reason : result.error.kind;
}
