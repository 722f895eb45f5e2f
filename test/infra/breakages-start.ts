import type { Graph } from "../../pulumi/graph.ts";
import { type Breakage, inputs, template } from "./breaking.ts";

/** What a release before fetched at each start, without a checksum. */
const bundle =
  "curl --silent --fail --retry 5 --output /run/ca.pem https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";

function atBoot(line: string): (graph: Graph) => void {
  return (graph) => {
    const given = inputs(graph, template);
    const text = Buffer.from(String(given.userData), "base64").toString();
    given.userData = Buffer.from(`${text}\n${line}\n`).toString("base64");
  };
}

function atMigration(line: string): (graph: Graph) => void {
  return (graph) => {
    const source = inputs(graph, "aws:codebuild/project:Project").source as { buildspec: string };
    const spec = JSON.parse(source.buildspec);
    spec.phases.build.commands.push(line);
    source.buildspec = JSON.stringify(spec);
  };
}

/** Ways to start something that nobody has pinned. */
export const startBreakages: Breakage[] = [
  ["pinned-start", "authorities that each boot downloads", atBoot(bundle)],
  ["pinned-start", "authorities that each migration downloads", atMigration(bundle)],
  ["pinned-start", "an image by its tag", atBoot("docker run --detach public.ecr.aws/x/collector:v0.43.1")],
  [
    "pinned-start",
    "an image by its tag, over lines",
    atBoot("docker run --detach \\\n  --name x \\\n  collector:v0.43.1"),
  ],
];
