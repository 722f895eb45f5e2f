import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { one } from "./graphs.ts";

export type Breakage = [policy: string, what: string, breakIt: (graph: Graph) => void];

export function inputs(graph: Graph, type: string, name?: string): Record<string, unknown> {
  return one(graph, type, name && `paridad-prd-${name}`).inputs;
}

/** Changes inputs of one resource. */
export function put(type: string, changes: Record<string, unknown>, name?: string): (graph: Graph) => void {
  return (graph) => {
    Object.assign(inputs(graph, type, name), changes);
  };
}

export function remove(graph: Graph, type: string): void {
  graph.resources = graph.resources.filter((resource) => resource.type !== type);
}

export function add(graph: Graph, type: string, name: string, given: Record<string, unknown>): void {
  const added: GraphResource = {
    urn: `urn:${name}`,
    parent: "",
    type,
    name,
    id: `${name}-id`,
    custom: true,
    protect: false,
    retain: false,
    inputs: given,
  };
  graph.resources.push(added);
}

export function edit(given: Record<string, unknown>, path: string[], value: unknown): void {
  const last = path.at(-1) ?? "";
  const owner = path.slice(0, -1).reduce((object, key) => object[key] as Record<string, unknown>, given);
  owner[last] = value;
}

export const cluster = "aws:rds/cluster:Cluster";
export const template = "aws:ec2/launchTemplate:LaunchTemplate";
export const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const group = "aws:autoscaling/group:Group";
export const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
