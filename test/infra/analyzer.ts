import type { Graph } from "../../pulumi/graph.ts";
import { load, type Untyped } from "./protocol.ts";

const grpc: Untyped = load("@grpc/grpc-js");
const service: Untyped = load("@pulumi/pulumi/proto/analyzer_grpc_pb");
const messages: Untyped = load("@pulumi/pulumi/proto/analyzer_pb");
const { Empty }: Untyped = load("google-protobuf/google/protobuf/empty_pb");
const { Struct }: Untyped = load("google-protobuf/google/protobuf/struct_pb");

/** Asks a policy pack as Pulumi's engine does. */
export interface Analyzer {
  policies(): Promise<string[]>;
  /** The policies that a stack breaks, each with what it says. */
  analyze(graph: Graph): Promise<{ policy: string; message: string }[]>;
  close(): void;
}

/** Connects to a policy pack that listens on a port of this machine. */
export function connectAnalyzer(port: number): Analyzer {
  const client = new service.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method: string, request: Untyped): Promise<Untyped> =>
    new Promise((resolve, reject) => {
      client[method](request, (error: unknown, response: Untyped) => (error ? reject(error) : resolve(response)));
    });
  return {
    async policies() {
      const info = await call("getAnalyzerInfo", new Empty());
      return info.getPoliciesList().map((policy: Untyped) => policy.getName());
    },
    async analyze(graph) {
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList(graph.resources.map(toMessage));
      const response = await call("analyzeStack", request);
      return response
        .getDiagnosticsList()
        .map((found: Untyped) => ({ policy: found.getPolicyname(), message: found.getMessage() }));
    },
    close: () => client.close(),
  };
}

function toMessage({ type, urn, name, id, parent, protect, inputs }: Graph["resources"][number]): Untyped {
  const resource = new messages.AnalyzerResource();
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(protect);
  resource.setType(type);
  resource.setUrn(urn);
  resource.setName(name);
  resource.setParent(parent);
  resource.setOptions(options);
  resource.setProperties(Struct.fromJavaScript({ ...inputs, id }));
  return resource;
}
