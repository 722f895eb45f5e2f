import { ofType } from "../graph.ts";
import { taggableTypes } from "../tags.ts";
import { list, object, type Rule, unless } from "./rule.ts";

const required = ["Project", "Stack", "Owner", "ManagedBy"];

export const tagsEverywhere: Rule = {
  name: "tags-everywhere",
  description: `Every resource that can carry tags carries ${required.join(", ")}, instances included.`,
  check: (graph) => [
    ...unless(
      graph.resources.filter(({ type }) => taggableTypes.has(type)),
      ({ inputs }) => required.every((tag) => object(inputs.tags)[tag] !== undefined),
      `lacks one of the tags ${required.join(", ")}`,
    ),
    ...unless(
      ofType(graph, "aws:autoscaling/group:Group"),
      ({ inputs }) =>
        required.every((tag) =>
          list(inputs.tags).some(({ key, propagateAtLaunch }) => key === tag && propagateAtLaunch === true),
        ),
      "starts instances without the stack's tags",
    ),
  ],
};
