import type { Settings } from "../../config.ts";
import type { Aws } from "../aws.ts";

/** What the checks may use: AWS in both regions, public DNS, and the stack's settings. */
export interface CheckContext {
  settings: Settings;
  home: Aws;
  recovery: Aws;
  accountId: string;
  /** The name servers that the world is told of a zone; undefined: DNS is not to be asked. */
  nameServers: ((zone: string) => Promise<string[]>) | undefined;
  /** The subject that GitHub puts into its tokens for this stack's environment, if the operator gave it. */
  subject: string | undefined;
}

/** problem: `pulumi up` or a workflow would fail, or data would be at risk. note: a person should know. */
export interface Finding {
  level: "ok" | "note" | "problem";
  text: string;
}

/** One question that only an account can answer. */
export interface Check {
  name: string;
  run(context: CheckContext): Promise<Finding[]>;
}

export const ok = (text: string): Finding => ({ level: "ok", text });
export const note = (text: string): Finding => ({ level: "note", text });
export const problem = (text: string): Finding => ({ level: "problem", text });

/** Whether something holds, with what to say either way. */
export function expectThat(holds: boolean, yes: string, no: string): Finding {
  return holds ? ok(yes) : problem(no);
}
