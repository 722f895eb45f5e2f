import { answer, mockState } from "../../pulumi/plan/mocks.ts";
import { load, type Untyped } from "./protocol.ts";

const grpc: Untyped = load("@grpc/grpc-js");
const engineService: Untyped = load("@pulumi/pulumi/proto/engine_grpc_pb");
const monitorService: Untyped = load("@pulumi/pulumi/proto/resource_grpc_pb");
const engineMessages: Untyped = load("@pulumi/pulumi/proto/engine_pb");
const messages: Untyped = load("@pulumi/pulumi/proto/resource_pb");
const { Empty }: Untyped = load("google-protobuf/google/protobuf/empty_pb");
const { Struct }: Untyped = load("google-protobuf/google/protobuf/struct_pb");

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The names of what it is made after. */
  waitsFor: string[];
}

/** What stands in for the Pulumi engine while its language host runs the program: it says yes and takes notes. */
export interface Engine {
  address: string;
  resources: Registered[];
  outputs: Record<string, unknown>;
  logs: string[];
  stop(): void;
}

type Call = (call: { request: Untyped }, done: (error: unknown, response: unknown) => void) => void;

const shortName = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

/** Starts an engine that serves the two protocols which a program speaks. */
export async function startEngine(stack: string): Promise<Engine> {
  const server = new grpc.Server();
  const engine = { resources: [] as Registered[], outputs: {}, logs: [] as string[] };
  const empty: Call = (_call, done) => done(null, new Empty());
  let rootUrn = "";

  const registerResource: Call = ({ request }, done) => {
    const [type, name] = [request.getType(), request.getName()];
    const inputs = request.getObject()?.toJavaScript() ?? {};
    const urn = `urn:pulumi:${stack}::paridad::${type}::${name}`;
    if (type === "pulumi:pulumi:Stack") rootUrn = urn;
    else engine.resources.push({ type, name, inputs, waitsFor: request.getDependenciesList().map(shortName) });
    const response = new messages.RegisterResourceResponse();
    response.setUrn(urn);
    if (request.getCustom()) response.setId(`${name}-id`);
    response.setObject(Struct.fromJavaScript(request.getCustom() ? mockState(type, name, inputs) : {}));
    done(null, response);
  };
  const registerResourceOutputs: Call = ({ request }, done) => {
    if (request.getUrn() === rootUrn) Object.assign(engine.outputs, request.getOutputs()?.toJavaScript());
    done(null, new Empty());
  };
  const invoke: Call = ({ request }, done) => {
    const response = new messages.ResourceInvokeResponse();
    response.setReturn(Struct.fromJavaScript(answer(request.getTok(), request.getArgs()?.toJavaScript() ?? {})));
    done(null, response);
  };
  const supportsFeature: Call = ({ request }, done) => {
    const response = new messages.SupportsFeatureResponse();
    // Output values and references need an engine that keeps more than notes.
    response.setHassupport(["secrets"].includes(request.getId()));
    done(null, response);
  };
  server.addService(monitorService.ResourceMonitorService, {
    registerResource,
    registerResourceOutputs,
    invoke,
    supportsFeature,
    signalAndWaitForShutdown: empty,
  });
  server.addService(engineService.EngineService, {
    log: (({ request }, done) => {
      engine.logs.push(request.getMessage());
      done(null, new Empty());
    }) satisfies Call,
    setRootResource: ((_call, done) => done(null, new engineMessages.SetRootResourceResponse())) satisfies Call,
    getRootResource: ((_call, done) => {
      const response = new engineMessages.GetRootResourceResponse();
      response.setUrn(rootUrn);
      done(null, response);
    }) satisfies Call,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: unknown, bound: number) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { ...engine, address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
