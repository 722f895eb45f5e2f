import { readCommandLine } from "../../origin/command-line.ts";
import { writeIfChanged } from "../generate/write.ts";
import { observabilityFiles } from "./files.ts";

readCommandLine(
  "Usage: npm run observability\nWrites tools/observability/generated: Prometheus's rules and Grafana's dashboards. A test compares them.",
  {},
);
for (const [file, text] of observabilityFiles()) writeIfChanged(file, text);
