import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../config.ts";
import type { Graph, GraphResource } from "../graph.ts";
import { Platform } from "../platform.ts";
import { answer, mockState } from "./mocks.ts";

/** What stands for the image of a stack whose configuration names none yet. */
export const placeholderDigest = `sha256:${"0".repeat(64)}`;

/**
 * Runs the program for one stack against mocks and returns every resource that it registers. Nothing is looked up in a
 * cloud. One graph at a time in a process: Pulumi's runtime is global.
 */
export async function collectGraph(stack: string, config: Record<string, string>): Promise<Graph> {
  const inputsOf = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        inputsOf.set(`${args.type} ${args.name}`, args.inputs);
        return { id: `${args.name}-id`, state: mockState(args.type, args.name, args.inputs) };
      },
      call: ({ token, inputs }) => answer(token, inputs),
    },
    "paridad",
    stack,
  );
  const resources = watchRegistrations(inputsOf);
  const platform = new Platform(readSettings(stack, config));
  const outputs = await settle(platform.outputs);
  await pulumi.runtime.waitForRPCs();
  resources.sort((a, b) => a.urn.localeCompare(b.urn));
  return { stack, resources, outputs };
}

/** Mocks are told neither a resource's parent nor its protection; its registration holds both. */
function watchRegistrations(inputsOf: Map<string, Record<string, unknown>>): GraphResource[] {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("Pulumi's mocks are not set");
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
          custom: request.getCustom(),
          protect: request.getProtect(),
          inputs: inputsOf.get(`${request.getType()} ${request.getName()}`) ?? {},
        });
      }
      done(error, response);
    });
  };
  return resources;
}

function settle(outputs: object): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs as Record<string, unknown>).apply((values) => resolve({ ...values }));
  });
}
