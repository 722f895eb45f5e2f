import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** Writes a generated file in one step, and only if its text differs, so that nothing is rebuilt needlessly. */
export function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
