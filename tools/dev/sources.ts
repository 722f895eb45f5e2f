import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parities } from "#core/providers/parities.ts";
import { UsageError } from "../../origin/command-line.ts";
import { checkProvider, type FeedFile, parseFeed } from "../simulators/providers/feeds.ts";
import type { SimulatorFiles } from "./providers.ts";

/** Without --providers: those that together serve the currencies of the world. */
const DEFAULT_PROVIDERS: string[] = ["banxico", "ecb", "bdi", "nbp", parities.id];

/** Where the local stack's rates come from. */
export interface Sources extends SimulatorFiles {
  providers: readonly string[];
  feeds: readonly FeedFile[];
}

interface Flags {
  data?: string | undefined;
  recorded?: string | undefined;
  feed: readonly string[];
  providers?: string | undefined;
  /** Whether the real providers are read. */
  isReal: boolean;
}

/** Reads --data, --recorded, --feed and --providers. Throws UsageError naming the flag that is wrong. */
export function readSources({ data, recorded, feed, providers, isReal }: Flags): Sources {
  if (isReal && (data ?? recorded ?? feed[0]) !== undefined) {
    throw new UsageError(
      "--data, --recorded and --feed feed the simulators, and BANXICO_TOKEN selects the real Banxico: use one of them",
    );
  }
  const feeds = feed.map(parseFeed).map((one) => ({ ...one, file: existing(`--feed ${one.provider}`, one.file) }));
  const ofBanxico = [
    ...(data === undefined ? [] : [{ flag: "--data", file: existing("--data", data) }]),
    ...(recorded === undefined ? [] : [{ flag: "--recorded", file: existing("--recorded", recorded) }]),
    ...feeds.filter(({ provider }) => provider === "banxico").map(({ file }) => ({ flag: "--feed banxico", file })),
  ];
  const isRecorded = ({ flag, file }: FlaggedFile) => flag === "--recorded" || file.endsWith(".json");
  const csvFile = only(
    "the FIX",
    ofBanxico.filter((one) => !isRecorded(one)),
  );
  const recordedFile = only("a recorded response", ofBanxico.filter(isRecorded));
  const others = feeds.filter(({ provider }) => provider !== "banxico");
  return {
    providers: providersOf(providers, feeds, isReal || ofBanxico.length > 0),
    ...(csvFile !== undefined && { csvFile }),
    ...(recordedFile !== undefined && { recordedFile }),
    feeds: others,
  };
}

/** A folder's name for rates of these files: rates of different sources are never mixed. */
export function nameOf({ csvFile, recordedFile, feeds }: Sources): string {
  const files = [csvFile, recordedFile, ...feeds.map(({ file }) => file)].filter((file) => file !== undefined);
  if (files.length === 0) return "generated";
  const digest = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 8);
  return `${basename(files[0] as string).replace(/\.\w+$/, "")}-${digest}`;
}

interface FlaggedFile {
  flag: string;
  file: string;
}

function only(what: string, files: readonly FlaggedFile[]): string | undefined {
  const [first, second] = files;
  if (second) throw new UsageError(`${what} was given twice, by ${first?.flag} and by ${second.flag}`);
  return first?.file;
}

function existing(flag: string, file: string): string {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`${flag}: there is no file ${file}`);
  return path;
}

/** Those named; without names the usual ones, or only Banxico and those that have a file, if any has one or is real. */
function providersOf(text: string | undefined, feeds: readonly FeedFile[], isBanxicoGiven: boolean): string[] {
  const fed = feeds.map(({ provider }) => provider);
  if (text === undefined)
    return isBanxicoGiven || fed.length > 0 ? [...new Set(["banxico", ...fed])] : DEFAULT_PROVIDERS;
  const named = [...new Set(text.split(",").map((id) => id.trim()))];
  for (const id of named) if (id !== parities.id) checkProvider("--providers", id);
  const unused = fed.find((id) => !named.includes(id));
  if (unused !== undefined) throw new UsageError(`--feed ${unused}: --providers does not name ${unused}`);
  return named;
}
