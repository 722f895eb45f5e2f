import { chmod } from "node:fs/promises";
import { ensureCommands, findCommand, MissingCommandsError } from "./packages.ts";
import { run } from "./run.ts";

/** A command and its arguments, ready to spawn. */
export interface CommandLine {
  readonly command: string;
  readonly args: string[];
}

/** Programs found on this machine, or inside a Docker image that has them. */
export interface Tools {
  /** Set when the programs run in a container. */
  readonly image?: string;
  /** The address a server must bind to be reached from tests. */
  readonly bindAddress: string;
  /** How to run one of the programs; `port` is published when it serves, `container` names it. */
  line(tool: string, args: readonly string[], served?: { container: string; port: number }): CommandLine;
}

/** Finds programs on the machine, else installs them, else uses the Docker image; the error says what is missing. */
export async function findTools(wanted: Record<string, string>, image: string, dir: string): Promise<Tools> {
  try {
    const paths = await ensureCommands(wanted);
    return {
      bindAddress: "127.0.0.1",
      line: (tool, args) => ({ command: paths[tool] ?? tool, args: [...args] }),
    };
  } catch (error) {
    const docker = await findCommand("docker");
    if (docker === undefined) throw withHint(error, "Docker is not there either.");
    try {
      await run(docker, ["pull", "--quiet", image], { timeoutMs: 300_000 });
    } catch (dockerError) {
      throw withHint(error, `Docker did not help either: ${(dockerError as Error).message}`);
    }
    await chmod(dir, 0o777);
    return { image, bindAddress: "0.0.0.0", line: (tool, args, served) => dockerLine(docker, tool, args, served) };
  }

  function dockerLine(
    docker: string,
    tool: string,
    args: readonly string[],
    served?: { container: string; port: number },
  ) {
    const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const common = ["run", "--rm", "--user", user, "--volume", `${dir}:${dir}`, "--workdir", dir, "--entrypoint", tool];
    if (served === undefined) return { command: docker, args: [...common, image, ...args] };
    const publish = ["--name", served.container, "--publish", `127.0.0.1:${served.port}:${served.port}`];
    return { command: docker, args: [...common, ...publish, image, ...args] };
  }
}

function withHint(error: unknown, hint: string): Error {
  if (error instanceof MissingCommandsError) return new MissingCommandsError(error.missing, `${hint} ${error.message}`);
  return new Error(`${error instanceof Error ? error.message : error} ${hint}`, { cause: error });
}
