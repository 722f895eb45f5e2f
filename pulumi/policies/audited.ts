import { ofType } from "../graph.ts";
import { type Rule, violation } from "./rule.ts";

const production = "prd";

/** AWS's auditors by what each is missing for. */
const auditors = {
  "aws:cloudtrail/trail:Trail": "has no record of who did what",
  "aws:cfg/recorderStatus:RecorderStatus": "has no record of what was changed",
  "aws:securityhub/account:Account": "is not checked against AWS's own standard",
  "aws:accessanalyzer/analyzer:Analyzer": "does not notice what is open to other accounts",
  "aws:guardduty/detector:Detector": "does not notice attacks",
};

export const audited: Rule = {
  name: "audited",
  description: `In ${production} the account's own auditors run: trail, Config, Security Hub, Access Analyzer, GuardDuty.`,
  check(graph) {
    const [anchor] = ofType(graph, "aws:ec2/vpc:Vpc");
    if (graph.stack !== production || anchor === undefined) return [];
    return Object.entries(auditors)
      .filter(([type]) => ofType(graph, type).length === 0)
      .map(([, message]) => violation(anchor, `is in an account that ${message}`));
  },
};
