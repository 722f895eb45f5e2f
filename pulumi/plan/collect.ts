import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../config.ts";
import type { Graph, GraphResource } from "../graph.ts";
import { Platform } from "../platform.ts";
import { answer, mockState } from "./mocks.ts";

/** What stands for the image of a stack whose configuration names none yet. */
export const placeholderDigest = `sha256:${"0".repeat(64)}`;

/** Ends with the last graph that was asked for. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the program for one stack against mocks and returns every resource that it registers. Nothing is looked up in a
 * cloud. Graphs are collected one after the other, however they are asked for: Pulumi's runtime is global.
 */
export function collectGraph(stack: string, config: Record<string, string>): Promise<Graph> {
  const graph = last.then(() => collect(stack, config));
  last = graph.catch(() => undefined);
  return graph;
}

async function collect(stack: string, config: Record<string, string>): Promise<Graph> {
  const inputsOf = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        inputsOf.set(`${args.type} ${args.name}`, args.inputs);
        return { id: idOf(args.name), state: mockState(args.type, args.name, args.inputs) };
      },
      call: ({ token, inputs }) => answer(token, inputs),
    },
    "paridad",
    stack,
  );
  const resources = watchRegistrations(inputsOf);
  const platform = new Platform(readSettings(stack, config));
  const outputs = await settle(platform.outputs);
  await pulumi.runtime.disconnect();
  resources.sort((a, b) => a.urn.localeCompare(b.urn));
  return { stack, resources, outputs };
}

/** The part of the mock monitor that registers resources. */
interface Registrar {
  registerResource(request: Registration, done: (error: unknown, response?: { getUrn(): string }) => void): void;
}

interface Registration {
  getParent(): string;
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
}

/** Mocks are told neither a resource's parent nor its protection; its registration holds both. */
function watchRegistrations(inputsOf: Map<string, Record<string, unknown>>): GraphResource[] {
  const monitor = pulumi.runtime.getMonitor() as unknown as Registrar;
  const resources: GraphResource[] = [];
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    register(request, (error, response) => {
      if (response) {
        resources.push({
          urn: response.getUrn(),
          parent: request.getParent(),
          type: request.getType(),
          name: request.getName(),
          id: idOf(request.getName()),
          custom: request.getCustom(),
          protect: request.getProtect() ?? false,
          retain: request.getRetainondelete() ?? false,
          inputs: inputsOf.get(`${request.getType()} ${request.getName()}`) ?? {},
        });
      }
      done(error, response);
    });
  };
  return resources;
}

function idOf(name: string): string {
  return `${name}-id`;
}

function settle(outputs: object): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs as Record<string, unknown>).apply((values) => resolve({ ...values }));
  });
}
