import { type JoinedBody, joinedBody, type Segment } from "./segments.ts";

/** Fields of a response that are written as JSON already, by name. */
export type WrittenFields = Readonly<Record<string, () => readonly Segment[]>>;

/** The content as JSON, as `JSON.stringify` writes it; fields that are written already are not looked at. */
export function toJson(content: object, written?: WrittenFields): string | JoinedBody {
  if (written === undefined) return JSON.stringify(content);
  const segments: Segment[] = [];
  for (const name of Object.keys(content)) {
    const field = Object.hasOwn(written, name)
      ? written[name]?.()
      : writtenOf(JSON.stringify(content[name as keyof typeof content]));
    if (field === undefined) continue;
    segments.push(`${segments.length === 0 ? "" : ","}${JSON.stringify(name)}:`, ...field);
  }
  return joinedBody(["{", ...segments, "}"]);
}

function writtenOf(json: string | undefined): readonly Segment[] | undefined {
  return json === undefined ? undefined : [json];
}
