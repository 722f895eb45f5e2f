import { ofType } from "../graph.ts";
import { object, type Rule, unless } from "./rule.ts";

/** A download from anywhere but the instance's own metadata and itself. */
const download = /\b(curl|wget)\b[^\n]*https?:\/\/(?!169\.254\.169\.254\/|127\.0\.0\.1[:/])/;
/** An image that is not the one variable that holds the origin's, by its digest. */
const otherImage = /\bdocker (?:run|pull)\b(?![^\n|;]*(?:\\\n[^\n|;]*)*"\$image")/;

const isPinned = (script: string) => !download.test(script) && !otherImage.test(script);

export const pinnedStart: Rule = {
  name: "pinned-start",
  description:
    "What instances and migrations start is named by a digest: nothing is downloaded that could be another's, or be away.",
  check: (graph) => [
    ...unless(
      ofType(graph, "aws:ec2/launchTemplate:LaunchTemplate"),
      ({ inputs }) => isPinned(Buffer.from(String(inputs.userData ?? ""), "base64").toString()),
      "downloads what nobody has checked when an instance starts",
    ),
    ...unless(
      ofType(graph, "aws:codebuild/project:Project"),
      ({ inputs }) =>
        isPinned(String(JSON.parse(String(object(inputs.source).buildspec ?? "{}")).phases?.build?.commands)),
      "downloads what nobody has checked when it migrates",
    ),
  ],
};
