import { existsSync, readFileSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { ROOT } from "./build.ts";

/** A fault in a source file, as builds tell it: "worker/app.ts:69:16: …". */
export const faultLine = /^\S+\.\w+:\d+:\d+: /;

const PLACE = /(?:file:\/\/)?[^\s()]*\bindex\.js:(\d+):(\d+)/g;

/** Replaces places in the bundle at `file` by places in the source, as far as its source map knows them. */
export function frameMapper(file: string): (text: string) => string {
  let map: SourceMap | undefined;
  let readMs = 0;
  const current = () => {
    const mapFile = `${file}.map`;
    if (!existsSync(mapFile)) return undefined;
    const { mtimeMs } = statSync(mapFile);
    if (mtimeMs !== readMs) map = new SourceMap(JSON.parse(readFileSync(mapFile, "utf8")));
    readMs = mtimeMs;
    return map;
  };
  return (text) =>
    text.replace(PLACE, (place, line, column) => {
      const entry = current()?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !("originalSource" in entry)) return place;
      const source = relative(ROOT, resolve(dirname(file), entry.originalSource.replace(/^file:\/\//, "")));
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
}
